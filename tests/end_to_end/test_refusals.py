"""What GitHub refuses: a lag is waited for, what stays refused is shown, and nothing is silent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.bot.processes import wait_until
from tests.end_to_end.papers import WITHOUT_YEAR, appended

if TYPE_CHECKING:
    from tests.end_to_end.place import Place

FULL_LAG = 90.0
"""Seconds until a check says that a refusal lasts, on a busy machine."""


@pytest.mark.parametrize("status", [401, 403, 404, 422])
@pytest.mark.parametrize("path", ["/pulls/1$", "/compare/", "/check-runs$"])
def test_a_refusal_of_a_moment_changes_nothing(place: Place, path: str, status: int) -> None:
    """GitHub's answers lag behind its events."""
    place.create()
    method = "POST" if path == "/check-runs$" else "GET"
    place.sandbox.faults.add(
        method, f"/repos/{place.name}{path}" if path != "/compare/" else path, status=status
    )
    pull = place.open(appended(WITHOUT_YEAR))
    place.concluded(pull, "failure")
    wait_until(lambda: len(place.comments(pull)) == 1)


def test_a_refused_comment_is_written_later(place: Place) -> None:
    """The check is there at once."""
    place.create()
    place.sandbox.faults.add("POST", f"/repos/{place.name}/issues/1/comments$", status=403, times=2)
    pull = place.open(appended(WITHOUT_YEAR))
    place.concluded(pull, "failure")
    wait_until(lambda: len(place.comments(pull)) == 1)


def test_a_lasting_refusal_is_shown_by_a_held_check(place: Place) -> None:
    """On the head of the event, with GitHub's answer; once it is over, the check says what is true."""
    place.create()
    path = f"/repos/{place.name}/pulls/1$"
    place.sandbox.faults.add("GET", path, status=404, times=None)
    pull = place.open(appended(WITHOUT_YEAR))
    held = place.concluded(pull, "action_required", timeout=FULL_LAG)
    assert held.output.title == "Papergate cannot check this yet"
    assert "404" in str(held.output.summary)
    place.sandbox.faults.clear()
    place.sandbox.comment(pull, "/recheck", by=place.owner)
    place.concluded(pull, "failure", timeout=FULL_LAG)
