"""Which papers could make room, where they would go, and in which form."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rules.changes.paper_records import query_of
from rules.context import Question
from rules.evaluate import evaluate, wanted
from rules.papers.evidence import Evidence, Record
from rules.report.report import Report
from tests.rules.making import APPENDIX, POLICY, RECENT, TODAY, TOP, audit, change, entry, text

PAPERS = [
    entry(f"Recent paper number {number}", 2016, url=f"http://arxiv.org/pdf/1601.0000{number}")
    for number in range(1, 8)
]
ADDED = entry("A paper that comes in", url="http://arxiv.org/pdf/1506.02025")
OTHER = (
    APPENDIX,
    "*(2016)*",
    "",
    entry("A newer one", 2016, bold=False),
    entry("Another newer one", 2016, bold=False),
    "",
    "*(2015)*",
    "",
    entry("An older one", 2015, bold=False),
)


def report_of(recent: int, cap: int, counts: dict[str, int], *added: str) -> Report:
    """Return the report on papers that come into the top sections, over the cap."""
    before = text(TOP, "", RECENT, *PAPERS[:recent], "", *OTHER)
    after = text(TOP, *(added or (ADDED,)), "", RECENT, *PAPERS[:recent], "", *OTHER)
    of = change(before, after, replace(POLICY, cap=cap))
    evidence = Evidence(
        {
            query_of(listed): (Record("A source", TODAY, counts[listed.title]),)
            for listed in of.head.entries
            if listed.title in counts
        }
    )
    return evaluate(of, of.policy, evidence, Question(TODAY))


def counts_of(*counts: int) -> dict[str, int]:
    return {f"Recent paper number {number}": count for number, count in enumerate(counts, 1)}


def test_the_weakest_of_the_section_that_gives_way_come_first() -> None:
    """With figures, the ready line and the exact place: under its year, after the newest of them."""
    report = report_of(3, 3, counts_of(300, 100, 200))
    assert [item.title for item in report.removals] == [
        "Recent paper number 2",
        "Recent paper number 3",
        "Recent paper number 1",
    ]
    first = report.removals[0]
    assert (first.line, first.year, first.section) == (8, 2016, "More Papers from 2016")
    assert (first.citations, first.threshold, first.ratio) == (100, 60, 1.7)
    assert first.move_to is not None
    assert (first.move_to.section, first.move_to.after_line) == ("Appendix: More than Top 100", 15)
    assert first.move_to.text == PAPERS[1].replace("**", "")


@pytest.mark.parametrize(("recent", "over", "shown"), [(7, 1, 5), (7, 6, 6)])
def test_at_least_five_are_suggested_and_as_many_as_are_over(recent: int, over: int, shown: int) -> None:
    """So that a maintainer has a choice."""
    added = [entry(f"A paper that comes in as {number}") for number in range(over)]
    report = report_of(recent, recent, counts_of(*range(100, 100 + recent)), *added)
    assert report.top_count.head == recent + over
    assert len(report.removals) == shown


def test_papers_without_a_count_are_not_ranked_but_counted() -> None:
    """The report says how many there are."""
    report = report_of(3, 3, counts_of(300))
    assert ([item.title for item in report.removals], report.removals_uncounted) == (
        ["Recent paper number 1"],
        2,
    )
    report = report_of(3, 3, {})
    assert ([item.line for item in report.removals], report.removals_uncounted) == ([7, 8, 9], 3)
    assert {item.ratio for item in report.removals} == {None}


def test_all_counted_sections_are_asked_when_the_first_has_too_few() -> None:
    """One paper too many needs one candidate; two need two."""
    one = report_of(1, 1, counts_of(300))
    assert {item.section for item in one.removals} == {"More Papers from 2016"}
    before = text(TOP, entry("A top paper"), "", RECENT, PAPERS[0])
    after = text(TOP, entry("A top paper"), ADDED, entry("Another one that comes in"), "", RECENT, PAPERS[0])
    of = change(before, after, replace(POLICY, cap=2))
    assert {query.title for query in wanted(of).count_only} == {"A top paper", "Recent paper number 1"}


def test_what_the_change_adds_is_not_suggested() -> None:
    """Nor is a paper that it moves up; nothing is asked while the list fits."""
    appendix = entry("An older one", 2015, bold=False)
    before = text(TOP, "", RECENT, PAPERS[0], "", APPENDIX, appendix)
    after = text(TOP, entry("An older one", 2015), "", RECENT, PAPERS[0], "", APPENDIX)
    of = change(before, after, replace(POLICY, cap=1))
    assert [query.title for query in wanted(of).count_only] == ["Recent paper number 1"]
    assert wanted(change(before, after, replace(POLICY, cap=2))).count_only == ()


def test_without_an_appendix_there_is_nowhere_to_move_to() -> None:
    """The paper is suggested all the same."""
    policy = replace(POLICY, cap=1)
    report = audit(text(TOP, entry("A top paper"), "", RECENT, PAPERS[0]), policy)
    assert [item.move_to for item in report.removals] == [None]
