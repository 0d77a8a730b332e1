"""The check of a merge group."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.render.check import Annotation, CheckOutput, Conclusion, not_configured
from bot.render.merge_queue import TITLE_CHARACTERS, for_merge_group, waiting

HELD = CheckOutput("action_required", "1 thing to decide", "A maintainer decides.", "details")


@pytest.mark.parametrize("conclusion", ["failure", "action_required"])
def test_what_holds_a_pull_request_fails_in_the_queue(conclusion: Conclusion) -> None:
    """The title says where, the summary what to do; the details are kept."""
    output = for_merge_group(replace(HELD, conclusion=conclusion), unanswered=False)
    assert output.conclusion == "failure"
    assert output.title == "In the merge queue: 1 thing to decide"
    assert "Settle it on the pull request" in output.summary
    assert "A maintainer decides." in output.summary
    assert output.text == "details"


def test_success_is_left_as_it_is() -> None:
    """There is nothing to add."""
    assert for_merge_group(not_configured(), unanswered=False) == not_configured()


def test_nobody_is_blamed_when_a_service_does_not_answer() -> None:
    """The summary says so, and what to do when the service answers again."""
    assert "Nobody is to blame" in for_merge_group(HELD, unanswered=True).summary


def test_a_waiting_group_shows_no_annotation() -> None:
    """Annotations cannot be taken back once the answer is there."""
    noted = replace(HELD, annotations=(Annotation("README.md", 1, 1, "notice", "a", "b"),))
    output = waiting(noted)
    assert output.annotations == ()
    assert output.title == "Waiting: 1 thing to decide"


def test_titles_keep_within_their_limit() -> None:
    """A long title is cut after the words that are put before it."""
    long = replace(HELD, title="x" * TITLE_CHARACTERS)
    assert len(for_merge_group(long, unanswered=False).title) <= TITLE_CHARACTERS
    assert len(waiting(long).title) <= TITLE_CHARACTERS
