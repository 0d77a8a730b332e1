"""The cap at its edges: who makes it worse, by how much, and what to do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rules.policy.policy import Policy
from rules.report.findings import Finding, Severity
from tests.rules.making import APPENDIX, POLICY, TOP, audit, entry, found, report_on, text

LINES = [entry(f"Paper number {number} of many", 2015) for number in range(6)]


def over(before: int, after: int, policy: Policy) -> Finding | None:
    """Return the finding about a change from so many papers to so many."""
    report = report_on(text(TOP, *LINES[:before]), text(TOP, *LINES[:after]), policy)
    return next(iter(found(report, "count")), None)


@pytest.mark.parametrize(
    ("before", "after", "severity"),
    [
        (2, 3, None),
        (3, 4, Severity.ERROR),
        (4, 4, Severity.WARNING),
        (5, 4, Severity.WARNING),
        (4, 3, None),
        (4, 5, Severity.ERROR),
    ],
)
def test_only_a_change_that_makes_it_worse_is_held(
    before: int, after: int, severity: Severity | None
) -> None:
    """At the cap all is well; a list over its cap blocks no change that does not add to it."""
    finding = over(before, after, replace(POLICY, cap=3))
    assert (finding and finding.severity) == severity


def test_the_message_says_how_many_leave_and_where_they_go() -> None:
    """One, or the number; without an appendix nothing is said of it."""
    policy = replace(POLICY, cap=3)
    said = [over(3, after, policy) for after in (4, 5)]
    assert [finding and finding.message for finding in said] == [
        "This makes 4 papers in the top sections; the limit is 3. Move one to the appendix.",
        "This makes 5 papers in the top sections; the limit is 3. Move 2 to the appendix.",
    ]
    finding = over(3, 4, replace(policy, appendix=None))
    assert finding is not None
    assert finding.message.endswith("Move one out of them.")
    finding = over(5, 4, policy)
    assert finding is not None
    assert finding.message == (
        "Still 4 papers in the top sections, 1 over the limit of 3; this change does not add to them."
    )


def test_an_audit_holds_a_list_over_its_cap() -> None:
    """It has no before to compare with."""
    report = audit(text(TOP, *LINES[:4]), replace(POLICY, cap=3))
    (finding,) = found(report, "count")
    assert (finding.severity, finding.line, finding.title) == (Severity.ERROR, None, None)
    assert finding.message.startswith("There are 4 papers")
    assert (report.top_count.base, report.top_count.head, report.top_count.cap) == (4, 4, 3)


def test_without_a_cap_nothing_is_counted() -> None:
    """And the report says so with nulls."""
    policy = replace(POLICY, cap=None)
    assert over(3, 6, policy) is None
    tally = report_on(text(TOP), text(TOP, *LINES), policy).top_count
    assert (tally.base, tally.head, tally.cap) == (None, None, None)


def test_what_leaves_for_the_appendix_makes_room() -> None:
    """One in and one out is no change of the count."""
    before = text(TOP, *LINES[:3], "", APPENDIX)
    after = text(TOP, *LINES[1:4], "", APPENDIX, LINES[0].replace("**", ""))
    report = report_on(before, after, replace(POLICY, cap=3))
    assert found(report, "count") == []
    assert report.removals == ()
