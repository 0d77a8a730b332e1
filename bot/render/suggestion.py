"""Corrections as suggestions on lines of a pull request, which its author commits by a click.

https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/reviewing-changes-in-pull-requests/commenting-on-a-pull-request#adding-line-comments-to-a-pull-request
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.render.escape import fenced, inline
from bot.render.wording import counted, worst_first
from rules.editing.edits import Edit, corrections

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rules.report.report import Report

MAX_REASONS = 3
REASON_LIMIT = 300
COMMENT_BYTES = 60_000


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A comment on lines ``line`` to ``end_line`` of head. ``digest`` is of what it changes, not of where."""

    line: int
    end_line: int
    body: str
    digest: str


def suggestions(report: Report, lines: Sequence[str]) -> tuple[Suggestion, ...]:
    """Return the corrections of a report as suggestions; ``lines`` are those of the list at head."""
    made = (_suggestion(report, edit, lines) for edit in corrections(report))
    return tuple(item for item in made if len(item.body.encode()) <= COMMENT_BYTES)


def review_body(number: int) -> str:
    """Return what a review with this number of suggestions says itself."""
    return f"{counted(number, 'correction', 'corrections')} to commit by a click, or all at once with `/fix`."


def _suggestion(report: Report, edit: Edit, lines: Sequence[str]) -> Suggestion:
    found = [
        finding
        for finding in worst_first(report.introduced)
        if finding.fix and (finding.fix.line, finding.fix.end_line, finding.fix.text) == _key(edit)
    ]
    reasons = [inline(finding.message, REASON_LIMIT) for finding in found]
    more = [f"and {len(reasons) - MAX_REASONS} more"] if len(reasons) > MAX_REASONS else []
    said = "<br>".join(reasons[:MAX_REASONS] + more)
    block = "```suggestion\n```" if edit.text is None else fenced(edit.text, "suggestion")
    return Suggestion(edit.line, edit.end_line, f"{said}\n\n{block}", _digest(edit, lines))


def _key(edit: Edit) -> tuple[int, int, str | None]:
    return edit.line, edit.end_line, edit.text


def _digest(edit: Edit, lines: Sequence[str]) -> str:
    before = "\n".join(lines[edit.line - 1 : edit.end_line])
    return hashlib.sha256(f"{before}\0{edit.text}".encode()).hexdigest()[:16]
