"""Bibliographic sources and GitHub failing, and coming back."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import pytest

from tests.bot.processes import wait_until
from tests.end_to_end.papers import WITHOUT_LINK, WITHOUT_YEAR, appended, topped
from tests.end_to_end.place import EVERY_SOURCE, SECONDS

if TYPE_CHECKING:
    from tests.end_to_end.place import Place

SCHOLAR = "/semantic-scholar"
WELL = 4321
BARELY = 220
"""Enough for 2015 by Semantic Scholar's count, too few by that of OpenAlex, which counts a fifth less."""
_numbers = count(1)


def _cited(place: Place, citations: int = WELL) -> str:
    """Return the line of a paper that is cited so often, and that nobody has looked up yet."""
    return place.cited(f"1503.{next(_numbers):05}", citations)


def test_the_check_comes_right_by_itself_once_the_sources_are_back(place: Place) -> None:
    """Held as unverified through several looks, then green: one comment, edited, and nobody had to ask."""
    place.create()
    down = place.sandbox.faults.add("*", EVERY_SOURCE, status=503, times=None)
    pull = place.open(topped(_cited(place)))
    wait_until(lambda: len(place.validations(pull)) >= 2, SECONDS)
    assert {look["verdict"] for look in place.validations(pull)} == {"unverified"}
    assert place.check(pull).conclusion == "action_required"
    before = place.comment(pull)
    assert "citations/unanswered" in before.body
    assert "There is nothing for you to do" in before.body
    assert "0 citations" not in before.body
    delivered = len(place.sandbox.webhooks.deliveries)

    place.sandbox.faults.remove(down)
    place.concluded(pull, "success")
    wait_until(lambda: "All good now" in place.comment(pull).body, SECONDS)
    assert place.comment(pull).id == before.id
    events = [delivery.event for delivery in place.sandbox.webhooks.deliveries[delivered:]]
    assert not {"pull_request", "push"} & set(events)
    wait_until(lambda: place.validations(pull)[-1]["verdict"] == "pass", SECONDS)


def test_another_source_answers_for_one_that_is_down(place: Place) -> None:
    """What the others count is enough by itself: nobody waits, nobody is told."""
    place.create()
    place.sandbox.faults.add("*", SCHOLAR, status=503, times=None)
    pull = place.open(topped(_cited(place)))
    place.concluded(pull, "success")
    place.wait_for_looks(pull, 1)
    assert place.comments(pull) == []


def test_a_source_that_counts_the_most_holds_the_merge_until_it_is_back(place: Place) -> None:
    """The lower counts of the others blame nobody while it is down; then the bot settles it by itself."""
    place.create()
    down = place.sandbox.faults.add("*", SCHOLAR, status=503, times=None)
    pull = place.open(topped(_cited(place, BARELY)))
    place.concluded(pull, "action_required")
    wait_until(lambda: bool(place.comments(pull)), SECONDS)
    assert "citations/unanswered" in place.comment(pull).body
    assert "What others count is below the 200" in place.comment(pull).body
    place.sandbox.faults.remove(down)
    place.concluded(pull, "success")
    wait_until(lambda: "All good now" in place.comment(pull).body, SECONDS)


def test_looking_again_in_vain_writes_nothing(place: Place) -> None:
    """As long as the sources are out of reach, check and comment stay as they are."""
    place.create()
    place.sandbox.faults.add("*", EVERY_SOURCE, status=429, headers={"Retry-After": "0"}, times=None)
    pull = place.open(topped(_cited(place)))
    wait_until(lambda: len(place.validations(pull)) >= 1, SECONDS)
    before, looks = place.writes(), len(place.validations(pull))
    wait_until(lambda: len(place.validations(pull)) >= looks + 2, SECONDS)
    assert place.writes() == before
    assert [item.method for item in before] == ["POST", "POST"]


def test_what_stays_unanswered_is_for_a_maintainer_to_decide(place: Place) -> None:
    """After a time a person may settle it; should the sources be back before that, the bot still does."""
    place.create()
    refusal = place.sandbox.faults.add("*", EVERY_SOURCE, status=403, times=None)
    pull = place.open(topped(_cited(place)))
    wait_until(lambda: [look["verdict"] for look in place.validations(pull)][-1:] == ["decision"], SECONDS)
    assert place.validations(pull)[0]["verdict"] == "unverified"
    assert place.check(pull).conclusion == "action_required"
    assert "citations/unanswered" in place.comment(pull).body
    place.sandbox.faults.remove(refusal)
    place.concluded(pull, "success")


def test_a_source_that_hangs_keeps_nobody_else_waiting(place: Place) -> None:
    """While one look-up hangs, another pull request is judged; the first ends when its answer comes."""
    place.create()
    with place.sandbox.hold(SCHOLAR) as gate:
        held = place.open(topped(_cited(place)))
        assert gate.waiting.wait(30)
        # This entry names no paper that anybody could be asked about.
        place.concluded(place.open(appended(WITHOUT_LINK)), "failure", timeout=10)
        assert place.sandbox.check_runs(place.name, held.head_sha) == []
    place.concluded(held, "success")
    assert place.comments(held) == []


@pytest.mark.parametrize("failure", ["down", "dropped", "limited"])
@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/compare/"), ("POST", "/check-runs"), ("POST", "/comments")]
)
def test_github_failing_is_made_up_for(place: Place, method: str, path: str, failure: str) -> None:
    """Whichever request fails, in whichever way, the pull request ends with its check and one comment."""
    place.create()
    path = f"^/repos/{place.name}.*{path}"
    times = 4 if method == "GET" else 1  # a read is tried three times before the whole look is postponed
    if failure == "down":
        place.sandbox.faults.add(method, path, status=502, body="{}", times=times)
    elif failure == "dropped":
        place.sandbox.faults.add(method, path, drop=True, times=times)
    else:
        body = '{"message": "You have exceeded a secondary rate limit."}'
        place.sandbox.faults.add(method, path, status=403, headers={"Retry-After": "1"}, body=body)
    pull = place.open(appended(WITHOUT_YEAR))
    place.concluded(pull, "failure")
    wait_until(lambda: bool(place.comments(pull)))
    assert "format/missing-year" in place.comment(pull).body


@pytest.mark.parametrize("path", ["/check-runs", "/comments"])
def test_a_lost_answer_doubles_nothing(place: Place, path: str) -> None:
    """A write that took effect while its answer was lost is found again, not repeated."""
    place.create()
    place.sandbox.faults.add("POST", f"^/repos/{place.name}.*{path}", drop=True, after=True)
    pull = place.open(appended(WITHOUT_YEAR))
    wait_until(lambda: bool(place.validations(pull)))
    assert place.check(pull).conclusion == "failure"
    assert "format/missing-year" in place.comment(pull).body
    assert len(place.sandbox.check_runs(place.name, pull.head_sha)) == 1


def test_a_token_that_github_forgot_is_replaced(place: Place) -> None:
    """A token may be revoked at any time; the bot asks for another and goes on."""
    place.create()
    place.wait_for_looks(place.open(appended(WITHOUT_YEAR)), 1)
    with place.sandbox.state.lock:
        place.sandbox.state.tokens.clear()
    pull = place.open(appended(WITHOUT_YEAR), title="Another")
    place.wait_for_looks(pull, 1)
    assert place.check(pull).conclusion == "failure"
