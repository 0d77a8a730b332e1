"""Deliveries: listed by the App, filtered by outcome, sent again under the same number."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.sandbox import Sandbox
from tests.sandbox.conftest import LIST
from tests.sandbox.test_access import Clock, app_token, ask

if TYPE_CHECKING:
    from tests.sandbox.receiver import Receiver

HOOK = "/app/hook/deliveries"


def listed(sandbox: Sandbox, query: str = "") -> Any:
    answer = ask(sandbox, HOOK + query, app_token(sandbox))
    assert answer.status_code == 200
    return answer.json()


def test_a_delivery_is_kept_with_request_and_answer(sandbox: Sandbox, receiver: Receiver) -> None:
    """Its number, event, repository, installation, headers and bytes, and what the receiver said."""
    pull = sandbox.open_pull(LIST, {"docs/a.md": "a\n"}, author="ann")
    (item,) = listed(sandbox)
    assert (item["event"], item["action"], item["status"], item["status_code"]) == (
        "pull_request",
        "opened",
        "OK",
        202,
    )
    assert item["guid"] == receiver.received[0].headers["x-github-delivery"]
    assert item["repository_id"] == sandbox.state.repositories[LIST].id
    assert item["installation_id"] == next(iter(sandbox.state.installations))
    whole = ask(sandbox, f"{HOOK}/{item['id']}", app_token(sandbox)).json()
    assert whole["request"]["headers"]["X-GitHub-Delivery"] == item["guid"]
    assert whole["request"]["payload"]["number"] == pull.number
    assert (whole["url"], whole["response"]["payload"]) == (receiver.url, "")


def test_a_failed_delivery_is_found_and_sent_again(sandbox: Sandbox, receiver: Receiver) -> None:
    """Refused and unanswered ones are failures; a redelivery keeps the number and the bytes."""
    receiver.status = 500
    sandbox.open_pull(LIST, {"docs/a.md": "a\n"}, author="ann")
    receiver.status = 202
    sandbox.open_pull(LIST, {"docs/b.md": "b\n"}, author="bob")
    (failed,) = listed(sandbox, "?status=failure")
    assert (failed["status"], failed["status_code"]) == ("Invalid HTTP Response: 500", 500)
    answer = ask(sandbox, f"{HOOK}/{failed['id']}/attempts", app_token(sandbox), "POST")
    assert (answer.status_code, answer.json()) == (202, {})
    sandbox.webhooks.settle()
    assert receiver.received[0].body == receiver.received[2].body
    newest = listed(sandbox, "?status=success")[0]
    assert (newest["guid"], newest["redelivery"]) == (failed["guid"], True)
    assert newest["id"] != failed["id"]


def test_nobody_there_is_a_failure(sandbox: Sandbox, receiver: Receiver) -> None:
    """The status says that no connection was made, and there is no answer."""
    receiver.close()
    sandbox.open_pull(LIST, {"docs/a.md": "a\n"})
    (failed,) = listed(sandbox, "?status=failure")
    assert (failed["status"], failed["status_code"]) == ("failed to connect", 502)
    whole = ask(sandbox, f"{HOOK}/{failed['id']}", app_token(sandbox)).json()
    assert whole["response"] == {"headers": None, "payload": None}


@pytest.mark.usefixtures("receiver")
def test_deliveries_are_paged_by_cursor(sandbox: Sandbox) -> None:
    """Newest first; the Link header leads on and keeps the filter."""
    for number in range(5):
        sandbox.open_pull(LIST, {f"docs/{number}.md": "x\n"}, author="ann")
    url, seen = f"{sandbox.url}{HOOK}?per_page=2&status=success", []
    while url:
        answer = ask(sandbox, url.removeprefix(sandbox.url), app_token(sandbox))
        seen += [item["id"] for item in answer.json()]
        url = answer.links.get("next", {}).get("url", "")
    assert seen == [5, 4, 3, 2, 1]
    assert ask(sandbox, f"{HOOK}?cursor=what", app_token(sandbox)).status_code == 422


def test_a_delivery_is_kept_for_three_days(receiver: Receiver) -> None:
    """After that it can neither be seen nor sent again."""
    clock = Clock()
    with Sandbox(clock=clock, webhook_url=receiver.url) as sandbox:
        sandbox.create_repository(LIST, {"README.md": "x"})
        (item,) = listed(sandbox)
        clock.now += timedelta(days=3, seconds=1)
        assert listed(sandbox) == []
        assert ask(sandbox, f"{HOOK}/{item['id']}/attempts", app_token(sandbox), "POST").status_code == 404


def test_an_installation_cannot_see_deliveries(sandbox: Sandbox) -> None:
    """They are the App's own."""
    assert ask(sandbox, HOOK, sandbox.installation_token(LIST)).status_code == 401
