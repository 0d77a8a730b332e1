"""The report for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bot.render.escape import plain, visible
from bot.render.wording import LABEL, SYMBOL, counted, headline, size, tally, worst_first
from rules.report.findings import Severity

if TYPE_CHECKING:
    from rules.report.findings import Finding, Fix
    from rules.report.report import Removal, Report

_COLOUR = {
    Severity.ERROR: "red",
    Severity.DECISION: "yellow",
    Severity.UNVERIFIED: "cyan",
    Severity.WARNING: "blue",
}


def as_text(report: Report) -> str:
    """Return the report as lines with terminal colours.

    ``click.echo`` takes the colours off where there is no terminal.
    """
    lines: list[str] = []
    corrected: set[Fix] = set()
    for finding in worst_first(report.introduced):
        lines += _finding(report.path, finding)
        if finding.fix and finding.fix not in corrected:
            corrected.add(finding.fix)
            lines += _fix(finding.fix)
        if finding.paste:
            lines += _added(finding.paste)
    if report.removals:
        lines += [
            "Suggested removals:",
            *(_removal(number, item) for number, item in enumerate(report.removals, 1)),
        ]
    if report.preexisting:
        number = counted(len(report.preexisting), "existing problem", "existing problems")
        lines.append(f"{number} in the list, not part of this change")
    if report.skipped:
        lines.append(f"Not looked at: {', '.join(report.skipped)}")
    numbers = tally(report)
    verdict = click.style(f"{SYMBOL[report.verdict]} {headline(report)}", bold=True)
    lines.append(f"{verdict}{f' ({numbers})' if numbers else ''}")
    if size(report):
        lines.append(size(report))
    return "\n".join(lines) + "\n"


def _finding(path: str, finding: Finding) -> list[str]:
    place = plain(path) if finding.line is None else f"{plain(path)}:{finding.line}"
    label = click.style(LABEL[finding.severity], fg=_COLOUR[finding.severity])
    lines = [f"{place}: {label} {finding.rule}/{finding.code}: {plain(finding.message, 1000)}"]
    if finding.title:
        lines.append(f"    {plain(finding.title)}")
    return lines


def _fix(fix: Fix) -> list[str]:
    if fix.text is None:
        return [click.style(f"  - delete {_lines(fix)}", fg="green")]
    return _added(fix.text)


def _added(paste: str) -> list[str]:
    return [click.style(f"  + {line}", fg="green") for line in visible(paste).split("\n")]


def _lines(fix: Fix) -> str:
    return f"line {fix.line}" if fix.end_line == fix.line else f"lines {fix.line} to {fix.end_line}"


def _removal(number: int, removal: Removal) -> str:
    if removal.citations is None:
        figures = "citations not known"
    elif removal.threshold is None or removal.ratio is None:
        figures = f"{removal.citations:,} citations"
    else:
        threshold = f"{removal.ratio:.1f} times the threshold of {removal.threshold:,}"
        figures = f"{removal.citations:,} citations, {threshold}"
    return f"  {number}. line {removal.line}: {plain(removal.title)} ({figures})"
