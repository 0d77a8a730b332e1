"""One change with all that is known about it: what every rule judges."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from rules.apply import Standing
from rules.bibliography import Companion
from rules.compare import Comparison
from rules.correct import corrected
from rules.document import Document, Listed
from rules.evidence import Evidence
from rules.findings import Finding, Fix, Severity
from rules.policy import Policy


@dataclass(frozen=True, slots=True)
class Survey:
    """A change as read: where its branch left, the base as it is now, its head, what it does, and the result.

    ``whole`` is true for an audit, which judges every line of a list and compares with nothing.
    ``companion`` is the BibTeX file beside the list, None where it has none.
    """

    policy: Policy
    merge_base: Document
    base: Document
    head: Document
    change: Comparison
    result: tuple[Standing, ...]
    whole: bool = False
    companion: Companion | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A survey with the evidence, the words of the pull request, and the day it is judged.

    ``evidence`` is None when no source was asked (offline). ``patient`` is false once a source has been
    silent for so long that a maintainer has to decide without it.
    """

    survey: Survey
    evidence: Evidence | None
    description: str
    today: date
    patient: bool = True

    @property
    def policy(self) -> Policy:
        """The policy of the list."""
        return self.survey.policy

    def touched(self) -> Iterator[tuple[Listed, Listed | None]]:
        """Yield each entry of head that the change adds, moves or modifies, with what it was before."""
        if self.survey.whole:
            yield from ((listed, None) for listed in self.survey.head.entries)
            return
        change = self.survey.change
        yield from ((listed, None) for listed in change.added)
        yield from ((pair.after, pair.before) for pair in change.moved + change.modified)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one entry, before it is known whether the change brought it."""

    code: str
    severity: Severity
    message: str


Faults = Callable[[Listed], Iterator[Fault]]


def judge_entries(case: Case, rule: str, faults: Faults) -> Iterator[Finding]:
    """Yield the faults of every entry of head, each with the corrected line where one mends it.

    A fault is introduced when the change touches the entry and the entry did not have it before.
    """
    earlier = {id(after): before for after, before in case.touched()}
    for listed in case.survey.head.entries:
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
