"""The rule ``count``: the top sections hold at most as many papers as the policy allows."""

from __future__ import annotations

from collections.abc import Iterator

from rules.context import ListChange, RuleContext
from rules.report.findings import Finding, Severity
from rules.report.report import Tally

RULE = "count"


def check(context: RuleContext) -> Iterator[Finding]:
    """Yield one finding when the list as it will be is over its cap.

    It is an error when the change makes it worse, a warning when it leaves it over the cap as it was.

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
    worse = tally.head > tally.base or context.list_change.whole
    over = tally.head - tally.cap
    came = f"{tally.base} before this change" if worse else "as before"
    yield Finding(
        rule=RULE,
        code="over-limit",
        severity=Severity.ERROR if worse else Severity.WARNING,
        message=f"Unexpected {tally.head} papers in the top sections ({came}), expected at most {tally.cap}:"
        f" take out {over}",
    )


def top_count(list_change: ListChange) -> Tally:
    """Return the papers in counted groups before and after; None throughout without a cap."""
    cap = list_change.policy.cap
    if cap is None:
        return Tally()
    head = sum(stands.listed.group.counted for stands in list_change.result)
    return Tally(head if list_change.whole else list_change.base.counted(), head, cap)
