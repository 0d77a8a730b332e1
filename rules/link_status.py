"""Links that a change brings: which are to be followed, and what is said of those that lead nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rules.context import ListChange, RuleContext
from rules.editing.fixes import first_url
from rules.papers.evidence import Reach, Reached
from rules.reading.document import Listed
from rules.reading.links import Link
from rules.report.findings import Finding, Severity

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


def wanted(list_change: ListChange) -> tuple[str, ...]:
    """Return the URLs to follow, each once: those of touched entries that the list did not have before.

    Of a whole list none is: whoever audits it did not bring them.
    """
    return tuple(dict.fromkeys(link.url for _, link in _brought(list_change)))


def led_nowhere(context: RuleContext, rule: str) -> Iterator[Finding]:
    """Yield, as findings of ``rule``, the links that are dead (error) or could not be verified (warning)."""
    if context.evidence is None:
        return
    for listed, link in _brought(context.list_change):
        reached = context.evidence.reached.get(link.url)
        if reached is not None and reached.reach is not Reach.ALIVE:
            yield _finding(listed, link, reached, rule)


def _finding(listed: Listed, link: Link, reached: Reached, rule: str) -> Finding:
    label = link.label or "pdf"
    if reached.reach is Reach.DEAD:
        code, severity = "dead", Severity.ERROR
        message = f"Unexpected dead link behind [[{label}]]: {reached.reason}"
    else:
        code, severity = "unreachable", Severity.WARNING
        message = f"The link behind [[{label}]] could not be verified: {reached.reason}"
    return Finding(
        rule, code, severity, message, line=listed.line, end_line=listed.end_line, title=listed.title
    )


def _brought(list_change: ListChange) -> Iterator[tuple[Listed, Link]]:
    """Yield the working links that the change brings, with their entries."""
    if list_change.whole:
        return
    change = list_change.diff
    touched = (*change.added, *(pair.after for pair in change.moved + change.modified))
    before = {
        url for document in (list_change.merge_base, list_change.base) for url in _urls(document.entries)
    }
    for listed in touched:
        for link in listed.entry.links:
            # Of URLs without a scheme, and of two in one, more is said elsewhere.
            followable = link.works and _SCHEME.match(link.url) and first_url(link.url) == link.url
            if followable and link.url not in before:
                yield listed, link


def _urls(entries: tuple[Listed, ...]) -> Iterator[str]:
    for listed in entries:
        yield from listed.urls
