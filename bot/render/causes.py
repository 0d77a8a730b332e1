"""Findings grouped by what causes them: a line of a list for each cause, with the lines where it is found."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from bot.render.doc_links import rule_link
from bot.render.escape import inline, prose
from bot.render.page import TITLE_LIMIT, bounded
from rules.report.findings import Severity
from rules.sentences import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.render.page import Page
    from rules.report.findings import Finding

MESSAGE_LIMIT = 600
MAX_CAUSES = 25
"""Lines of a list; nobody reads more of them."""
MAX_LINES = 10
"""Places named for one cause."""


def causes(page: Page, head: str, findings: Sequence[Finding], limit: int) -> str:
    """Return ``head`` above a list with one item for each cause, within ``limit`` bytes; empty without any.

    Findings of one rule and code that say the same share an item. The order is that of their first.
    """
    groups: defaultdict[tuple[str, str, Severity, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        groups[finding.rule, finding.code, finding.severity, finding.message].append(finding)
    return bounded(
        f"{head}\n" if head else "",
        list(groups.values()),
        lambda group: cause(page, group),
        limit,
        at_most=MAX_CAUSES,
    )


def cause(page: Page, group: Sequence[Finding]) -> str:
    """Return the list item for findings that say the same: where, about what, what to do, and the rule."""
    first = group[0]
    mark = "❌ " if first.gates and first.severity is Severity.ERROR else ""
    places = _places(page, group)
    title = f"*{inline(first.title, TITLE_LIMIT)}*" if first.title and len(group) == 1 else ""
    about = " ".join(part for part in (places, title) if part)
    said = f"{about}: {_said(first)}" if about else _said(first)
    return f"- {mark}{said} {rule_link(first.rule, first.code)}"


def _said(finding: Finding) -> str:
    return prose(finding.message, MESSAGE_LIMIT)


def _places(page: Page, group: Sequence[Finding]) -> str:
    lines = list(dict.fromkeys((item.line, item.end_line) for item in group if item.line is not None))
    shown = [page.line(line, end_line) for line, end_line in lines[:MAX_LINES] if line is not None]
    left = len(lines) - len(shown)
    return ", ".join([*shown, *([f"and {counted(left, 'more line', 'more lines')}"] if left else [])])
