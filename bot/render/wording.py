"""What Papergate says in its own words: numbers, verdicts and what a change does to the list."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rules.report.findings import Severity
from rules.report.report import Verdict
from rules.sentences import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rules.report.findings import Finding
    from rules.report.report import ChangeSet, Report

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
_ORDER = {severity: position for position, severity in enumerate(Severity)}
_NUMBERS = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip
_TWICE = {("duplicate", "exact"), ("duplicate", "same-id")}


def spelled(number: int, singular: str, plural: str) -> str:
    """Return ``number`` as a word, up to twelve, with the noun that fits it: ``two papers``."""
    word = _NUMBERS[number] if number < len(_NUMBERS) else f"{number:,}"
    return f"{word} {singular if number == 1 else plural}"


def listed(parts: Sequence[str]) -> str:
    """Return the parts as a sentence lists them: ``a, b and c``."""
    return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


def worst_first(findings: Sequence[Finding]) -> list[Finding]:
    """Return ``findings`` by severity, then by line; those about the whole file lead their severity."""
    return sorted(findings, key=lambda finding: (_ORDER[finding.severity], finding.line or 0))


def tally(report: Report) -> str:
    """Return the introduced findings in numbers: ``2 errors, 1 warning``; empty when there are none."""
    numbers = Counter(finding.severity for finding in report.introduced)
    return ", ".join(counted(numbers[severity], *_NOUN[severity]) for severity in _ORDER if numbers[severity])


def headline(report: Report) -> str:
    """Return the matter in one plain sentence without a full stop."""
    introduced = report.introduced
    match report.verdict:
        case Verdict.FAIL:
            return _to_fix([finding for finding in introduced if finding.severity is Severity.ERROR], report)
        case Verdict.DECISION:
            return "Waiting for a maintainer's decision"
        case Verdict.UNVERIFIED:
            return "Not checked yet: a service did not answer"
        case Verdict.PASS if introduced:
            small = spelled(len(introduced), "small improvement", "small improvements")
            return f"Good to merge, with {small} possible"
        case Verdict.PASS:
            return "All good"


def size(report: Report) -> str:
    """Return how the change alters the list's size, in plain sentences; empty when nothing was counted."""
    said = []
    entries, top = report.entries, report.top_count
    if entries.head is not None:
        said.append(f"Papers in the list: {step(entries.base, entries.head)}.")
    if top.head is not None and top.cap is not None:
        said.append(f"In the top sections: {step(top.base, top.head)} of at most {top.cap:,}.")
    return " ".join(said)


def step(base: int | None, head: int) -> str:
    """Return a number before and after the change, once where it stays the same."""
    return f"{head:,}" if base is None or base == head else f"{base:,} → {head:,}"


def changed(changes: ChangeSet) -> list[str]:
    """Return what the change does to the papers, in a few words each: ``+2 papers``, ``1 moved``."""
    added, removed = len(changes.added), len(changes.removed)
    said = [f"+{counted(added, 'paper', 'papers')}"] if added else []
    said += [f"-{counted(removed, 'paper', 'papers')}"] if removed else []
    said += [f"{len(changes.moved):,} moved"] if changes.moved else []
    said += [f"{len(changes.modified):,} edited"] if changes.modified else []
    return said


def over_limit(findings: Sequence[Finding]) -> bool:
    """Return whether one of the findings is that the top sections hold too many papers."""
    return any(is_over_limit(finding) for finding in findings)


def is_over_limit(finding: Finding) -> bool:
    """Return whether the finding is that the top sections hold too many papers."""
    return (finding.rule, finding.code) == ("count", "over-limit")


def is_unreadable(finding: Finding) -> bool:
    """Return whether the finding is that the list could not be read at all."""
    return (finding.rule, finding.code) == ("structure", "unreadable")


def is_duplicate(finding: Finding) -> bool:
    """Return whether the finding is that a paper is in the list already."""
    return (finding.rule, finding.code) in _TWICE


def _to_fix(errors: list[Finding], report: Report) -> str:
    if any(is_unreadable(finding) for finding in errors):
        return "The list cannot be read"
    if errors and all(is_duplicate(finding) for finding in errors):
        number = _places(errors)
        return "Already in the list" if number == 1 else _capital(f"{_papers(number)} already in the list")
    over, top = over_limit(errors), report.top_count
    rest = _nouns([finding for finding in errors if not is_over_limit(finding)])
    if over and top.head is not None and top.cap is not None:
        excess = top.head - top.cap
        room = "one has to make room" if excess == 1 else f"{excess:,} have to make room"
        return f"{top.head:,} papers: {room}" + (f", and {rest} to fix" if rest else "")
    return _capital(f"{rest or _nouns(errors)} to fix")


def _papers(number: int) -> str:
    return f"{spelled(number, 'paper', 'papers')} {'is' if number == 1 else 'are'}"


def _nouns(findings: list[Finding]) -> str:
    """Return what is to be fixed: entries and headings, each once however much is wrong with it."""
    headings = [
        finding for finding in findings if finding.rule == "structure" and finding.code.startswith("section-")
    ]
    entries = [finding for finding in findings if finding.rule != "structure" and finding.title]
    others = len(findings) - len(headings) - len(entries)
    kinds = [
        (_places(entries), "entry", "entries"),
        (len(headings), "heading", "headings"),
        (others, *(("other thing", "other things") if entries or headings else ("thing", "things"))),
    ]
    return listed([spelled(*kind) for kind in kinds if kind[0]])


def _places(findings: Sequence[Finding]) -> int:
    return len({(finding.line, finding.title) for finding in findings})


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
