"""Years and ages at the edges of what the sections take."""

from __future__ import annotations

from datetime import date

import pytest

from tests.rules.making import APPENDIX, NEW, OLD, RECENT, TOP, audit, codes, entry, found, report_on, text


def placed(section: str, line: str, today: date = date(2017, 3, 15), *more: str) -> list[str]:
    """Return the codes for a line that is added to a section."""
    return codes(report_on(text(section, *more), text(section, line, *more), today=today), "placement")


@pytest.mark.parametrize(("year", "code"), [(2011, ["pre-2012"]), (2012, []), (2018, [])])
def test_top_sections_begin_with_2012(year: int, code: list[str]) -> None:
    """2012 is in, 2011 is not; next year is not yet the future."""
    assert placed(TOP, entry("A paper", year)) == code


@pytest.mark.parametrize(("year", "code"), [(2015, True), (2016, False), (2017, True)])
def test_more_papers_from_2016_takes_2016_alone(year: int, code: bool) -> None:
    """Neither 2015 nor 2017; its titles are bold."""
    assert placed(RECENT, entry("A paper", year)) == ["wrong-year-section"] * code
    report = report_on(text(RECENT), text(RECENT, entry("A paper", 2016, bold=False)))
    assert codes(report, "format") == ["not-bold"]


@pytest.mark.parametrize(("year", "code"), [(2011, False), (2012, True)])
def test_old_papers_end_with_2011(year: int, code: bool) -> None:
    """2012 is no longer old."""
    assert placed(OLD, entry("A paper", year, bold=False)) == ["wrong-year-section"] * code


def test_the_year_after_next_is_in_the_future() -> None:
    """A paper may be dated ahead by one year, as proceedings are."""
    assert placed(TOP, entry("A paper", 2019)) == ["wrong-year-section"]


@pytest.mark.parametrize(
    ("posted", "today", "is_new"),
    [
        ("1609.00001", date(2017, 3, 1), True),
        ("1609.00001", date(2017, 3, 31), True),
        ("1608.00001", date(2017, 3, 1), False),
        ("1612.00001", date(2017, 6, 30), True),
        ("1612.00001", date(2017, 7, 1), False),
        ("1701.00001", date(2017, 7, 31), True),
    ],
)
def test_new_papers_are_of_the_last_six_months(posted: str, today: date, is_new: bool) -> None:
    """Counted by months, across the end of a year, from the month in the arXiv id."""
    line = entry("A paper", 2016, url=f"https://arxiv.org/pdf/{posted}", bold=False)
    assert placed(NEW, line, today) == ["not-new"] * (not is_new)


@pytest.mark.parametrize(
    ("year", "today", "is_new"), [(2016, date(2017, 6, 1), True), (2016, date(2017, 7, 1), False)]
)
def test_without_an_identifier_a_paper_may_be_of_the_last_month_of_its_year(
    year: int, today: date, is_new: bool
) -> None:
    """Nobody is blamed for what the entry does not say."""
    assert placed(NEW, entry("A paper", year, bold=False), today) == ["not-new"] * (not is_new)


def test_messages_say_where_the_paper_goes() -> None:
    """The section for old papers is named where the list has one; a new paper's month is that of its id."""
    line = entry("A paper", 2011)
    (finding,) = found(report_on(text(TOP, "", OLD), text(TOP, line, "", OLD)), "placement")
    assert finding.message == "Papers before 2012 go to Old Papers."
    (finding,) = found(report_on(text(TOP), text(TOP, line)), "placement")
    assert finding.message == "Image / Video / Etc takes papers from 2012 on."
    (finding,) = found(report_on(text(RECENT), text(RECENT, entry("A paper"))), "placement")
    assert finding.message == "Move this paper of 2015: More Papers from 2016 takes papers of 2016."
    line = entry("A paper", 2016, url="https://arxiv.org/pdf/1604.00001", bold=False)
    (finding,) = found(report_on(text(NEW), text(NEW, line)), "placement")
    assert finding.message == "New papers holds the last 6 months; this one is from 2016-04."


@pytest.mark.parametrize(
    ("subgroup", "year", "fits"),
    [
        ("2015", 2015, True),
        ("2015", 2014, False),
        ("~2014", 2014, True),
        ("~2014", 2009, True),
        ("~2014", 2015, False),
    ],
)
def test_a_subgroup_takes_its_year(subgroup: str, year: int, fits: bool) -> None:
    """*(2015)* takes 2015, *(~2014)* takes 2014 and all years before."""
    before = text(APPENDIX, f"*({subgroup})*", "")
    after = text(APPENDIX, f"*({subgroup})*", "", entry("A paper", year, bold=False))
    assert codes(report_on(before, after), "placement") == ["year-subgroup"] * (not fits)


def test_an_old_fault_is_not_introduced_and_an_audit_calls_it_so() -> None:
    """A change of other lines leaves it where it was; an audit checks every line."""
    before = text(TOP, entry("A paper", 2011))
    (finding,) = found(
        report_on(before, text(TOP, entry("Another one"), entry("A paper", 2011))), "placement"
    )
    assert (finding.introduced, finding.line, finding.title) == (False, 5, "A paper")
    assert [finding.introduced for finding in found(audit(before), "placement")] == [True]
