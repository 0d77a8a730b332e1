"""Makes small lists and evaluates changes of them, for tests of single rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from rules.context import ListChange, Question
from rules.evaluate import Unreadable, evaluate, read_change, read_whole
from rules.papers.evidence import Evidence
from rules.policy.policy import Policy
from rules.policy.presets import MOST_CITED
from rules.report.findings import Finding
from rules.report.report import Report

TODAY = date(2017, 3, 15)
TOP = "### Image / Video / Etc"
RECENT = "### More Papers from 2016"
NEW = "### New papers"
OLD = "### Old Papers"
APPENDIX = "### Appendix: More than Top 100"
SURVEYS = "### Book / ListChange / Review"
POLICY = replace(MOST_CITED, companion=None)


def entry(
    title: str, year: int = 2015, *, authors: str = "A. Author et al.", url: str = "", bold: bool = True
) -> str:
    """Return a line of a list; without ``url`` its link is made from its title."""
    place = url or f"http://example.org/{title.lower().replace(' ', '-')}.pdf"
    shown = f"**{title}**" if bold else title
    return f"- {shown} ({year}), {authors} [[pdf]]({place})"


def text(*lines: str) -> str:
    """Return the text of a list."""
    return "\n".join(("# A list", "", *lines, ""))


def change(before: str, after: str, policy: Policy = POLICY, base: str | None = None) -> ListChange:
    """Return the change from ``before`` to ``after``, made to ``base`` where that has moved on."""
    found = read_change(before, before if base is None else base, after, policy)
    assert not isinstance(found, Unreadable), found.reason
    return found


def report_on(
    before: str, after: str, policy: Policy = POLICY, *, today: date = TODAY, evidence: Evidence | None = None
) -> Report:
    """Return the report on a change."""
    return evaluate(change(before, after, policy), policy, evidence, Question(today))


def audit(of: str, policy: Policy = POLICY, today: date = TODAY) -> Report:
    """Return the report on a whole list."""
    return evaluate(read_whole(of, policy), policy, None, Question(today))


def found(report: Report, rule: str) -> list[Finding]:
    """Return what a rule reports, in the order of the report."""
    return [finding for finding in report.findings if finding.rule == rule]


def codes(report: Report, rule: str) -> list[str]:
    """Return the codes that a rule reports as introduced."""
    return [finding.code for finding in found(report, rule) if finding.introduced]
