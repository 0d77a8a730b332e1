"""Find what a command refers to in the report that its author saw."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.slash.arguments import LineNumber, Selector, Title
from rules.papers.titles import key
from rules.report.findings import Severity

if TYPE_CHECKING:
    from bot.database.reports import SeenReport, Target


def findings(report: SeenReport, rule: str, entry: Selector | None) -> tuple[Target, ...]:
    """Return the gating findings of a rule (``rule`` or ``rule/code``), of one entry if named."""
    return tuple(
        target
        for target in report.findings
        if target.gates and rule in {target.rule, target.rule.partition("/")[0]} and _is_at(target, entry)
    )


def pending(report: SeenReport, entry: Title | None) -> tuple[Target, ...]:
    """Return the findings that wait for a maintainer's decision, of one entry if named."""
    return tuple(
        target
        for target in report.findings
        if target.severity == Severity.DECISION.value and _is_at(target, entry)
    )


def others(report: SeenReport, entry: Title | None) -> tuple[Target, ...]:
    """Return the gating findings that no decision settles but a waiver, of one entry if named."""
    return tuple(
        target
        for target in report.findings
        if target.gates and target.severity == Severity.ERROR.value and _is_at(target, entry)
    )


def counts(report: SeenReport, title: Title) -> tuple[Target, ...]:
    """Return the citation counts of the added or changed entries with this title."""
    return tuple(target for target in report.entries if _has_title(target, title.text))


def _is_at(target: Target, entry: Selector | None) -> bool:
    match entry:
        case None:
            return True
        case LineNumber(number):
            return target.line is not None and target.line <= number <= (target.end_line or target.line)
        case Title(text):
            return _has_title(target, text)


def _has_title(target: Target, text: str) -> bool:
    return target.title is not None and key(target.title) == key(text)
