"""Corrections as suggestions on lines of a pull request, which its author commits by a click.

https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/reviewing-changes-in-pull-requests/commenting-on-a-pull-request#adding-line-comments-to-a-pull-request
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.render.digest import digest
from bot.render.escape import fenced, prose
from bot.render.page import size_of
from bot.render.wording import worst_first
from rules.editing.edits import Edit, corrections

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rules.report.report import Report

MAX_REASONS = 3
REASON_LIMIT = 300
COMMENT_BYTES = 60_000
"""GitHub refuses a comment of more than 65,536 characters."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A comment on lines ``line`` to ``end_line`` of head. ``digest`` is of what it changes, not of where."""

    line: int
    end_line: int
    body: str
    digest: str


def suggestions(report: Report, lines: Sequence[str]) -> tuple[Suggestion, ...]:
    """Return the corrections of a report as suggestions; ``lines`` are those of the list at head."""
    reasons: defaultdict[Edit, list[str]] = defaultdict(list)
    for finding in worst_first(report.introduced):
        if finding.fix:
            edit = Edit(finding.fix.line, finding.fix.end_line, finding.fix.text)
            reasons[edit].append(finding.message)
    made = (_suggestion(edit, reasons[edit], lines) for edit in corrections(report))
    return tuple(item for item in made if size_of(item.body) <= COMMENT_BYTES)


def review_body(number: int) -> str:
    """Return what a review with this number of suggestions says itself."""
    if number == 1:
        return "1 correction: *Commit suggestion* applies it."
    click = "on *Files changed*, *Add suggestion to batch* on each, then *Commit suggestions*"
    return f"{number:,} corrections: {click}."


def _suggestion(edit: Edit, reasons: Sequence[str], lines: Sequence[str]) -> Suggestion:
    shown = [prose(reason, REASON_LIMIT) for reason in reasons[:MAX_REASONS]]
    left = len(reasons) - len(shown)
    said = "<br>".join([*shown, *([f"and {left:,} more"] if left else [])])
    block = "```suggestion\n```" if edit.text is None else fenced(edit.text, "suggestion")
    before = lines[edit.line - 1 : edit.end_line]
    return Suggestion(edit.line, edit.end_line, f"{said}\n\n{block}", digest([before, edit.text]))
