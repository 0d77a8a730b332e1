"""The report for a terminal: the findings of each entry together, old and corrected line below."""

from __future__ import annotations

import textwrap
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from bot.render.escape import plain, visible
from bot.render.line_difference import Difference, difference
from bot.render.safe_output import no_commands
from bot.render.wording import LABEL, SYMBOL, headline, size, tally, worst_first
from rules.report.findings import Severity
from rules.sentences import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rules.report.findings import Finding, Fix
    from rules.report.report import Removal, Report

_COLOUR = {
    Severity.ERROR: "red",
    Severity.DECISION: "yellow",
    Severity.UNVERIFIED: "cyan",
    Severity.WARNING: "blue",
}
_MESSAGE = 1000  # characters of a message that are shown
REPEATS = 5  # findings that say the same of so many entries share one line
_RANGES = 12  # of line numbers in such a line

Group = tuple[int | None, int | None, str | None]


@dataclass(frozen=True, slots=True)
class View:
    """How to show a report: the lines of the list at head, and the terminal's columns (None: any).

    Without ``colour`` the changed part of a line is underlined by ``^``, else it is coloured.
    """

    lines: Sequence[str] = ()
    width: int | None = None
    colour: bool = False


def as_text(report: Report, view: View) -> str:
    """Return the report as lines for a terminal, the verdict last."""
    repeated, single = _parted(worst_first(report.introduced))
    grouped: dict[Group, list[Finding]] = defaultdict(list)
    for finding in single:
        grouped[finding.line, finding.end_line, finding.title].append(finding)
    lines: list[str] = []
    for (line, _, title), findings in sorted(grouped.items(), key=lambda item: item[0][0] or 0):
        lines += _group(report.path, line, title, findings, view)
    for findings in repeated:
        lines += _repeated(findings, view)
    lines += _removals(report.removals)
    if report.preexisting:
        number = counted(len(report.preexisting), "existing problem", "existing problems")
        lines.append(f"{number} in the list, not part of this change")
    if report.skipped:
        lines.append(f"Not checked: {', '.join(report.skipped)}")
    numbers = tally(report)
    verdict = click.style(f"{SYMBOL[report.verdict]} {headline(report)}", bold=True)
    lines += [f"{verdict}{f' ({numbers})' if numbers else ''}", *filter(None, [size(report)])]
    text = no_commands("\n".join(lines) + "\n")
    return text if view.colour else click.unstyle(text)


def _parted(findings: Sequence[Finding]) -> tuple[list[list[Finding]], list[Finding]]:
    """Return the findings that many entries share, each group by itself, and the others."""
    alike: dict[tuple[str, ...], list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.fix is None and finding.paste is None and finding.title:
            alike[finding.rule, finding.code, finding.severity, finding.message].append(finding)
    repeated = [group for group in alike.values() if len(group) >= REPEATS]
    taken = {id(finding) for group in repeated for finding in group}
    return repeated, [finding for finding in findings if id(finding) not in taken]


def _group(
    path: str, line: int | None, title: str | None, findings: Sequence[Finding], view: View
) -> list[str]:
    place = plain(path) if line is None else f"{plain(path)}:{line}"
    lines = [click.style(place, bold=True) + (f": {plain(title)}" if title else "")]
    for finding in findings:
        lines += _wrapped(f"  {_label(finding)}: {plain(finding.message, _MESSAGE)}", view)
    for fix in dict.fromkeys(finding.fix for finding in findings if finding.fix):
        lines += _fix(fix, view)
    for finding in findings:
        if finding.paste:
            lines += [click.style(f"  + {text}", fg="green") for text in visible(finding.paste).split("\n")]
    return lines


def _repeated(findings: Sequence[Finding], view: View) -> list[str]:
    first = findings[0]
    number = counted(len(findings), "entry", "entries")
    where = _ranges(sorted({finding.line for finding in findings if finding.line is not None}))
    text = f"{click.style(number, bold=True)}: {_label(first)}: {plain(first.message, _MESSAGE)}"
    return _wrapped(f"{text} ({where})" if where else text, view)


def _label(finding: Finding) -> str:
    return (
        f"{click.style(LABEL[finding.severity], fg=_COLOUR[finding.severity])} {finding.rule}/{finding.code}"
    )


def _ranges(numbers: Sequence[int]) -> str:
    """Return sorted line numbers in words: ``lines 72 to 74, 80``."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    shown = [str(start) if start == end else f"{start} to {end}" for start, end in ranges[:_RANGES]]
    left = sum(end - start + 1 for start, end in ranges[_RANGES:])
    more = f" and {left:,} more" if left else ""
    return f"{'line' if len(numbers) == 1 else 'lines'} {', '.join(shown)}{more}" if shown else ""


def _wrapped(text: str, view: View) -> list[str]:
    if view.width is None:
        return [text]
    return textwrap.wrap(
        text, view.width, subsequent_indent="      ", break_long_words=False, break_on_hyphens=False
    ) or [text]


def _fix(fix: Fix, view: View) -> list[str]:
    """Return the lines as they are and as they should be, with the difference marked."""
    old = list(view.lines[fix.line - 1 : fix.end_line])
    new = [] if fix.text is None else fix.text.split("\n")
    if not old and not new:
        lines = f"line {fix.line}" if fix.end_line == fix.line else f"lines {fix.line} to {fix.end_line}"
        return [click.style(f"  - delete {lines}", fg="red")]
    if len(old) == len(new) == 1:
        before, after = difference(old[0], new[0], None if view.width is None else view.width - 4)
        return [*_marked("-", before, "red", view), *_marked("+", after, "green", view)]
    return [
        *(click.style(f"  - {visible(line)}", fg="red") for line in old),
        *(click.style(f"  + {visible(line)}", fg="green") for line in new),
    ]


def _marked(sign: str, line: Difference, colour: str, view: View) -> list[str]:
    if view.colour:
        parts = (click.style(text, fg=colour, reverse=is_changed) for text, is_changed in line.parts)
        return [click.style(f"  {sign} ", fg=colour) + "".join(parts)]
    marks = line.marks()
    return [f"  {sign} {line.text}", *([f"    {marks}"] if marks else [])]


def _removals(removals: Sequence[Removal]) -> list[str]:
    """Return the suggested removals; that no count is known of any is said once."""
    if not removals:
        return []
    known = any(removal.citations is not None for removal in removals)
    lines = ["Suggested removals:" if known else "Suggested removals (citations not known):"]
    for number, removal in enumerate(removals, 1):
        figures = f" ({_figures(removal)})" if known else ""
        lines.append(f"  {number}. line {removal.line}: {plain(removal.title)}{figures}")
    return lines


def _figures(removal: Removal) -> str:
    if removal.citations is None:
        return "citations not known"
    if removal.threshold is None or removal.ratio is None:
        return f"{removal.citations:,} citations"
    return (
        f"{removal.citations:,} citations, {removal.ratio:.1f} times the threshold of {removal.threshold:,}"
    )
