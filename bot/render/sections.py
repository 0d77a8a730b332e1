"""The parts of a judgement in Markdown, each within a number of bytes: what comment and check run share."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from bot.render.escape import code, fenced, inline
from bot.render.wording import LABEL, counted, worst_first
from rules.findings import Kind, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rules.findings import Decision, Finding, Fix
    from rules.report import MoveTo, Removal, Report

TITLE_LIMIT = 120
MESSAGE_LIMIT = 600
MAX_ROWS = 50
MAX_FIXES = 30
MAX_STANDING = 20
OPEN_FIXES = 5
_LEFT_OFF_BYTES = 120
_NONE = "\N{EN DASH}"


@dataclass(frozen=True, slots=True)
class Judged:
    """Which commits a report is about, and where they can be read.

    ``repository_url`` is the page of the base repository; without it nothing is linked.
    """

    head_sha: str
    base_sha: str
    repository_url: str | None = None

    def commit(self, sha: str) -> str:
        """Return the short name of a commit, linked where it can be."""
        name = code(sha[:7])
        return f"[{name}]({self.repository_url}/commit/{sha})" if self.repository_url else name


@dataclass(frozen=True, slots=True)
class Page:
    """A report with what is needed to point at its lines."""

    report: Report
    judged: Judged | None = None

    def line(self, line: int | None, end_line: int | None = None) -> str:
        """Return a line or a range of head, linked where it can be; a dash for the whole file."""
        if line is None:
            return _NONE
        many = end_line is not None and end_line > line
        name = f"{line}-{end_line}" if many else str(line)
        if self.judged is None or self.judged.repository_url is None:
            return name
        anchor = f"L{line}-L{end_line}" if many else f"L{line}"
        file = f"{self.judged.repository_url}/blob/{self.judged.head_sha}/{quote(self.report.path)}"
        return f"[{name}]({file}?plain=1#{anchor})"

    def lines(self, line: int, end_line: int) -> str:
        """Return ``Line 71`` or ``Lines 71-73``, linked where it can be."""
        return f"Line{'s' if end_line > line else ''} {self.line(line, end_line)}"


def size_of(text: str) -> int:
    """Return the bytes of ``text`` in UTF-8, in which GitHub's limits are counted."""
    return len(text.encode())


