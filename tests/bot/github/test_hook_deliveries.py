"""Failed deliveries are asked for again, within bounds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.github.app import App
from bot.github.hook_deliveries import MAX_ATTEMPTS, Attempt, redeliver_failed, to_repeat
from tests.bot.github.conftest import LIST
from tests.sandbox import Pull, Sandbox

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
WAIT = timedelta(minutes=1)


def attempt(number: int, guid: str, minutes_ago: float, status: int = 502) -> Attempt:
    return Attempt(
        id=number, guid=guid, delivered_at=NOW - timedelta(minutes=minutes_ago), status_code=status
    )


def test_only_failed_deliveries_are_redelivered() -> None:
    """The latest attempt of each is used, oldest first; one success is enough."""
    attempts = [
        attempt(5, "healed", 3, 202),
        attempt(4, "lost", 4),
        attempt(3, "lost", 9),
        attempt(2, "healed", 10),
        attempt(1, "older", 11, 0),
    ]
    assert to_repeat(attempts, NOW, WAIT) == [1, 4]


def test_wait_doubles_after_each_attempt() -> None:
    """After two failures it waits two minutes; after too many failures it gives up."""
    assert to_repeat([attempt(1, "a", 0.5)], NOW, WAIT) == []
    assert to_repeat([attempt(1, "a", 1)], NOW, WAIT) == [1]
    assert to_repeat([attempt(2, "a", 1), attempt(1, "a", 3)], NOW, WAIT) == []
    assert to_repeat([attempt(2, "a", 2), attempt(1, "a", 4)], NOW, WAIT) == [2]
    often = [attempt(number, "a", 100) for number in range(MAX_ATTEMPTS)]
    assert to_repeat(often, NOW, WAIT) == []


def test_redelivery_keeps_the_guid(sandbox: Sandbox, app: App, pull: Pull) -> None:
    """Works across pages of deliveries; once it arrived, nothing is requested again."""
    sandbox.webhooks.url = "http://127.0.0.1:9/webhook"
    sandbox.edit_pull(pull, title="Lost")
    later = datetime.now(UTC) + timedelta(hours=1)
    with app.as_app() as requester:
        assert redeliver_failed(requester, later, timedelta(0)) == 1
        sandbox.webhooks.settle()
    lost, again = sandbox.webhooks.deliveries
    assert (again.guid, again.redelivery) == (lost.guid, True)


def test_deliveries_are_read_page_by_page(sandbox: Sandbox, app: App, pull: Pull) -> None:
    """The 101st newest delivery is on the second page."""
    sandbox.webhooks.url = "http://127.0.0.1:9/webhook"
    for number in range(101):
        sandbox.edit_pull(pull, title=f"Lost {number}")
    later = datetime.now(UTC) + timedelta(hours=1)
    with app.as_app() as requester:
        assert redeliver_failed(requester, later, timedelta(0)) == 50
    assert len(sandbox.log.find("GET", "/app/hook/deliveries")) == 2
    assert sandbox.head(LIST)


def test_refused_redelivery_does_not_stop_the_others(sandbox: Sandbox, app: App, pull: Pull) -> None:
    """A delivery may just have become too old."""
    sandbox.webhooks.url = "http://127.0.0.1:9/webhook"
    for number in range(2):
        sandbox.edit_pull(pull, title=f"Lost {number}")
    sandbox.faults.add("POST", "/app/hook/deliveries/1/attempts", status=422, body="{}")
    later = datetime.now(UTC) + timedelta(hours=1)
    with app.as_app() as requester:
        assert redeliver_failed(requester, later, timedelta(0)) == 1
