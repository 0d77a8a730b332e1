"""The rule ``placement``: a paper is in a section that takes papers of its year and age."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial

from rules.context import RuleContext
from rules.entry_check import Fault, check_entries
from rules.papers.identifiers import months_between, posted
from rules.policy.policy import Group
from rules.reading.document import Document, Listed, subgroup_takes
from rules.report.findings import Finding, Severity
from rules.rule import Code, Rule

# The code of the reference list for its own first year; other lists have other first years.
_PRE = {2012: "pre-2012"}


def check(context: RuleContext) -> Iterator[Finding]:
    """Yield entries whose year, age or subgroup does not fit their section.

    Bad: pre-2012, also citations/before-thresholds
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
    yield from check_entries(context, RULE, partial(_faults, context=context))


RULE = Rule(
    name="placement",
    summary="A paper is in a section that takes papers of its year and age.",
    why="The reference list's criteria: papers before 2012 go to *Old Papers*, papers of the last six months"
    " to *New Papers*, *More Papers from 2016* takes papers of 2016, and the appendix is sorted by years.",
    how="Move the entry to the section that takes it, or correct its year.",
    codes=(
        Code("pre-2012", Severity.WARNING, "A paper from before 2012 is in a section that begins with 2012."),
        Code("wrong-year-section", Severity.WARNING, "The section does not take papers of this year."),
        Code("not-new", Severity.WARNING, "The paper is older than the section of new papers allows."),
        Code("year-subgroup", Severity.WARNING, "The paper is under a year that is not its own."),
    ),
    check=check,
)


def _faults(listed: Listed, context: RuleContext) -> Iterator[Fault]:
    group, year, today = listed.group, listed.year.value, context.today
    if year is None:
        return
    first, last = group.first_year, group.last_year
    if first is not None and year < first and last is None:
        message = _elsewhere(context, first) or f"{listed.section} takes papers from {first} on."
        yield Fault(_PRE.get(first, "wrong-year-section"), message)
    elif (first is not None and year < first) or (last is not None and year > last):
        message = f"Move this paper of {year}: {listed.section} takes papers of {_span(group)}."
        yield Fault("wrong-year-section", message)
    if year > today.year + 1:
        yield Fault("wrong-year-section", f"Correct the year: {year} is in the future.")
    if group.newest_months:
        newest = _newest(listed, year)
        if months_between(newest, today) > group.newest_months:
            month = f"{newest:%Y-%m}" if _posted(listed) else str(year)
            holds = f"{listed.section} holds the last {group.newest_months} months"
            yield Fault("not-new", f"{holds}; this one is from {month}.")
    if subgroup_takes(listed.subgroup, year) is False:
        yield Fault("year-subgroup", f"Move this paper of {year}: it is under ({listed.subgroup}).")


def _elsewhere(context: RuleContext, first: int) -> str | None:
    """Return where papers before ``first`` go, None when no section of the list is for them."""
    document: Document = context.list_change.head
    name = next(
        (section.name for section in document.sections if (section.group.last_year or first) < first), None
    )
    return f"Papers before {first} go to {name}." if name else None


def _span(group: Group) -> str:
    first, last = group.first_year, group.last_year
    if first == last:
        return str(first)
    return f"{last} or earlier" if first is None else f"{first} to {last}"


def _posted(listed: Listed) -> date | None:
    return posted(listed.identifier) if listed.identifier else None


def _newest(listed: Listed, year: int) -> date:
    """Return the last month that the paper can be of: that of its identifier, else the last of its year."""
    return _posted(listed) or date(year, 12, 1)
