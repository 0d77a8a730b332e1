"""Links that a change introduces: which ones to follow, and what to report of those that lead nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rules.context import ListChange, RuleContext
from rules.editing.fixes import first_url
from rules.papers.evidence import Reach
from rules.reading.document import Listed
from rules.reading.links import Link
from rules.report.findings import Finding
from rules.rule import Rule

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


def urls_to_follow(list_change: ListChange) -> tuple[str, ...]:
    """Return the URLs to follow, each once: those of touched entries that the list did not have before.

    In an audit there are none: the list had all of its links before.
    """
    return tuple(dict.fromkeys(link.url for _, link in _introduced(list_change)))


def check_links(context: RuleContext, rule: Rule) -> Iterator[Finding]:
    """Yield, as findings of ``rule``, the links that are ``dead`` or that could not be reached."""
    if context.evidence is None:
        return
    for listed, link in _introduced(context.list_change):
        reached = context.evidence.reached.get(link.url)
        if reached is None or reached.reach is Reach.ALIVE:
            continue
        label = link.label or "pdf"
        if reached.reach is Reach.DEAD:
            yield rule.at(listed, "dead", f"Replace the dead link behind `[[{label}]]`: {reached.reason}.")
        else:
            message = f"The link behind `[[{label}]]` could not be verified: {reached.reason}."
            yield rule.at(listed, "unreachable", message)


def _introduced(list_change: ListChange) -> Iterator[tuple[Listed, Link]]:
    """Yield the working links that the change introduces, with their entries."""
    if list_change.whole:
        return
    documents = (list_change.merge_base, list_change.base)
    before = {url for document in documents for listed in document.entries for url in listed.urls}
    for listed in list_change.diff.touched:
        for link in listed.entry.links:
            # The rule link reports URLs without a scheme, and two URLs pasted together.
            followable = link.works and _SCHEME.match(link.url) and first_url(link.url) == link.url
            if followable and link.url not in before:
                yield listed, link
