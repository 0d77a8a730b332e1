"""The rule ``placement``: a paper stands in a section that takes papers of its year and age."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial

from rules.context import Fault, RuleContext, check_entries
from rules.papers.identifiers import months_between, posted
from rules.policy.policy import Group
from rules.reading.document import Listed, subgroup_takes
from rules.report.findings import Finding, Severity

RULE = "placement"


def check(context: RuleContext) -> Iterator[Finding]:
    """Yield entries whose year, age or subgroup does not fit their section.

    The list's criteria: papers before 2012 go to *Old Papers*, papers of the last six months to
    *New Papers*; the Appendix is kept by years.

    Bad: pre-2012
        - **Deep sparse rectifier neural networks** (2011), X. Glorot et al. [[pdf]](http://example.org/relu.pdf)
    Bad: wrong-year-section
        ### More Papers from 2016
        - **Spatial transformer network** (2015), M. Jaderberg et al. [[pdf]](http://arxiv.org/pdf/1506.02025)
    Bad: not-new
        ### New papers
        - Wasserstein GAN (2017), M. Arjovsky et al. [[pdf]](https://arxiv.org/pdf/1701.07875v1)
    Bad: year-subgroup
        ### Appendix: More than Top 100
        *(2016)*
        - Pointer networks (2015), O. Vinyals et al. [[pdf]](http://papers.nips.cc/paper/5866-pointer-networks.pdf)
    Good:
        ### Old Papers
        - Deep sparse rectifier neural networks (2011), X. Glorot et al. [[pdf]](http://example.org/relu.pdf)
        ### Appendix: More than Top 100
        *(~2014)*
        - Large scale distributed deep networks (2012), J. Dean et al. [[pdf]](http://example.org/large.pdf)
    """
    yield from check_entries(context, RULE, partial(_faults, today=context.today))


def _faults(listed: Listed, today: date) -> Iterator[Fault]:
    group, year = listed.group, listed.year.value
    if year is None:
        return
    if group.first_year and year < group.first_year and group.last_year is None:
        yield _warning(
            f"pre-{group.first_year}",
            f"Unexpected year {year} in {listed.section}, expected {group.first_year} or later",
        )
    elif not _within(year, group.first_year, group.last_year):
        yield _warning(
            "wrong-year-section",
            f"Unexpected year {year} in {listed.section}, expected {_span(group)}",
        )
    if year > today.year + 1:
        yield _warning("wrong-year-section", f"Unexpected year {year}, it lies in the future")
    if group.newest_months and _older(listed, group.newest_months, today):
        yield _warning(
            "not-new",
            f"Unexpected age in {listed.section}, expected papers of the last {group.newest_months} months",
        )
    if subgroup_takes(listed.subgroup, year) is False:
        yield _warning("year-subgroup", f"Unexpected year {year} under ({listed.subgroup})")


def _within(year: int, first: int | None, last: int | None) -> bool:
    return (first is None or year >= first) and (last is None or year <= last)


def _span(group: Group) -> str:
    first, last = group.first_year, group.last_year
    if first == last:
        return str(first)
    return f"{last} or earlier" if first is None else f"{first} to {last}"


def _older(listed: Listed, months: int, today: date) -> bool:
    """Return whether even the last day the paper can be of lies more than ``months`` back."""
    identifier = listed.identifier
    first = identifier and posted(identifier)
    if first:
        return months_between(first, today) > months
    year = listed.year.value
    return year is not None and months_between(date(year, 12, 1), today) > months


def _warning(code: str, message: str) -> Fault:
    return Fault(code, Severity.WARNING, message)
