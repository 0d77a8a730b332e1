"""What Papergate says in its own words: verdicts, counts and what comes next."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rules.report.findings import Severity
from rules.report.report import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rules.report.findings import Finding
    from rules.report.report import Report

SYMBOL = {Verdict.FAIL: "❌", Verdict.DECISION: "🟡", Verdict.UNVERIFIED: "⏳", Verdict.PASS: "✅"}
LABEL = {
    Severity.ERROR: "error",
    Severity.DECISION: "decision",
    Severity.UNVERIFIED: "not verified",
    Severity.WARNING: "warning",
}
_NOUN = {
    Severity.ERROR: ("error", "errors"),
    Severity.DECISION: ("decision", "decisions"),
    Severity.UNVERIFIED: ("not verified", "not verified"),
    Severity.WARNING: ("warning", "warnings"),
}
_ORDER = tuple(Severity)


def counted(number: int, singular: str, plural: str) -> str:
    """Return ``number`` with the noun that fits it."""
    return f"{number:,} {singular if number == 1 else plural}"


def worst_first(findings: Sequence[Finding]) -> list[Finding]:
    """Return ``findings`` by severity, then by line; those about the whole file lead their severity."""
    return sorted(findings, key=lambda finding: (_ORDER.index(finding.severity), finding.line or 0))


def tally(report: Report) -> str:
    """Return the introduced findings in numbers: ``2 errors, 1 warning``; empty when there are none."""
    numbers = Counter(finding.severity for finding in report.introduced)
    return ", ".join(counted(numbers[severity], *_NOUN[severity]) for severity in _ORDER if numbers[severity])


def headline(report: Report) -> str:
    """Return the verdict as one plain sentence without a full stop."""
    match report.verdict:
        case Verdict.FAIL:
            errors = sum(finding.gates and finding.severity is Severity.ERROR for finding in report.findings)
            return f"{counted(errors, 'thing', 'things')} to fix before this can be merged"
        case Verdict.DECISION:
            return "A maintainer needs to decide"
        case Verdict.UNVERIFIED:
            return "Not verified yet: a source did not answer"
        case Verdict.PASS if report.introduced:
            return f"Good to merge, with {tally(report)} to look at"
        case Verdict.PASS:
            return "All good"


def size(report: Report) -> str:
    """Return how the change alters the list's size, in one plain sentence; empty when nothing was counted."""
    said = []
    entries, top = report.entries, report.top_count
    if entries.head is not None:
        said.append(f"Papers in the list: {_step(entries.base, entries.head)}.")
    if top.head is not None and top.cap is not None:
        said.append(f"In the top sections: {_step(top.base, top.head)} of at most {top.cap:,}.")
    return " ".join(said)


def next_step(report: Report) -> str:
    """Return what happens now and who can do what, in plain sentences."""
    match report.verdict:
        case Verdict.FAIL:
            step = "Push the corrections to this branch and it is judged again by itself."
            if any(finding.gates and finding.severity is Severity.DECISION for finding in report.findings):
                step += " What is marked as a decision is for a maintainer to settle."
            return step
        case Verdict.DECISION:
            return (
                "If you opened this: say in the description why the paper belongs in the list; editing it is "
                "enough, it is read again. If you maintain the list: nothing else stands in the way, so "
                "merge it where the reasons convince you, or close it."
            )
        case Verdict.UNVERIFIED:
            return "There is nothing for you to do: the bot tries again by itself and updates this verdict."
        case Verdict.PASS:
            return "Nothing holds the merge."


def _step(base: int | None, head: int) -> str:
    return f"{head:,}" if base is None or base == head else f"{base:,} → {head:,}"
