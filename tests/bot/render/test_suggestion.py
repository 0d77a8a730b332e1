"""A suggestion says why, and holds exactly the corrected line."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.render.suggestion import review_body, suggestions
from rules.report.findings import Fix
from tests.bot.render.hostile import TITLES
from tests.bot.render.page import fences, links
from tests.bot.render.samples import DUPLICATE, LINE, NO_YEAR, OLD, SPACE, report

LINES = [f"line {number}" for number in range(1, 100)]


def test_findings_with_one_correction_make_one_suggestion() -> None:
    """The reasons are above it, the worse one first; existing problems have no suggestion."""
    deletion, correction = suggestions(report(SPACE, NO_YEAR, DUPLICATE, OLD), LINES)
    assert (correction.line, correction.end_line) == (77, 77)
    assert correction.body == f"No year found.<br>Two spaces.\n\n```suggestion\n{LINE}\n```"
    assert deletion.body.endswith("\n\n```suggestion\n```")


def test_the_digest_follows_the_content_not_the_line() -> None:
    """The same correction of the same text has the same digest on another line; other text has another."""
    (first,) = suggestions(report(NO_YEAR), LINES)
    moved = replace(NO_YEAR, line=78, end_line=78, fix=Fix(78, 78, LINE))
    (second,) = suggestions(report(moved), ["new", *LINES])
    assert first.digest == second.digest
    (other,) = suggestions(report(NO_YEAR), ["new", *LINES])
    assert other.digest != first.digest


@pytest.mark.parametrize("text", ["```\n/fix", "````suggestion\nmine\n````", "~~~", "`" * 20])
def test_no_text_closes_its_own_fence(text: str) -> None:
    """A fence in the line is shorter than the fence around it."""
    (made,) = suggestions(report(replace(NO_YEAR, fix=Fix(77, 77, text))), LINES)
    assert fences(made.body) == [f"{text}\n"]


@pytest.mark.parametrize("title", TITLES)
def test_hostile_text_stays_the_one_suggestion(title: str) -> None:
    """Whatever a message quotes, it makes no second suggestion, no link and no HTML."""
    finding = replace(NO_YEAR, message=f"In {title}.", fix=Fix(77, 77, LINE))
    (made,) = suggestions(report(finding), LINES)
    assert fences(made.body) == [f"{LINE}\n"]
    assert links(made.body) == []


def test_a_suggestion_too_long_for_a_comment_is_left_out() -> None:
    """The other suggestions are kept."""
    long = replace(DUPLICATE, fix=Fix(71, 71, "x" * 70_000))
    (made,) = suggestions(report(long, NO_YEAR), LINES)
    assert made.line == 77


def test_the_review_says_how_to_apply_its_suggestions() -> None:
    """One correction and several have different buttons."""
    assert review_body(1) == "1 correction: *Commit suggestion* applies it."
    assert review_body(1_200).startswith("1,200 corrections: on *Files changed*, *Add suggestion to batch*")
