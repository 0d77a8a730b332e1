"""Only certain corrections: a corrected line is offered when no rule about one entry reports it in turn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from rules.checks import format as format_
from rules.checks import link
from rules.context import ListChange
from rules.editing.fixes import corrected
from rules.form_check import asked_of, form_faults
from rules.policy.policy import Policy
from rules.reading.document import Listed
from rules.reading.entry import read_entry
from rules.report.findings import Finding


def with_certain_fixes(findings: Iterable[Finding], list_change: ListChange) -> Iterator[Finding]:
    """Yield ``findings`` without the corrected lines that would be reported or corrected in their turn."""
    by_line = {listed.line: listed for listed in list_change.head.entries}
    known: dict[tuple[int, str], bool] = {}
    for finding in findings:
        fix = finding.fix
        listed = by_line.get(fix.line) if fix and fix.text is not None else None
        if fix is None or fix.text is None or listed is None:
            yield finding
            continue
        place = (fix.line, fix.text)
        if place not in known:
            known[place] = _is_clean(listed, fix.text, list_change.policy)
        yield finding if known[place] else replace(finding, fix=None)


def _is_clean(listed: Listed, text: str, policy: Policy) -> bool:
    """Return whether nothing is wrong with an entry once it reads ``text``."""
    fixed = corrected(listed)
    if fixed is None or fixed.entry.text != text:
        if listed.entry.fit is not None:
            return False  # nobody has read this line by the form
        fixed = replace(listed, entry=read_entry(text, dated=listed.group.style.year))
    if fixed.entry.fit is not None:
        left = any(form_faults(fixed, asked_of(policy, fixed)))
    else:
        left = any(format_.faults(fixed))
    return not left and not any(link.faults(fixed)) and corrected(fixed) is None
