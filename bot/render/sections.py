"""The parts of a report in Markdown, each within a number of bytes: what comment and check run share."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.render.advice import deciding, fixing, moving, one_duplicate, settling
from bot.render.causes import MESSAGE_LIMIT, causes
from bot.render.doc_links import rule_link
from bot.render.escape import fenced, inline, prose
from bot.render.page import TITLE_LIMIT, bounded, joined, size_of
from bot.render.removals import lines_to_move, removals
from bot.render.wording import is_over_limit, worst_first
from rules.report.findings import DecisionKind, Severity
from rules.report.report import Verdict
from rules.sentences import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.render.page import Page
    from rules.report.findings import Decision, Finding, Fix

MAX_FIXES = 30
MAX_LISTED = 20
OPEN_FIXES = 5
"""Corrected lines shown open where they are not suggested; more are collapsed."""


@dataclass(frozen=True, slots=True)
class Matters:
    """What a change introduces, by what has to be done about it, the worst first."""

    suggested: Sequence[Finding]
    by_hand: Sequence[Finding]
    to_decide: Sequence[Finding]
    unanswered: Sequence[Finding]


def matters(page: Page) -> Matters:
    """Return the introduced findings by what has to be done; what is said elsewhere is left out."""
    suggested: list[Finding] = []
    by_hand: list[Finding] = []
    to_decide: list[Finding] = []
    unanswered: list[Finding] = []
    ordered = worst_first(page.report.introduced)
    said = one_duplicate([finding for finding in ordered if finding.severity is Severity.ERROR])
    for finding in ordered:
        if finding is said or (page.report.removals and is_over_limit(finding)):
            continue
        if finding.severity is Severity.DECISION:
            to_decide.append(finding)
        elif finding.severity is Severity.UNVERIFIED:
            unanswered.append(finding)
        else:
            (suggested if finding.fix else by_hand).append(finding)
    return Matters(suggested, by_hand, to_decide, unanswered)


def body(page: Page, limit: int, *, with_preexisting: bool = False) -> str:
    """Return the parts within ``limit`` bytes; what one does not need, the next may use.

    Problems that existed before are listed only on request: a comment speaks of the change alone.
    """
    found = matters(page)
    build: dict[str, tuple[int, Callable[[int], str]]] = {
        "removals": (8, lambda room: removals(page, room)),
        "lines to move": (10, lambda room: lines_to_move(page, room)),
        "to decide": (12, lambda room: _to_decide(page, found.to_decide, room)),
        "unanswered": (8, lambda room: causes(page, "", found.unanswered, room)),
        "suggested": (16, lambda room: _suggested(page, found.suggested, room)),
        "by hand": (16, lambda room: _by_hand(page, found.by_hand, room)),
        "settling": (1, lambda _: joined(moving(page), settling(page))),
        "decisions": (6, lambda room: decisions(page, room)),
        "fixes": (12, lambda room: fixes(page, room)),
        "pastes": (5, lambda room: pastes(page, room)),
        "preexisting": (6, lambda room: preexisting(page, room) if with_preexisting else ""),
    }
    order = list(build)
    if page.report.verdict is Verdict.FAIL and not page.report.removals:
        order = ["suggested", "by hand", "settling", *(name for name in order if name not in _CORRECTING)]
    allowance, parts = 0, []
    for share, write in (build[name] for name in order):
        allowance += limit * share // 100
        part = write(allowance)
        if part:
            parts.append(part)
            allowance -= size_of(part) + 2
    return joined(*parts)


_CORRECTING = frozenset({"suggested", "by hand", "settling"})


def _suggested(page: Page, findings: Sequence[Finding], limit: int) -> str:
    where = "in the suggestions" if page.suggests else "corrected below"
    command = fixing(page) if findings else ""
    return joined(causes(page, _heading(where, findings), findings, limit - size_of(command) - 2), command)


def _by_hand(page: Page, findings: Sequence[Finding], limit: int) -> str:
    return causes(page, _heading("by hand", findings), findings, limit)


def _heading(what: str, findings: Sequence[Finding]) -> str:
    if any(finding.severity is Severity.ERROR for finding in findings):
        return f"**{what[:1].upper()}{what[1:]}**"
    return f"**Small things, {what}**"


def _to_decide(page: Page, findings: Sequence[Finding], limit: int) -> str:
    if not findings:
        return ""
    advice = deciding(page, findings)
    head = "" if page.report.verdict is Verdict.DECISION else "**For a maintainer to decide**"
    return joined(causes(page, head, findings, limit - size_of(advice) - 2), advice)


def fixes(page: Page, limit: int) -> str:
    """Return the corrected lines of introduced findings in fences, each once."""
    introduced = worst_first(page.report.introduced)
    offered = {finding.fix for finding in introduced if finding.fix}
    left: defaultdict[int, dict[str, None]] = defaultdict(dict)
    for finding in introduced:
        if finding.line is not None and finding.fix is None and finding.severity is Severity.ERROR:
            left[finding.line][f"{finding.rule}/{finding.code}"] = None
    said = one_duplicate([finding for finding in introduced if finding.severity is Severity.ERROR])
    ordered = sorted(
        (fix for fix in offered if said is None or fix != said.fix), key=lambda fix: (fix.line, fix.end_line)
    )
    head, tail = "**Corrected lines**, ready to copy:", ""
    if page.suggests or len(ordered) > OPEN_FIXES:
        what = "to copy instead of clicking" if page.suggests else "ready to copy"
        head, tail = f"<details><summary>Corrected lines, {what}</summary>", "</details>"
    return bounded(
        head,
        ordered,
        lambda fix: _fix(page, fix, list(left.get(fix.line, ()))),
        limit,
        at_most=MAX_FIXES,
        left_off="and {:,} more",
        tail=tail,
        gap="\n\n",
    )


def pastes(page: Page, limit: int) -> str:
    """Return the entries to add to the companion file in fences, collapsed."""
    findings = [finding for finding in page.report.introduced if finding.paste]
    number = counted(len(findings), "entry", "entries")
    return bounded(
        f"<details><summary>{number} for the BibTeX file, ready to copy</summary>",
        findings,
        lambda finding: (
            f"{inline(finding.title or '', TITLE_LIMIT)}:\n{fenced(finding.paste or '', 'bibtex')}"
        ),
        limit,
        at_most=MAX_FIXES,
        left_off="and {:,} more",
        tail="</details>",
        gap="\n\n",
    )


def decisions(page: Page, limit: int) -> str:
    """Return what maintainers decided, who and why, and which decisions this change has ended."""
    rows = [_settled(page, finding, finding.settled) for finding in page.report.settled if finding.settled]
    rows += [
        _attested(decision) for decision in page.report.decisions if decision.kind is DecisionKind.ATTEST
    ]
    rows += [
        f"- {decision.kind} {inline(decision.rule)} by {_by(decision)} has ended: its subject changed."
        for decision in page.report.ended
    ]
    return bounded("**Decided**\n", rows, str, limit, at_most=MAX_LISTED)


def preexisting(page: Page, limit: int) -> str:
    """Return the problems that existed before, collapsed: nobody has to fix them in this change."""
    old = worst_first(page.report.preexisting)
    number = counted(len(old), "existing problem", "existing problems")
    return bounded(
        f"<details><summary>{number} of the list, not part of this change</summary>\n",
        old,
        lambda finding: f"- {_where(page, finding)}{prose(finding.message, MESSAGE_LIMIT)}",
        limit,
        at_most=MAX_LISTED,
        tail="\n</details>",
    )


def _by(decision: Decision) -> str:
    return f"[{inline(decision.by)}]({decision.url}) on {decision.made_on.isoformat()}"


def _attested(decision: Decision) -> str:
    title = inline(decision.title or "", TITLE_LIMIT)
    return f"- *{title}*: {decision.count or 0:,} citations, attested by {_by(decision)}."


def _settled(page: Page, finding: Finding, decision: Decision) -> str:
    title = f"*{inline(finding.title, TITLE_LIMIT)}*: " if finding.title else ""
    verb = "waived" if decision.kind is DecisionKind.WAIVE else "accepted"
    reason = f": {inline(decision.reason, MESSAGE_LIMIT)}" if decision.reason else ""
    name = rule_link(finding.rule, finding.code)
    return f"- {_where(page, finding)}{title}{verb} by {_by(decision)}{reason} {name}"


def _fix(page: Page, fix: Fix, left: Sequence[str]) -> str:
    place = _capital(page.line(fix.line, fix.end_line))
    if fix.text is None:
        return f"{place}: delete {'them' if fix.end_line > fix.line else 'it'}."
    note = f" (by hand: {', '.join(left)})" if left else ""
    return f"{place}{note}:\n{fenced(fix.text)}"


def _where(page: Page, finding: Finding) -> str:
    return f"{_capital(page.line(finding.line, finding.end_line))}: " if finding.line is not None else ""


def _capital(place: str) -> str:
    """Return ``line 71`` with a capital, inside its link where it is one."""
    return place.replace("line", "Line", 1)
