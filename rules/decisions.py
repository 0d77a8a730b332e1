"""What maintainers settled: each decision is bound to what it was about, and ends when that changes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace

from rules.changes.paper_records import query_of
from rules.checks.count import top_count
from rules.context import ListChange
from rules.papers.evidence import Evidence, Record
from rules.reading.document import Listed
from rules.report.findings import Decision, DecisionKind, Finding, Severity


def fingerprint_of(finding: Finding, list_change: ListChange) -> str:
    """Return the fingerprint of what a finding is about.

    That of an entry is its text, so that any change of it ends a decision; that of the count is the number
    and the papers that make it; a section's is its name, the criteria's their text.
    """
    if finding.rule == "count":
        return _count(list_change)
    if finding.rule == "structure" and finding.code == "criteria-changed":
        return _criteria(list_change)
    entry = next((listed for listed in list_change.head.entries if listed.line == finding.line), None)
    if entry is not None:
        return fingerprint_of_entry(entry)
    if finding.line is None:
        return _digest("named", finding.title or finding.code)
    return _digest("line", list_change.head.lines[finding.line - 1].strip())


def fingerprint_of_entry(listed: Listed) -> str:
    """Return the fingerprint of an entry: white space and comments do not count."""
    return _digest("entry", listed.entry.body)


def subjects(list_change: ListChange) -> frozenset[str]:
    """Return the fingerprints of all that decisions can be about, as the change has it now."""
    change = list_change.diff
    names = [section.name for section in change.sections_added + change.sections_removed]
    names += [rename.after.name for rename in change.renamed]
    lines = [list_change.head.lines[section.line - 1].strip() for section in list_change.head.sections]
    lines += [list_change.head.lines[link.line - 1].strip() for link in list_change.head.anchor_links]
    return frozenset(
        [fingerprint_of_entry(listed) for listed in list_change.head.entries]
        + [_digest("named", name) for name in names]
        + [_digest("line", line) for line in lines]
        + [_count(list_change), _criteria(list_change)]
    )


def settle(
    findings: Iterable[Finding], decisions: Iterable[Decision], list_change: ListChange
) -> tuple[Finding, ...]:
    """Return the findings, those that a decision covers marked as settled by it."""
    by_subject: dict[str, list[Decision]] = {}
    for decision in decisions:
        by_subject.setdefault(decision.fingerprint, []).append(decision)
    if not by_subject:
        return tuple(findings)
    return tuple(
        _settled(finding, by_subject.get(fingerprint_of(finding, list_change), [])) for finding in findings
    )


def active(
    decisions: Iterable[Decision], list_change: ListChange
) -> tuple[tuple[Decision, ...], tuple[Decision, ...]]:
    """Return the decisions that stand, and those that ended because their subject is not what it was."""
    now = subjects(list_change)
    stand = [decision for decision in decisions if decision.fingerprint in now]
    ended = [decision for decision in decisions if decision.fingerprint not in now]
    return tuple(stand), tuple(ended)


def with_attested(
    evidence: Evidence | None, decisions: Iterable[Decision], list_change: ListChange
) -> Evidence | None:
    """Return the evidence with the counts that maintainers vouch for beside those of the sources."""
    counts = {
        decision.fingerprint: decision for decision in decisions if decision.kind is DecisionKind.ATTEST
    }
    if evidence is None or not counts:
        return evidence
    answers = dict(evidence.answers)
    for listed in list_change.head.entries:
        said = counts.get(fingerprint_of_entry(listed))
        if said:
            record = Record(f"attested by {said.by}", said.made_on, said.count, url=said.source_url)
            answers[query_of(listed)] = (*evidence.of(query_of(listed)), record)
    return replace(evidence, answers=answers)


def _settled(finding: Finding, decisions: list[Decision]) -> Finding:
    for decision in decisions:
        if _covers(decision, finding):
            return replace(finding, settled=decision)
    return finding


def _covers(decision: Decision, finding: Finding) -> bool:
    if decision.rule not in {finding.rule, f"{finding.rule}/{finding.code}"}:
        return False
    if decision.kind is DecisionKind.ACCEPT:
        return finding.severity is Severity.DECISION
    return decision.kind is DecisionKind.WAIVE and finding.severity.gates


def _count(list_change: ListChange) -> str:
    added = sorted(listed.key for listed in list_change.diff.added if listed.group.counted)
    arrived = sorted(pair.after.key for pair in list_change.diff.moved if pair.after.group.counted)
    return _digest("count", str(top_count(list_change).head), *added, *arrived)


def _criteria(list_change: ListChange) -> str:
    return _digest("criteria", *(item.text for item in list_change.head.criteria))


def _digest(kind: str, *parts: str) -> str:
    return f"{kind}:{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:32]}"
