"""Semantic Scholar and GitHub failing, and coming back."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import pytest

from tests.bot.processes import wait_until
from tests.end_to_end.papers import CLEAN, WITHOUT_YEAR, appended, topped

if TYPE_CHECKING:
    from tests.end_to_end.place import Place

SCHOLAR = "/semantic-scholar"
_numbers = count(1)


def _cited(place: Place) -> str:
    """Return the line of a paper that only Semantic Scholar can tell to be cited often enough."""
    arxiv_id = f"1503.{next(_numbers):05}"
    title = f"A well cited paper {arxiv_id}"
    place.sandbox.scholar.add_arxiv(arxiv_id, title, year=2015, citations=4321)
    return f"- **{title}** (2015), A. Author et al. [[pdf]](https://arxiv.org/pdf/{arxiv_id})\n"


def test_a_source_that_is_down_holds_the_merge_until_it_is_back(place: Place) -> None:
    """While it is down the verdict is open, nobody is blamed; then the bot settles it by itself."""
    place.create()
    outage = place.sandbox.faults.add("POST", SCHOLAR, status=503, times=None)
    pull = place.open(topped(_cited(place)))
    place.concluded(pull, "action_required")
    wait_until(lambda: bool(place.comments(pull)))
    first = place.comment(pull)
    assert "There is nothing for you to do" in first.body
    assert "citations/unanswered" in first.body
    assert "0 citations" not in first.body
    place.sandbox.faults.remove(outage)
    place.concluded(pull, "success")
    wait_until(lambda: "All good now" in place.comment(pull).body)
    assert place.comment(pull).id == first.id


def test_looking_again_in_vain_writes_nothing(place: Place) -> None:
    """As long as the source is down, check and comment stay as they are."""
    place.create()
    place.sandbox.faults.add("POST", SCHOLAR, status=429, headers={"Retry-After": "0"}, times=None)
    pull = place.open(topped(_cited(place)))
    wait_until(lambda: len(place.validations(pull)) >= 1)
    before, looks = place.writes(), len(place.validations(pull))
    wait_until(lambda: len(place.validations(pull)) >= looks + 2)
    assert place.writes() == before
    assert [item.method for item in before] == ["POST", "POST"]


def test_a_source_that_hangs_keeps_nobody_else_waiting(place: Place) -> None:
    """While one look-up hangs, another pull request is judged; the first ends when its answer comes."""
    place.create()
    with place.sandbox.hold(SCHOLAR) as gate:
        held = place.open(topped(_cited(place)))
        assert gate.waiting.wait(30)
        place.concluded(place.open(appended(CLEAN)), "success", timeout=10)
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
    wait_until(lambda: bool(place.validations(pull)))
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
