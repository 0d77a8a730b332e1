"""The newest papers come first inside a section."""

from __future__ import annotations

import pytest

from tests.rules.making import APPENDIX, RECENT, TOP, audit, entry, found, report_on, text

NEWER, MIDDLE, OLDER = entry("A newer one", 2016), entry("A middle one", 2015), entry("An older one", 2014)


def test_an_entry_below_an_older_one_is_reported() -> None:
    """With its place, the entry above it, and what to do."""
    (finding,) = found(report_on(text(TOP, OLDER), text(TOP, OLDER, NEWER)), "order")
    assert (finding.line, finding.end_line, finding.title) == (5, 5, "A newer one")
    assert [place.line for place in finding.related] == [4]
    assert finding.message == "Newest first: move it above the papers of 2014."
    assert finding.introduced
    assert not finding.gates


def test_an_entry_above_a_newer_one_is_reported_itself() -> None:
    """The entry that was there is not to blame."""
    (finding,) = found(report_on(text(TOP, NEWER), text(TOP, OLDER, NEWER)), "order")
    assert (finding.line, finding.title) == (4, "An older one")
    assert finding.message == "Newest first: move it below the papers of 2016."
    assert finding.introduced


@pytest.mark.parametrize("lines", [(NEWER, MIDDLE, OLDER), (MIDDLE, entry("Another one", 2015), OLDER)])
def test_falling_and_equal_years_are_in_order(lines: tuple[str, ...]) -> None:
    """Papers of one year may come in any order."""
    assert found(audit(text(TOP, *lines)), "order") == []


def test_sections_and_subgroups_are_apart() -> None:
    """The first entry of a section, or of a year, follows no other."""
    lines = (TOP, OLDER, "", RECENT, NEWER)
    assert found(audit(text(*lines)), "order") == []
    old, new = (line.replace("**", "") for line in (OLDER, NEWER))
    assert found(audit(text(APPENDIX, "*(2014)*", "", old, "", "*(2016)*", "", new)), "order") == []
    misplaced = (APPENDIX, "*(2014)*", "", old, new)
    assert found(audit(text(*misplaced)), "order") == []  # the rule placement reports the year


def test_a_change_of_year_puts_an_entry_out_of_order() -> None:
    """And a corrected title does not: the order was wrong before."""
    wrong = text(TOP, OLDER, NEWER)
    (finding,) = found(report_on(text(TOP, OLDER, NEWER.replace("2016", "2013")), wrong), "order")
    assert finding.introduced
    (finding,) = found(report_on(wrong, wrong.replace("A newer one", "The newer one")), "order")
    assert (finding.introduced, finding.line) == (False, 5)


def test_an_entry_without_a_year_has_no_place() -> None:
    """The rule format reports the year; its neighbours are compared with each other."""
    dateless = MIDDLE.replace(" (2015)", "")
    assert found(audit(text(TOP, NEWER, dateless, OLDER)), "order") == []
    (finding,) = found(audit(text(TOP, OLDER, dateless, NEWER)), "order")
    assert (finding.line, finding.related[0].line) == (6, 4)
