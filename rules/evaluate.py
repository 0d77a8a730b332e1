"""From texts to a report: read and compare, say what evidence is wanted, judge."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from rules import link_status as reachability
from rules.changes.apply import apply
from rules.changes.compare import Comparison, compare
from rules.changes.same_paper import same_work
from rules.checks import citations, companion, count, duplicate, link, order, placement, record, structure
from rules.checks import format as format_
from rules.context import ListChange, RuleContext
from rules.decisions import active, settle, with_attested
from rules.papers.evidence import Evidence, EvidenceRequest, Record
from rules.policy.policy import Policy
from rules.ranking import removals
from rules.reading.document import Document
from rules.reading.walk import read_document
from rules.report.findings import Decision, Finding
from rules.report.report import Added, ChangeSet, Modified, Moved, Removed, Report, Tally, verdict_of

Rule = Callable[[RuleContext], Iterator[Finding]]

RULES: dict[str, Rule] = {
    structure.RULE: structure.check,
    count.RULE: count.check,
    duplicate.RULE: duplicate.check,
    citations.RULE: citations.check,
    record.RULE: record.check,
    placement.RULE: placement.check,
    link.RULE: link.check,
    format_.RULE: format_.check,
    order.RULE: order.check,
    companion.RULE: companion.check,
}

LARGEST = 512 * 1024  # bytes of a README; GitHub shows no more of one either
_OFFLINE = ("citations", "record", "reachability")


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A list that cannot be judged, and why."""

    reason: str


def read_change(merge_base: str, base: str, head: str, policy: Policy) -> ListChange | Unreadable:
    """Return what the change from ``merge_base`` to ``head`` does to ``base``.

    All three are texts of the list; ``merge_base`` and ``base`` are equal when the branch is up to date.
    """
    if len(head.encode()) > LARGEST or len(base.encode()) > LARGEST or len(merge_base.encode()) > LARGEST:
        return Unreadable(f"it is larger than {LARGEST // 1024} KiB, and GitHub shows no more of it")
    before = read_document(merge_base, policy)
    now = before if base == merge_base else read_document(base, policy)
    after = read_document(head, policy)
    if not after.known:
        return Unreadable(f'it has none of the sections of the policy "{policy.name}"')
    change = compare(before, after)
    if any(policy.group_of(rename.after.name) is None for rename in change.renamed):
        # A section under a new heading still belongs to its group.
        names = {rename.after.key: rename.before.name for rename in change.renamed}
        after = read_document(head, policy, names)
        change = compare(before, after)
    result = apply(change, before, now, after)
    return ListChange(policy, before, now, after, change, result)


def read_whole(text: str, policy: Policy) -> ListChange | Unreadable:
    """Return a list change in which every line of the list is up for evaluation."""
    found = read_change(text, text, text, policy)
    return found if isinstance(found, Unreadable) else replace(found, whole=True)


def wanted(found: ListChange | Unreadable) -> EvidenceRequest:
    """Return what the evaluation needs to know of papers and links."""
    if isinstance(found, Unreadable):
        return EvidenceRequest()
    judged = tuple(dict.fromkeys(citations.wanted(found) + record.wanted(found) + companion.wanted(found)))
    days = found.policy.evidence_days
    urls = reachability.wanted(found)
    return EvidenceRequest(judged=judged, ranked=removals.wanted(found), urls=urls, fresh_days=days)


def evaluate(
    found: ListChange | Unreadable,
    policy: Policy,
    evidence: Evidence | None,
    description: str,
    today: date,
    decisions: tuple[Decision, ...] = (),
    patient: bool = True,
) -> Report:
    """Return the report on a change; ``evidence`` is None when no source could be asked.

    ``decisions`` are the maintainers' about this change; ``patient`` as in `rules.context.RuleContext`.
    """
    skipped = _skipped(found, evidence)
    if isinstance(found, Unreadable):
        why = (structure.unreadable(found.reason),)
        return Report(verdict_of(why), policy.path, Tally(), Tally(), findings=why, skipped=skipped)
    stand, ended = active(decisions, found)
    context = RuleContext(found, with_attested(evidence, stand, found), description, today, patient)
    findings = settle(sorted(_findings(context), key=_rank), stand, found)
    suggested = removals.suggest(context)
    return Report(
        verdict=verdict_of(findings),
        path=policy.path,
        entries=Tally(len(found.base.entries), len(found.result)),
        top_count=count.top_count(found),
        changes=_changes(found),
        findings=findings,
        removals=suggested.papers,
        removals_uncounted=suggested.uncounted,
        skipped=skipped,
        decisions=stand,
        ended=ended,
        sources=_sources(evidence),
    )


def _skipped(found: ListChange | Unreadable, evidence: Evidence | None) -> tuple[str, ...]:
    """Return what could not be looked at; links are, once each that the change brings has been followed."""
    if evidence is None:
        return _OFFLINE
    if isinstance(found, Unreadable):
        return ()
    followed = not found.whole and all(url in evidence.reached for url in reachability.wanted(found))
    return () if followed else ("reachability",)


def _sources(evidence: Evidence | None) -> tuple[str, ...]:
    answers = evidence.answers.values() if evidence else ()
    return tuple(sorted({answer.source for all_ in answers for answer in all_ if isinstance(answer, Record)}))


def _findings(context: RuleContext) -> Iterator[Finding]:
    for check in RULES.values():
        for finding in check(context):
            severity = context.policy.severity(finding.rule, finding.code, finding.severity)
            if severity is not None:
                yield finding if severity is finding.severity else replace(finding, severity=severity)


_WEIGHT = {"error": 0, "decision": 1, "unverified": 2, "warning": 3}


def _rank(finding: Finding) -> tuple[bool, int, int]:
    return not finding.introduced, finding.line or 0, _WEIGHT[finding.severity.value]


def _changes(found: ListChange) -> ChangeSet:
    return ChangeSet() if found.whole else _change_set(found.diff, found.head)


def _change_set(change: Comparison, head: Document) -> ChangeSet:
    return ChangeSet(
        added=tuple(Added(new.title, new.section, new.line) for new in change.added),
        removed=tuple(
            Removed(
                old.title,
                old.section,
                old.line,
                next((stays.line for stays in head.entries if same_work(old, stays)), None),
            )
            for old in change.removed
        ),
        moved=tuple(
            Moved(
                pair.after.title, pair.before.section, pair.after.section, pair.after.line, pair.before.line
            )
            for pair in change.moved
        ),
        modified=tuple(
            Modified(pair.after.title, pair.after.section, pair.after.line, pair.before.line)
            for pair in change.modified
        ),
    )
