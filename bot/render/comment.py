"""The one comment Papergate keeps on a pull request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.render.advice import intro
from bot.render.doc_links import COMMANDS, RULES
from bot.render.escape import inline
from bot.render.page import Judged, Page, joined, size_of
from bot.render.removals_marker import MARK_BYTES, mark
from bot.render.sections import body, decisions, matters
from bot.render.wording import changed, headline, is_unreadable, step
from rules.report.findings import Severity
from rules.report.report import Verdict
from rules.sentences import counted

if TYPE_CHECKING:
    from bot.render.audience import Audience
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


def comment(report: Report, judged: Judged, audience: Audience) -> Comment:
    """Return the comment about ``report``: the same arguments give the same text."""
    text = markdown(report, judged, audience)
    return Comment(f"{MARKER}\n{text}\n\n{mark(report)}\n", speaks=_speaks(report, audience))


def markdown(report: Report, judged: Judged | None = None, audience: Audience | None = None) -> str:
    """Return the report in GitHub's Markdown, at most ``BUDGET`` bytes with the markers.

    Without an audience no command is named; without commits nothing is linked.
    """
    page = Page(report, judged, audience)
    end = _footer(page)
    thanks = audience.thanks if audience else ""
    if report.verdict is Verdict.PASS and not report.introduced:
        start = joined("### All good now", f"{thanks} Nothing holds the merge.".strip())
        return joined(start, decisions(page, BUDGET // 2), end)
    start = joined(f"### {headline(report)}", f"{thanks} {intro(page)}".strip())
    room = BUDGET - size_of(MARKER) - MARK_BYTES - size_of(start) - size_of(end) - 8
    return joined(start, body(page, room), end)


def credit(report: Report) -> str:
    """Return the credit due to the services whose records were used; empty when none were."""
    named = [
        f"[{source}]({_PAGES[source]})" if source in _PAGES else inline(source) for source in report.sources
    ]
    return f"papers looked up at {', '.join(named)}" if named else ""


def _speaks(report: Report, audience: Audience) -> bool:
    """Return whether there is something to say that is not said already.

    A suggestion is visible by itself, and one link that could not be reached is no reason to write.
    """
    introduced = report.introduced
    if not all(finding.severity is Severity.WARNING for finding in introduced):
        return True
    fixes = {finding.fix for finding in introduced}
    suggested = audience.suggests and len(fixes) == 1 and None not in fixes
    unreachable = len(introduced) == 1 and introduced[0].code == "unreachable"
    return bool(introduced) and not suggested and not unreachable


def _footer(page: Page) -> str:
    report = page.report
    said: list[str] = []
    found = matters(page)
    if any(finding.severity is Severity.ERROR for finding in (*found.suggested, *found.by_hand)):
        said.append("❌ holds the merge")
    said += changed(report.changes)
    entries, top = report.entries, report.top_count
    if entries.head is not None:
        said.append(f"list {step(entries.base, entries.head)}")
    if top.head is not None and top.cap is not None:
        said.append(f"top sections {step(top.base, top.head)} of {top.cap:,}")
    if page.judged and report.preexisting:
        number = counted(len(report.preexisting), "existing problem", "existing problems")
        said.append(f"{number}, not part of this change, listed in the check")
    if page.judged:
        said.append(f"judged {page.judged.commit(page.judged.head_sha)}")
    said += [credit(report), _commands(page)]
    line = " · ".join(part for part in said if part)
    return f"<sub>{line}</sub>" if line else ""


def _commands(page: Page) -> str:
    """Return links to the pages, and the names of the commands that are of use now."""
    if page.audience is None:
        return ""
    links = f"[rules]({RULES}) · [commands]({COMMANDS})"
    named = page.audience.named(_useful(page))
    return f"{links}: {named}" if named else links


def _useful(page: Page) -> list[str]:
    report, names = page.report, ["recheck"]
    severities = {finding.severity for finding in report.introduced}
    if Severity.DECISION in severities:
        names.append("accept")
    unread = any(is_unreadable(finding) for finding in report.introduced)
    if severities & {Severity.ERROR, Severity.UNVERIFIED} and not unread:
        names.append("waive")
    if page.audience and page.audience.commits and any(finding.fix for finding in report.introduced):
        names.append("fix")
    if report.removals:
        names.append("remove")
    if any(finding.rule == "placement" for finding in report.introduced):
        names.append("move")
    return names
