"""One change with all that is known about it: what every rule judges."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from rules.bibliography.matching import Companion
from rules.changes.apply import ResultEntry
from rules.changes.compare import Comparison
from rules.editing.fixes import corrected
from rules.papers.evidence import Evidence
from rules.policy.policy import Policy
from rules.reading.document import Document, Listed
from rules.report.findings import Finding, Fix, Severity


@dataclass(frozen=True, slots=True)
class ListChange:
    """A change as read: where its branch left, the base as it is now, its head, what it does, and the result.

    ``whole`` is true for an audit, which judges every line of a list and compares with nothing.
    ``companion`` is the BibTeX file beside the list, None where it has none.
    """

    policy: Policy
    merge_base: Document
    base: Document
    head: Document
    diff: Comparison
    result: tuple[ResultEntry, ...]
    whole: bool = False
    companion: Companion | None = None


@dataclass(frozen=True, slots=True)
class RuleContext:
    """A list change with the evidence, the words of the pull request, and the day it is judged.

    ``evidence`` is None when no source was asked (offline). ``patient`` is false once a source has been
    silent for so long that a maintainer has to decide without it.
    """

    list_change: ListChange
    evidence: Evidence | None
    description: str
    today: date
    patient: bool = True

    @property
    def policy(self) -> Policy:
        """The policy of the list."""
        return self.list_change.policy

    def touched(self) -> Iterator[tuple[Listed, Listed | None]]:
        """Yield each entry of head that the change adds, moves or modifies, with what it was before."""
        if self.list_change.whole:
            yield from ((listed, None) for listed in self.list_change.head.entries)
            return
        change = self.list_change.diff
        yield from ((listed, None) for listed in change.added)
        yield from ((pair.after, pair.before) for pair in change.moved + change.modified)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one entry, before it is known whether the change brought it."""

    code: str
    severity: Severity
    message: str


Faults = Callable[[Listed], Iterator[Fault]]


def check_entries(context: RuleContext, rule: str, faults: Faults) -> Iterator[Finding]:
    """Yield the faults of every entry of head, each with the corrected line where one mends it.

    A fault is introduced when the change touches the entry and the entry did not have it before.
    """
    earlier = {id(after): before for after, before in context.touched()}
    for listed in context.list_change.head.entries:
        touched = id(listed) in earlier
        before = earlier.get(id(listed))
        old = {fault.code for fault in faults(before)} if before else set()
        found = list(faults(listed))
        if not found:
            continue
        line = corrected(listed)
        codes = {fault.code for fault in found}
        left = {fault.code for fault in faults(line)} if line else codes
        mends = codes - left if left <= codes else set()
        for fault in found:
            yield Finding(
                rule=rule,
                code=fault.code,
                severity=fault.severity,
                message=fault.message,
                line=listed.line,
                end_line=listed.end_line,
                title=listed.title,
                introduced=touched and fault.code not in old,
                fix=Fix(listed.line, listed.end_line, line.entry.text)
                if line and fault.code in mends
                else None,
            )
