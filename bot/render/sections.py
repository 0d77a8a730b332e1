"""The parts of a evaluation in Markdown, each within a number of bytes: what comment and check run share."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from bot.render.escape import fenced, inline
from bot.render.page import TITLE_LIMIT, bounded, size_of
from bot.render.removals import appendix, removals
from bot.render.wording import LABEL, counted, worst_first
from rules.report.findings import DecisionKind, Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.render.page import Page
    from rules.report.findings import Decision, Finding, Fix

MESSAGE_LIMIT = 600
MAX_ROWS = 50
MAX_FIXES = 30
MAX_STANDING = 20
OPEN_FIXES = 5


def body(page: Page, limit: int, *, with_preexisting: bool = False) -> str:
    """Return the sections within ``limit`` bytes; what one does not need, the next may use.

    The faults that stood before are listed only on request: a comment speaks of the change alone.
    """
    allowance, parts = 0, []
    for build, share in (*_SECTIONS, *([(preexisting, 6)] if with_preexisting else [])):
        allowance += limit * share // 100
        part = build(page, allowance)
        if part:
            parts.append(part)
            allowance -= size_of(part) + 2
    return "\n\n".join(parts)


def findings(page: Page, limit: int) -> str:
    """Return the table of introduced findings, worst first; those of one entry share a row."""
    grouped: dict[tuple[int | None, int | None, str | None], list[Finding]] = defaultdict(list)
    for finding in worst_first(page.report.introduced):
        grouped[finding.line, finding.end_line, finding.title].append(finding)
    rows = [_row(page, group) for group in grouped.values()]
    return bounded(
        "| Line | What | Severity |\n|---:|:---|:---|",
        rows,
        lambda number: f"| | and {counted(number, 'more row', 'more rows')} | |",
        limit,
        at_most=MAX_ROWS,
    )


def fixes(page: Page, limit: int) -> str:
    """Return the corrected lines of introduced findings in fences, each once."""
    offered = {finding.fix: None for finding in worst_first(page.report.introduced) if finding.fix}
    ordered = sorted(offered, key=lambda fix: (fix.line, fix.end_line))
    rows = [_fix(page, fix) for fix in ordered]
    head, tail = "**Corrected lines**, ready to paste:", ""
    if len(rows) > OPEN_FIXES:
        number = counted(len(rows), "corrected line", "corrected lines")
        head, tail = f"<details><summary>{number}, ready to paste</summary>", "</details>"
    return bounded(
        head,
        rows,
        "and {:,} more".format,
        limit,
        at_most=MAX_FIXES,
        tail=tail,
        gap="\n\n",
    )


def pastes(page: Page, limit: int) -> str:
    """Return the entries to add to the companion file in fences, collapsed."""
    rows = [
        f"{inline(finding.title or '', TITLE_LIMIT)}:\n{fenced(finding.paste, 'bibtex')}"
        for finding in page.report.introduced
        if finding.paste
    ]
    number = counted(len(rows), "entry", "entries")
    return bounded(
        f"<details><summary>{number} for the BibTeX file, ready to paste</summary>",
        rows,
        "and {:,} more".format,
        limit,
        at_most=MAX_FIXES,
        tail="</details>",
        gap="\n\n",
    )


def decisions(page: Page, limit: int) -> str:
    """Return what maintainers settled, by whom and why, and which of it this change has ended."""
    rows = [_settled(page, finding, finding.settled) for finding in page.report.settled if finding.settled]
    rows += [
        _attested(decision) for decision in page.report.decisions if decision.kind is DecisionKind.ATTEST
    ]
    rows += [
        f"- {decision.kind} {inline(decision.rule)} by {_said(decision)} has ended: what it was about changed"
        for decision in page.report.ended
    ]
    return bounded("**Decisions**\n", rows, "- and {:,} more".format, limit, at_most=MAX_STANDING)


def preexisting(page: Page, limit: int) -> str:
    """Return the faults that stood before, collapsed: nobody has to mend them here."""
    old = worst_first(page.report.preexisting)
    rows = [f"- {_where(page, finding)}{inline(finding.message, MESSAGE_LIMIT)}" for finding in old]
    number = counted(len(old), "older fault", "older faults")
    return bounded(
        f"<details><summary>{number} in the list, not part of this change</summary>\n",
        rows,
        "- and {:,} more".format,
        limit,
        at_most=MAX_STANDING,
        tail="\n</details>",
    )


_SECTIONS = ((findings, 38), (decisions, 6), (fixes, 27), (pastes, 6), (removals, 8), (appendix, 10))


def _said(decision: Decision) -> str:
    return f"[{inline(decision.by)}]({decision.url}) on {decision.made_on.isoformat()}"


def _attested(decision: Decision) -> str:
    title = inline(decision.title or "", TITLE_LIMIT)
    return f"- {title}: {decision.count or 0:,} citations attested by {_said(decision)}"


def _settled(page: Page, finding: Finding, decision: Decision) -> str:
    title = f"{inline(finding.title, TITLE_LIMIT)}: " if finding.title else ""
    verb = "waived" if decision.kind is DecisionKind.WAIVE else "accepted"
    reason = f": {inline(decision.reason, MESSAGE_LIMIT)}" if decision.reason else ""
    return (
        f"- {_where(page, finding)}{title}{finding.rule}/{finding.code} {verb} by {_said(decision)}{reason}"
    )


def _row(page: Page, group: Sequence[Finding]) -> str:
    first = group[0]
    title = f"**{inline(first.title, TITLE_LIMIT)}**<br>" if first.title else ""
    said = "<br>".join(
        f"{'' if finding.severity is first.severity else f'({LABEL[finding.severity]}) '}"
        f"{inline(finding.message, MESSAGE_LIMIT)} <sub>{finding.rule}/{finding.code}</sub>"
        for finding in group
    )
    return f"| {page.line(first.line, first.end_line)} | {title}{said} | {LABEL[first.severity]} |"


def _fix(page: Page, fix: Fix) -> str:
    place = page.lines(fix.line, fix.end_line)
    if fix.text is None:
        return f"{place}: delete {'them' if fix.end_line > fix.line else 'it'}."
    left = [
        f"{finding.rule}/{finding.code}"
        for finding in page.report.introduced
        if finding.line == fix.line and finding.fix is None and finding.severity is Severity.ERROR
    ]
    note = f" (by hand: {', '.join(left)})" if left else ""
    return f"{place}{note}:\n{fenced(fix.text)}"


def _where(page: Page, finding: Finding) -> str:
    return (
        f"{page.lines(finding.line, finding.end_line or finding.line)}: " if finding.line is not None else ""
    )
