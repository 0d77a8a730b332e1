"""An entry against the records of the paper that its link names."""

from __future__ import annotations

from datetime import date

import pytest

from rules.changes.paper_records import query_of
from rules.context import Question
from rules.evaluate import evaluate
from rules.papers.evidence import Evidence, Record
from rules.report.findings import Finding, Severity
from tests.rules.making import OLD, POLICY, TODAY, TOP, change, entry, found, text

DAY = date(2017, 3, 1)
URL = "http://arxiv.org/pdf/1502.03167"
TITLE = "Batch normalization of deep networks"


def said(line: str, *records: Record, section: str = TOP) -> list[Finding]:
    """Return what is reported of a line that is added, by the records of its paper."""
    of = change(text(section), text(section, line))
    evidence = Evidence({query_of(listed): records for listed in of.head.entries})
    return found(evaluate(of, POLICY, evidence, Question(TODAY)), "record")


def record(title: str = TITLE, surnames: tuple[str, ...] = ("Ioffe", "Szegedy"), *years: int) -> Record:
    return Record("A source", DAY, 9000, title, surnames, years or (2015,))


def line(authors: str = "S. Ioffe and C. Szegedy", year: int = 2015, title: str = TITLE) -> str:
    return entry(title, year, authors=authors, url=URL)


def test_an_entry_that_agrees_is_not_reported() -> None:
    """Nor one that no source knows, or knows without a title."""
    assert said(line(), record()) == []
    assert said(line()) == []
    assert said(line(), record(title="")) == []


def test_a_slip_is_corrected_in_the_name_and_nowhere_else() -> None:
    """The title may hold the same word; lines and title are the entry's."""
    (finding,) = said(
        line("S. Loffe and C. Szegedy", title="Loffe networks of batches"),
        record("Loffe networks of batches"),
    )
    assert (finding.code, finding.severity) == ("author-slip", Severity.WARNING)
    assert (finding.line, finding.end_line, finding.title) == (4, 4, "Loffe networks of batches")
    assert finding.message == "Typo? A source spells the author Ioffe."
    assert finding.fix is not None
    assert (finding.fix.line, finding.fix.end_line) == (4, 4)
    assert finding.fix.text == line("S. Ioffe and C. Szegedy", title="Loffe networks of batches")


@pytest.mark.parametrize(
    ("written", "codes"),
    [
        ("S. Ioffe", []),
        ("S. Ioffa", ["author-slip"]),
        ("S. Loffa", ["author-slip"]),
        ("S. Loffaa", ["authors-differ"]),
    ],
)
def test_a_slip_is_two_letters_at_most(written: str, codes: list[str]) -> None:
    """From three on it is another author."""
    assert [finding.code for finding in said(line(f"{written} et al."), record())] == codes


@pytest.mark.parametrize(
    ("surnames", "shown"),
    [(("Bee", "Cee", "Dee"), "Bee, Cee, Dee"), (("Bee", "Cee", "Dee", "Eee"), "Bee, Cee, Dee et al.")],
)
def test_other_authors_are_an_error_that_names_three(surnames: tuple[str, ...], shown: str) -> None:
    """And says when there are more."""
    (finding,) = said(line(), record(TITLE, surnames))
    assert (finding.code, finding.severity, finding.fix) == ("authors-differ", Severity.ERROR, None)
    assert finding.message == f"These are not the authors A source names: {shown}."


def test_one_right_author_is_enough_and_the_first_is_named() -> None:
    """The order of names is a warning; a second record may have the entry's order."""
    (finding,) = said(line("C. Szegedy et al."), record())
    assert (finding.code, finding.severity) == ("first-author", Severity.WARNING)
    assert finding.message == "Name Ioffe first: A source has that first author."
    assert said(line("C. Szegedy et al."), record(), record(TITLE, ("Szegedy", "Ioffe"))) == []
    assert said(line("S. Ioffe and A. Stranger"), record()) == []


@pytest.mark.parametrize(
    ("years", "differs"),
    [
        ((2015,), None),
        ((2014,), None),
        ((2016,), None),
        ((2013,), 2013),
        ((2017, 2012), 2017),
        ((2013, 2016), None),
    ],
)
def test_a_year_may_be_one_off(years: tuple[int, ...], differs: int | None) -> None:
    """A preprint and its publication often are; the nearest known year is named."""
    of = said(line(), record(TITLE, ("Ioffe",), *years))
    assert [(finding.code, finding.severity) for finding in of] == (
        [("year-differs", Severity.WARNING)] if differs else []
    )
    if differs:
        assert (
            of[0].message == f"Check the year: A source has {differs}, and that year decides the threshold."
        )


def test_another_title_is_another_paper_unless_the_author_is_the_same() -> None:
    """Then a maintainer decides."""
    (other,) = said(line(), record("Something of another kind", ("Bee",)))
    assert (other.code, other.severity) == ("other-paper", Severity.ERROR)
    assert other.message == (
        'Correct the link: it leads to another paper, "Something of another kind" (A source).'
    )
    (renamed,) = said(line(), record("Something of another kind", ("Bee", "Ioffe")))
    assert (renamed.code, renamed.severity) == ("other-title", Severity.DECISION)


def test_a_title_that_differs_in_some_words_is_a_warning() -> None:
    """It quotes the record's."""
    (finding,) = said(line(), record("Batch normalization of very deep nets"))
    assert (finding.code, finding.severity) == ("title-differs", Severity.WARNING)
    assert finding.message == 'Check the title: A source has "Batch normalization of very deep nets".'


def test_outside_the_top_sections_only_identifiers_are_looked_up() -> None:
    """A title alone finds too many papers."""
    nowhere = entry(TITLE, 2009, authors="A. Stranger", url="http://example.org/a.pdf", bold=False)
    assert said(nowhere, record(), section=OLD) == []
    named = entry(TITLE, 2009, authors="A. Stranger", url=URL, bold=False)
    assert {finding.code for finding in said(named, record(), section=OLD)} == {
        "authors-differ",
        "year-differs",
    }
