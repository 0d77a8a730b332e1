"""The rule ``count``: the top sections hold at most as many papers as the policy allows."""

from __future__ import annotations

from collections.abc import Iterator

from rules.context import ListChange, RuleContext
from rules.report.findings import Finding, Severity
from rules.report.report import Tally
from rules.rule import Code, Rule


def check(context: RuleContext) -> Iterator[Finding]:
    """Yield one finding when the resulting list is over its cap.

    Bad: over-limit, cap 1
        - **Spatial transformer network** (2015), M. Jaderberg et al. [[pdf]](http://arxiv.org/pdf/1506.02025)
        - **Memory networks** (2014), J. Weston et al. [[pdf]](https://arxiv.org/pdf/1410.3916)
    Good: cap 2
        - **Spatial transformer network** (2015), M. Jaderberg et al. [[pdf]](http://arxiv.org/pdf/1506.02025)
        - **Memory networks** (2014), J. Weston et al. [[pdf]](https://arxiv.org/pdf/1410.3916)
    """
    tally = top_count(context.list_change)
    if tally.cap is None or tally.head is None or tally.base is None or tally.head <= tally.cap:
        return
    over = tally.head - tally.cap
    whole = context.list_change.whole
    if tally.head <= tally.base and not whole:
        papers = f"{tally.head} papers in the top sections, {over} over the limit of {tally.cap}"
        message = f"Still {papers}; this change does not add to them."
        yield RULE.finding("over-limit", message, severity=Severity.WARNING)
        return
    makes = "There are" if whole else "This makes"
    number = "one" if over == 1 else str(over)
    where = " to the appendix" if context.policy.appendix else " out of them"
    yield RULE.finding(
        "over-limit",
        f"{makes} {tally.head} papers in the top sections; the limit is {tally.cap}. Move {number}{where}.",
    )


RULE = Rule(
    name="count",
    summary="The top sections hold at most as many papers as the policy allows.",
    why="The reference list is a top 100: a paper that comes in takes the place of another one.",
    how="Move a paper to the appendix in the same pull request, usually one of *More Papers from 2016*. The"
    " report suggests the papers with the fewest citations for their year, and `/remove` moves one of them.",
    codes=(
        Code(
            "over-limit", Severity.ERROR, "The top sections would hold more papers than the limit.",
            Severity.WARNING, "when the list was over the limit before, and the change does not add to it",
        ),
    ),
    check=check,
)  # fmt: skip


def top_count(list_change: ListChange) -> Tally:
    """Return the papers in counted groups before and after; None throughout without a cap."""
    cap = list_change.policy.cap
    if cap is None:
        return Tally()
    head = sum(result.listed.group.counted for result in list_change.result)
    return Tally(head if list_change.whole else list_change.base.counted(), head, cap)
