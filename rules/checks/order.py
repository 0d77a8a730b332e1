"""The rule ``order``: inside a section the newest papers come first."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from rules.context import RuleContext
from rules.papers.identifiers import posted
from rules.reading.document import Listed, subgroup_takes
from rules.report.findings import Finding, Related, Severity
from rules.rule import Code, Rule


def check(context: RuleContext) -> Iterator[Finding]:
    """Yield entries that the change puts below an older one, or above a newer one.

    Bad: not-newest-first
        - **Memory networks** (2014), J. Weston et al. [[pdf]](https://arxiv.org/pdf/1410.3916)
        - **Spatial transformer network** (2015), M. Jaderberg et al. [[pdf]](http://arxiv.org/pdf/1506.02025)
    Good:
        ### Appendix: More than Top 100
        *(2016)*
        - Pointer networks (2016), O. Vinyals et al. [[pdf]](http://example.org/pointer.pdf)
    Good:
        - **Spatial transformer network** (2015), M. Jaderberg et al. [[pdf]](http://arxiv.org/pdf/1506.02025)
        - **Memory networks** (2014), J. Weston et al. [[pdf]](https://arxiv.org/pdf/1410.3916)
    """
    order = context.policy.order
    if order is None:
        return
    placed = {id(after) for after, before in context.list_change.touched() if _is_placed(after, before)}
    dated = [
        (listed, date)
        for listed in context.list_change.head.entries
        if _fits_its_subgroup(listed) and (date := _date(listed, order.by)) is not None
    ]
    for (upper, above), (lower, beneath) in pairwise(dated):
        falls = above > beneath if order.newest_first else above < beneath
        if _place(upper) != _place(lower) or above == beneath or falls:
            continue
        # Of two entries, report the one that the change placed; of two such, or of none, the lower.
        below = id(lower) in placed or id(upper) not in placed
        reported, other = (lower, upper) if below else (upper, lower)
        yield RULE.at(
            reported,
            "not-newest-first",
            f"{'Newest' if order.newest_first else 'Oldest'} first: move it {'above' if below else 'below'}"
            f" the papers of {other.year.value}.",
            introduced=id(upper) in placed or id(lower) in placed,
            related=(Related(line=other.line),),
        )


RULE = Rule(
    name="order",
    summary="Inside a section the newest papers come first.",
    why="Readers find what is new at the top of a section, and a paper's place shows its year.",
    how="Move the entry up, or down, to the papers of its year.",
    codes=(
        Code("not-newest-first", Severity.WARNING, "The entry is below an older one, or above a newer one."),
    ),
    check=check,
)


def _is_placed(after: Listed, before: Listed | None) -> bool:
    """Return whether the change puts the entry here, or gives it another year."""
    return before is None or before.path != after.path or before.year.value != after.year.value


def _fits_its_subgroup(listed: Listed) -> bool:
    """Return whether the entry has a year that its subgroup takes; other rules report it if not."""
    year = listed.year.value
    return year is not None and subgroup_takes(listed.subgroup, year) is not False


def _place(listed: Listed) -> tuple[str, str | None]:
    return listed.place, listed.subgroup


def _date(listed: Listed, by: str) -> tuple[int, int] | None:
    """Return what the order goes by: the year, year and month, or those of the arXiv id."""
    year = listed.year.value
    if by == "year" or year is None:
        return None if year is None else (year, 0)
    if by == "date":
        return None if listed.entry.month is None else (year, listed.entry.month)
    day = listed.identifier and posted(listed.identifier)
    return (day.year, day.month) if day else None
