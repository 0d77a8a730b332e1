"""The rule ``order``: inside a section the newest papers come first."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from rules.context import RuleContext
from rules.reading.document import Listed, subgroup_takes
from rules.report.findings import Finding, Related, Severity

RULE = "order"


def check(context: RuleContext) -> Iterator[Finding]:
    """Yield entries that the change puts below an older one, or above a newer one.

    Bad: not-newest-first
        - **Memory networks** (2014), J. Weston et al. [[pdf]](https://arxiv.org/pdf/1410.3916)
        - **Spatial transformer network** (2015), M. Jaderberg et al. [[pdf]](http://arxiv.org/pdf/1506.02025)
    Good:
        ### Appendix: More than Top 100
        *(2016)*
        - Pointer networks (2016), O. Vinyals et al. [[pdf]](http://example.org/pointer.pdf)
        - Brain tumor segmentation (2017), M. Havaei et al. [[pdf]](https://arxiv.org/pdf/1505.03540)
    Good:
        - **Spatial transformer network** (2015), M. Jaderberg et al. [[pdf]](http://arxiv.org/pdf/1506.02025)
        - **Memory networks** (2014), J. Weston et al. [[pdf]](https://arxiv.org/pdf/1410.3916)
    """
    touched = {id(after) for after, before in context.touched() if _elsewhere(after, before)}
    dated = [listed for listed in context.list_change.head.entries if _has_its_place(listed)]
    for upper, lower in pairwise(dated):
        if _place(upper) != _place(lower) or not _climbs(upper, lower):
            continue
        introduced = id(upper) in touched or id(lower) in touched
        told, other = (upper, lower) if id(upper) in touched and id(lower) not in touched else (lower, upper)
        below = told is lower
        yield Finding(
            rule=RULE,
            code="not-newest-first",
            severity=Severity.WARNING,
            message=f"Unexpected {told.year.value} {'below' if below else 'above'} {other.year.value},"
            " expected the newest papers first",
            line=told.line,
            end_line=told.end_line,
            title=told.title,
            introduced=introduced,
            related=(Related(line=other.line),),
        )


def _elsewhere(after: Listed, before: Listed | None) -> bool:
    """Return whether the change brings the entry here, or gives it another year."""
    return before is None or before.section != after.section or before.year.value != after.year.value


def _has_its_place(listed: Listed) -> bool:
    """Return whether the entry has a year, and one that its subgroup takes: another rule says if not."""
    year = listed.year.value
    return year is not None and subgroup_takes(listed.subgroup, year) is not False


def _place(listed: Listed) -> tuple[str, str | None]:
    return listed.section, listed.subgroup


def _climbs(upper: Listed, lower: Listed) -> bool:
    return (upper.year.value or 0) < (lower.year.value or 0)