def body(page: Page, limit: int, *, with_standing: bool = False) -> str:
    """Return the sections within ``limit`` bytes; what one does not need, the next may use.

    The faults that stood before are listed only on request: a comment speaks of the change alone.
    """
    allowance, parts = 0, []
    for build, share in (*_SECTIONS, *([(standing, 6)] if with_standing else [])):
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
    return _bounded(
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
    return _bounded(
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
    return _bounded(
        f"<details><summary>{number} for the BibTeX file, ready to paste</summary>",
        rows,
        "and {:,} more".format,
        limit,
        at_most=MAX_FIXES,
        tail="</details>",
        gap="\n\n",
    )


def removals(page: Page, limit: int) -> str:
    """Return the papers suggested to leave the top sections, numbered, with their figures where known."""
    suggested, lead = page.report.removals, _over_the_cap(page.report)
    if _ranked(page.report):
        return _bounded(
            f"{lead} Those with the fewest citations for their year come first.\n\n"
            "| # | Paper | Line | Citations | Threshold | Ratio |\n|---:|:---|---:|---:|---:|---:|",
            [_ranked_row(page, number, removal) for number, removal in enumerate(suggested, 1)],
            "| | and {:,} more | | | | |".format,
            limit,
        )
    number = counted(len(suggested), "candidate", "candidates")
    return _bounded(
        f"{lead} Citation counts were not at hand, so the candidates are not ranked.\n\n"
        f"<details><summary>{number}</summary>\n\n| # | Paper | Line |\n|---:|:---|---:|",
        [
            f"| {number} | {_candidate(removal)} | {page.line(removal.line)} |"
            for number, removal in enumerate(suggested, 1)
        ],
        "| | and {:,} more | |".format,
        limit,
        tail="\n</details>",
    )


def appendix(page: Page, limit: int) -> str:
    """Return the ready line of each suggested removal for the section it moves to, collapsed."""
    rows = [
        _departure(page, number, removal, removal.move_to)
        for number, removal in enumerate(page.report.removals, 1)
        if removal.move_to
    ]
    return _bounded(
        "<details><summary>Ready lines for what leaves</summary>",
        rows,
        "and {:,} more".format,
        limit,
        tail="</details>",
        gap="\n\n",
    )


def decisions(page: Page, limit: int) -> str:
    """Return what maintainers settled, by whom and why, and which of it this change has ended."""
    rows = [_settled(page, finding, finding.settled) for finding in page.report.settled if finding.settled]
    rows += [_attested(decision) for decision in page.report.decisions if decision.kind is Kind.ATTEST]
    rows += [
        f"- {decision.kind} {inline(decision.rule)} by {_said(decision)} has ended: what it was about changed"
        for decision in page.report.ended
    ]
    return _bounded("**Decisions**\n", rows, "- and {:,} more".format, limit, at_most=MAX_STANDING)


def standing(page: Page, limit: int) -> str:
    """Return the faults that stood before, collapsed: nobody has to mend them here."""
    old = worst_first(page.report.standing)
    rows = [f"- {_where(page, finding)}{inline(finding.message, MESSAGE_LIMIT)}" for finding in old]
    number = counted(len(old), "older fault", "older faults")
    return _bounded(
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
    verb = "waived" if decision.kind is Kind.WAIVE else "accepted"
    reason = f": {inline(decision.reason, MESSAGE_LIMIT)}" if decision.reason else ""
    return (
        f"- {_where(page, finding)}{title}{finding.rule}/{finding.code} {verb} by {_said(decision)}{reason}"
    )


def _bounded(
    head: str,
    rows: Sequence[str],
    left_off: Callable[[int], str],
    limit: int,
    *,
    at_most: int | None = None,
    tail: str = "",
    gap: str = "\n",
) -> str:
    """Return head, as many whole rows as fit, how many are left off, and tail; nothing without rows."""
    if not rows:
        return ""
    room = limit - size_of(head) - size_of(tail) - 2 * len(gap) - _LEFT_OFF_BYTES
    kept: list[str] = []
    for row in rows[:at_most]:
        room -= size_of(row) + len(gap)
        if room < 0:
            break
        kept.append(row)
    if len(kept) < len(rows):
        kept.append(left_off(len(rows) - len(kept)))
    return gap.join([head, *kept, *([tail] if tail else [])])


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


def _ranked(report: Report) -> bool:
    return any(removal.citations is not None for removal in report.removals)


def _over_the_cap(report: Report) -> str:
    top = report.top_count
    if top.head is None or top.cap is None or top.head <= top.cap:
        return "**Suggested removals.**"
    leave = "one has" if top.head - top.cap == 1 else f"{top.head - top.cap:,} have"
    return f"**Suggested removals.** The top sections hold at most {top.cap:,} papers: {leave} to leave."


def _ranked_row(page: Page, number: int, removal: Removal) -> str:
    ratio = _NONE if removal.ratio is None else f"{removal.ratio:.1f}"
    return (
        f"| {number} | {_candidate(removal)} | {page.line(removal.line)} "
        f"| {_figure(removal.citations)} | {_figure(removal.threshold)} | {ratio} |"
    )


def _candidate(removal: Removal) -> str:
    year = f" ({removal.year})" if removal.year is not None else ""
    return f"**{inline(removal.title, TITLE_LIMIT)}**{year}"


def _departure(page: Page, number: int, removal: Removal, move_to: MoveTo) -> str:
    return (
        f"{number}. {inline(removal.title, TITLE_LIMIT)}: take out line {page.line(removal.line)} and "
        f"add this to *{inline(move_to.section)}* after line {page.line(move_to.after_line)}:\n"
        f"{_indented(fenced(move_to.text))}"
    )


def _where(page: Page, finding: Finding) -> str:
    return (
        f"{page.lines(finding.line, finding.end_line or finding.line)}: " if finding.line is not None else ""
    )


def _indented(block: str) -> str:
    return "\n".join(f"   {line}" for line in block.split("\n"))


def _figure(number: int | None) -> str:
    return _NONE if number is None else f"{number:,}"
