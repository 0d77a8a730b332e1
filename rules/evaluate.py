"""From texts to a report: read and compare a change, say what evidence it needs, evaluate it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from rules.certain_fixes import with_certain_fixes
from rules.changes.apply import apply
from rules.changes.compare import Comparison, compare
from rules.changes.same_paper import same_work
from rules.checks.count import top_count
from rules.checks.structure import unreadable
from rules.context import ListChange, Question, RuleContext
from rules.decisions import active, settle, with_attested, with_fingerprints
from rules.link_status import urls_to_follow
from rules.papers.evidence import Evidence, EvidenceRequest, Record
from rules.policy.policy import Policy
from rules.ranking import removals
from rules.reading.document import Document, Listed
from rules.reading.walk import read_document
from rules.report.findings import Finding
from rules.report.report import Added, ChangeSet, Modified, Moved, Removed, Report, Tally, verdict_of
from rules.rule_table import RULES

LARGEST = 512 * 1024  # bytes of a README; GitHub shows no more of one either
_OFFLINE = ("citations", "record", "reachability")  # what a report skips when no source was asked
_MOST_COPIES = 100  # entries of one title or link that a removed entry is compared with


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A list that cannot be checked; ``reason`` is a clause."""

    reason: str


def read_change(merge_base: str, base: str, head: str, policy: Policy) -> ListChange | Unreadable:
    """Return what the change from ``merge_base`` to ``head`` does to ``base``.

    All three are texts of the list; ``merge_base`` and ``base`` are equal when the branch is up to date.
    """
    if len(head.encode()) > LARGEST or len(base.encode()) > LARGEST or len(merge_base.encode()) > LARGEST:
        return Unreadable(f"it is larger than {LARGEST // 1024} KiB, which is all that GitHub shows")
    before = read_document(merge_base, policy)
    now = before if base == merge_base else read_document(base, policy)
    after = read_document(head, policy)
    if not after.known:
        reason = (
            "no entry of it reads like the forms of its policy"
            if policy.forms
            else f'it has none of the sections of the policy "{policy.name}"'
        )
        return Unreadable(reason)
    change = compare(before, after)
    if any(policy.group_of(rename.after.name) is None for rename in change.renamed):
        # A section under a new heading still belongs to its group.
        names = {rename.after.key: rename.before.name for rename in change.renamed}
        after = read_document(head, policy, names)
        change = compare(before, after)
    result = apply(change, before, now, after)
    return ListChange(policy, before, now, after, change, result)


def read_whole(text: str, policy: Policy) -> ListChange | Unreadable:
    """Return a list change in which every line of the list is checked."""
    found = read_change(text, text, text, policy)
    return found if isinstance(found, Unreadable) else replace(found, whole=True)


def wanted(found: ListChange | Unreadable) -> EvidenceRequest:
    """Return what the evaluation needs to know of papers and links."""
    if isinstance(found, Unreadable):
        return EvidenceRequest()
    requests = [rule.wanted(found) for rule in RULES.values() if rule.wanted]
    return EvidenceRequest(
        full=tuple(dict.fromkeys(query for request in requests for query in request.full)),
        count_only=removals.wanted(found),
        urls=tuple(dict.fromkeys(url for request in requests for url in request.urls)),
        fresh_days=found.policy.evidence_days,
    )


def evaluate(
    found: ListChange | Unreadable, policy: Policy, evidence: Evidence | None, question: Question
) -> Report:
    """Return the report on a change; ``evidence`` is None when no source could be asked."""
    skipped = _skipped(found, evidence)
    if isinstance(found, Unreadable):
        why = (_as_severe_as(policy, unreadable(found.reason)),)
        return Report(verdict_of(why), policy.path, Tally(), Tally(), findings=why, skipped=skipped)
    live, ended = active(question.decisions, found)
    context = RuleContext(found, with_attested(evidence, live, found), question)
    findings = settle(with_fingerprints(sorted(_findings(context), key=_rank), found), live)
    suggested = removals.suggest(context)
    return Report(
        verdict=verdict_of(findings),
        path=policy.path,
        entries=Tally(len(found.base.entries), len(found.result)),
        top_count=top_count(found),
        changes=_changes(found),
        findings=findings,
        removals=suggested.papers,
        removals_uncounted=suggested.uncounted,
        skipped=skipped,
        decisions=live,
        ended=ended,
        sources=_sources(evidence),
    )


def _skipped(found: ListChange | Unreadable, evidence: Evidence | None) -> tuple[str, ...]:
    """Return what was not checked; ``reachability`` is checked once each new link has been followed."""
    if evidence is None:
        return _OFFLINE
    if isinstance(found, Unreadable):
        return ()
    followed = not found.whole and all(url in evidence.reached for url in urls_to_follow(found))
    return () if followed else ("reachability",)


def _sources(evidence: Evidence | None) -> tuple[str, ...]:
    answers = evidence.answers.values() if evidence else ()
    return tuple(sorted({answer.source for all_ in answers for answer in all_ if isinstance(answer, Record)}))


def _findings(context: RuleContext) -> Iterator[Finding]:
    for rule in RULES.values():
        for finding in with_certain_fixes(rule.check(context), context.list_change):
            severity = context.policy.severity(finding.rule, finding.code, finding.severity)
            if severity is not None:
                yield finding if severity is finding.severity else replace(finding, severity=severity)


def _as_severe_as(policy: Policy, finding: Finding) -> Finding:
    """Return what holds a list that was not read, as severe as the policy says; it always holds."""
    severity = policy.severity(finding.rule, finding.code, finding.severity)
    return replace(finding, severity=severity) if severity and severity.gates else finding


_WEIGHT = {"error": 0, "decision": 1, "unverified": 2, "warning": 3}


def _rank(finding: Finding) -> tuple[bool, int, int]:
    return not finding.introduced, finding.line or 0, _WEIGHT[finding.severity.value]


def _changes(found: ListChange) -> ChangeSet:
    return ChangeSet() if found.whole else _change_set(found.diff, found.head)


def _change_set(change: Comparison, head: Document) -> ChangeSet:
    copies = _Copies(head)
    return ChangeSet(
        added=tuple(Added(new.title, new.section, new.line) for new in change.added),
        removed=tuple(
            Removed(old.title, old.section, old.line, copies.line_of(old)) for old in change.removed
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


class _Copies:
    """Finds another entry of a paper: by title and by links, for comparing all with all is quadratic."""

    def __init__(self, document: Document) -> None:
        self._by_name: dict[str, list[Listed]] = defaultdict(list)
        for listed in document.entries:
            for name in (listed.key, *listed.places):
                self._by_name[name].append(listed)

    def line_of(self, listed: Listed) -> int | None:
        """Return the first line of an entry of the same paper, None when there is none."""
        names = (listed.key, *listed.places)
        candidates = (other for name in names for other in self._by_name.get(name, ())[:_MOST_COPIES])
        return min((other.line for other in candidates if same_work(listed, other)), default=None)
