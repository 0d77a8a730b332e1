"""Checks of each entry by itself: what is wrong, what the change introduces, and what a fix mends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rules.context import RuleContext
from rules.editing.fixes import corrected
from rules.reading.document import Listed
from rules.report.findings import Finding, Fix
from rules.rule import Rule


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one entry, whether the change introduced it or not."""

    code: str
    message: str


Faults = Callable[[Listed], Iterator[Fault]]


def check_entries(context: RuleContext, rule: Rule, faults: Faults) -> Iterator[Finding]:
    """Yield the faults of every entry of head, each with the corrected line where that mends it.

    A fault is introduced when the change touches the entry and the entry did not have it before.
    """
    earlier = {id(after): before for after, before in context.list_change.touched()}
    for listed in context.list_change.head.entries:
        found = list(faults(listed))
        if not found:
            continue
        touched = id(listed) in earlier
        before = earlier.get(id(listed))
        old = {fault.code for fault in faults(before)} if before else set()
        line = corrected(listed)
        codes = {fault.code for fault in found}
        left = {fault.code for fault in faults(line)} if line else codes
        mends = codes - left if left <= codes else set()
        for fault in found:
            yield rule.at(
                listed,
                fault.code,
                fault.message,
                introduced=touched and fault.code not in old,
                fix=Fix(listed.line, listed.end_line, line.entry.text)
                if line and fault.code in mends
                else None,
            )
