"""The one comment Papergate keeps on a pull request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.render.escape import inline
from bot.render.page import Judged, Page, size_of
from bot.render.removals_marker import MARK_BYTES, mark
from bot.render.sections import body, decisions
from bot.render.wording import SYMBOL, counted, headline, next_step, size
from rules.report.report import Verdict

if TYPE_CHECKING:
    from rules.report.report import Report

MARKER = "<!-- papergate:report v1 -->"
BUDGET = 60_000
"""Bytes; GitHub refuses a comment of more than 65,536 characters."""

_PAGES = {
    "Semantic Scholar": "https://www.semanticscholar.org",
    "OpenAlex": "https://openalex.org",
    "Crossref": "https://www.crossref.org",
    "arXiv": "https://arxiv.org",
}


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment to keep on a pull request.

    ``speaks`` is true when there is something to say: only then is a first comment posted. An earlier comment
    is edited in either case.
    """

    body: str
    speaks: bool


def comment(report: Report, judged: Judged) -> Comment:
    """Return the comment about ``report``: the same report and commits give the same text."""
    body = f"{MARKER}\n{markdown(report, judged)}\n\n{mark(report)}\n"
    return Comment(body, speaks=bool(report.introduced))


def markdown(report: Report, judged: Judged | None = None) -> str:
    """Return the report in GitHub's Markdown, at most ``BUDGET`` bytes with the marker."""
    end = _footer(report, judged)
    if report.verdict is Verdict.PASS and not report.introduced:
        start = _joined(f"### {SYMBOL[report.verdict]} All good now", "Nothing holds the merge. Thank you!")
        return _joined(start, decisions(Page(report, judged), BUDGET // 2), end)
    start = _joined(
        f"### {SYMBOL[report.verdict]} {headline(report)}",
        f"{_greeting(report)} {next_step(report)}".strip(),
        size(report),
    )
    room = BUDGET - size_of(MARKER) - MARK_BYTES - size_of(start) - size_of(end) - 8
    return _joined(start, body(Page(report, judged), room), end)


def credit(report: Report) -> str:
    """Return the credit due to the services whose records were used; empty when none were."""
    named = [
        f"[{source}]({_PAGES[source]})" if source in _PAGES else inline(source) for source in report.sources
    ]
    return f"Papers looked up at {', '.join(named)}." if named else ""


def _greeting(report: Report) -> str:
    return "Thank you for contributing!" if report.verdict is not Verdict.PASS else ""


def _footer(report: Report, judged: Judged | None) -> str:
    said = []
    if judged:
        said.append(f"Judged {judged.commit(judged.head_sha)} against {judged.commit(judged.base_sha)}.")
        said.append("Comment `/recheck` to have it judged again.")
    if judged and report.preexisting:
        number = counted(len(report.preexisting), "older fault", "older faults")
        said.append(f"{number} of the list, not part of this change, in the check's details.")
    said.append(credit(report))
    line = " ".join(part for part in said if part)
    return f"<sub>{line}</sub>" if line else ""


def _joined(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)
