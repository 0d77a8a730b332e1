"""Maintainers' decisions: each is bound to what it was about, and ends when that changes."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from rules.changes.paper_records import query_of
from rules.checks.count import top_count
from rules.context import ListChange
from rules.papers.evidence import Evidence, Record
from rules.reading.document import Listed
from rules.report.findings import Decision, DecisionKind, Finding, Severity


def with_fingerprints(findings: Iterable[Finding], list_change: ListChange) -> tuple[Finding, ...]:
    """Return the findings, each with the fingerprint of what it is about.

    That of an entry is its text, its section and how often the text occurs, so that any change of these ends
    a decision; that of the count is the number and the papers that make it; that of a section its name, that
    of the criteria their text.
    """
    entries = {listed.line: listed for listed in list_change.head.entries}
    content = Content(list_change)
    return tuple(
        replace(finding, fingerprint=_fingerprint_of(finding, content, entries)) for finding in findings
    )


class Content:
    """What is in a list as a change leaves it, and how often: the subjects of decisions."""

    def __init__(self, list_change: ListChange) -> None:
        self.list_change = list_change
        self._entries = Counter(listed.entry.body for listed in list_change.head.entries)
        self._lines = Counter(line.strip() for line in list_change.head.lines)

    def entry(self, listed: Listed) -> str:
        """Return the fingerprint of an entry: white space and comments do not count."""
        body = listed.entry.body
        return _digest("entry", body, listed.section, str(self._entries[body]))

    def line(self, text: str) -> str:
        """Return the fingerprint of a line."""
        return _digest("line", text.strip(), str(self._lines[text.strip()]))


def _fingerprint_of(finding: Finding, content: Content, entries: Mapping[int, Listed]) -> str:
    list_change = content.list_change
    if finding.rule == "count":
        return _count(list_change)
    if (finding.rule, finding.code) == ("structure", "criteria-changed"):
        return _criteria(list_change)
    if finding.line is None:
        return _digest("named", finding.title or finding.code)
    if finding.line in entries:
        return content.entry(entries[finding.line])
    return content.line(list_change.head.lines[finding.line - 1])


def subjects(list_change: ListChange) -> frozenset[str]:
    """Return the fingerprints of all that a decision can be about, as the change has it now."""
    change, companion, content = list_change.diff, list_change.companion, Content(list_change)
    names = {section.name for section in change.sections_removed}
    names |= {entry.title for entry in companion.after.entries} | {"unreadable"} if companion else set()
    return frozenset(
        [content.entry(listed) for listed in list_change.head.entries]
        + [_digest("named", name) for name in names]
        + [content.line(line) for line in set(list_change.head.lines)]
        + [_count(list_change), _criteria(list_change)]
    )


def settle(findings: Iterable[Finding], decisions: Iterable[Decision]) -> tuple[Finding, ...]:
    """Return the findings, those that a decision covers marked as settled by it."""
    by_subject: dict[str, list[Decision]] = {}
    for decision in decisions:
        by_subject.setdefault(decision.fingerprint, []).append(decision)
    return tuple(_settled(finding, by_subject.get(finding.fingerprint, [])) for finding in findings)


def active(
    decisions: tuple[Decision, ...], list_change: ListChange
) -> tuple[tuple[Decision, ...], tuple[Decision, ...]]:
    """Return the decisions that hold, and those that ended because their subject has changed."""
    now = subjects(list_change) if decisions else frozenset()
    live = tuple(decision for decision in decisions if decision.fingerprint in now)
    return live, tuple(decision for decision in decisions if decision.fingerprint not in now)


def with_attested(
    evidence: Evidence | None, decisions: Iterable[Decision], list_change: ListChange
) -> Evidence | None:
    """Return the evidence with the counts that maintainers vouch for beside those of the sources."""
    counts = {
        decision.fingerprint: decision for decision in decisions if decision.kind is DecisionKind.ATTEST
    }
    if evidence is None or not counts:
        return evidence
    answers, content = dict(evidence.answers), Content(list_change)
    for listed in list_change.head.entries:
        said = counts.get(content.entry(listed))
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
