"""What maintainers settled: each decision is bound to what it was about, and ends when that changes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace

from rules.case import Survey
from rules.count import top_count
from rules.document import Listed
from rules.evidence import Evidence, Record
from rules.findings import Decision, Finding, Kind, Severity
from rules.records import query_of


def fingerprint_of(finding: Finding, survey: Survey) -> str:
    """Return the fingerprint of what a finding is about.

    That of an entry is its text, so that any change of it ends a decision; that of the count is the number
    and the papers that make it; a section's is its name, the criteria's their text.
    """
    if finding.rule == "count":
        return _count(survey)
    if finding.rule == "structure" and finding.code == "criteria-changed":
        return _criteria(survey)
    entry = next((listed for listed in survey.head.entries if listed.line == finding.line), None)
    if entry is not None:
        return fingerprint_of_entry(entry)
    if finding.line is None:
        return _digest("named", finding.title or finding.code)
    return _digest("line", survey.head.lines[finding.line - 1].strip())


def fingerprint_of_entry(listed: Listed) -> str:
    """Return the fingerprint of an entry: white space and comments do not count."""
    return _digest("entry", listed.entry.body)


def subjects(survey: Survey) -> frozenset[str]:
    """Return the fingerprints of all that decisions can be about, as the change has it now."""
    change = survey.change
    names = [section.name for section in change.sections_added + change.sections_removed]
    names += [rename.after.name for rename in change.renamed]
    lines = [survey.head.lines[section.line - 1].strip() for section in survey.head.sections]
    lines += [survey.head.lines[link.line - 1].strip() for link in survey.head.anchor_links]
    return frozenset(
        [fingerprint_of_entry(listed) for listed in survey.head.entries]
        + [_digest("named", name) for name in names]
        + [_digest("line", line) for line in lines]
        + [_count(survey), _criteria(survey)]
    )


def settle(findings: Iterable[Finding], decisions: Iterable[Decision], survey: Survey) -> tuple[Finding, ...]:
    """Return the findings, those that a decision covers marked as settled by it."""
    by_subject: dict[str, list[Decision]] = {}
    for decision in decisions:
        by_subject.setdefault(decision.fingerprint, []).append(decision)
    if not by_subject:
        return tuple(findings)
    return tuple(
        _settled(finding, by_subject.get(fingerprint_of(finding, survey), [])) for finding in findings
    )


def standing(
    decisions: Iterable[Decision], survey: Survey
) -> tuple[tuple[Decision, ...], tuple[Decision, ...]]:
    """Return the decisions that stand, and those that ended because their subject is not what it was."""
    now = subjects(survey)
    stand = [decision for decision in decisions if decision.fingerprint in now]
    ended = [decision for decision in decisions if decision.fingerprint not in now]
    return tuple(stand), tuple(ended)


def with_attested(
    evidence: Evidence | None, decisions: Iterable[Decision], survey: Survey
) -> Evidence | None:
    """Return the evidence with the counts that maintainers vouch for beside those of the sources."""
    counts = {decision.fingerprint: decision for decision in decisions if decision.kind is Kind.ATTEST}
    if evidence is None or not counts:
        return evidence
    answers = dict(evidence.answers)
    for listed in survey.head.entries:
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
    if decision.kind is Kind.ACCEPT:
        return finding.severity is Severity.DECISION
    return decision.kind is Kind.WAIVE and finding.severity.gates


def _count(survey: Survey) -> str:
    added = sorted(listed.key for listed in survey.change.added if listed.group.counted)
    arrived = sorted(pair.after.key for pair in survey.change.moved if pair.after.group.counted)
    return _digest("count", str(top_count(survey).head), *added, *arrived)


def _criteria(survey: Survey) -> str:
    return _digest("criteria", *(item.text for item in survey.head.criteria))


def _digest(kind: str, *parts: str) -> str:
    return f"{kind}:{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:32]}"
