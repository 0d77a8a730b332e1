"""Citations at the threshold, ages at their edges, and what no source could count."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from rules.changes.paper_records import query_of
from rules.context import Question
from rules.evaluate import evaluate, wanted
from rules.papers.evidence import Answer, Evidence, Record, Unanswered, Unknown
from rules.report.findings import Finding, Severity
from tests.rules.making import OLD, POLICY, RECENT, TODAY, TOP, audit, change, entry, found, text

DAY = date(2017, 3, 1)
ARXIV = "http://arxiv.org/pdf/1506.02025"


def said(
    line: str, *answers: Answer, section: str = TOP, question: Question | None = None
) -> tuple[Finding, ...]:
    """Return what is reported of a line that is added to a section, by the answers about it."""
    of = change(text(section), text(section, line))
    evidence = Evidence({query_of(listed): answers for listed in of.head.entries})
    return tuple(found(evaluate(of, POLICY, evidence, question or Question(TODAY)), "citations"))


def cited(count: int | None, source: str = "A source") -> Record:
    return Record(source, DAY, count)


@pytest.mark.parametrize(
    ("year", "threshold"), [(2012, 800), (2013, 600), (2014, 400), (2015, 200), (2016, 60)]
)
def test_the_threshold_of_a_year_is_enough(year: int, threshold: int) -> None:
    """One citation less is a question for a maintainer, at the entry's lines."""
    line = entry("A paper", year, url=ARXIV)
    assert said(line, cited(threshold)) == ()
    (finding,) = said(line, cited(threshold - 1))
    assert (finding.code, finding.severity) == ("below-threshold", Severity.DECISION)
    assert (finding.line, finding.end_line, finding.title) == (4, 4, "A paper")
    assert finding.message == (
        f"{threshold - 1} citations (A source, 2017-03-01); papers of {year} usually need {threshold}."
        " Say in the description why it belongs in the list."
    )


def test_the_highest_count_decides_and_all_are_shown() -> None:
    """A second opinion helps the paper."""
    line = entry("A paper", url=ARXIV)
    assert said(line, cited(10), cited(200, "Another")) == ()
    (finding,) = said(line, cited(10), cited(150, "Another"))
    assert finding.message.startswith(
        "10 citations (A source, 2017-03-01), 150 citations (Another, 2017-03-01);"
    )


@pytest.mark.parametrize(
    ("posted", "today", "too_new"),
    [
        ("1609.00001", date(2017, 2, 28), True),
        ("1609.00001", date(2017, 3, 1), False),
        ("1612.00001", date(2017, 5, 31), True),
        ("1612.00001", date(2017, 6, 1), False),
    ],
)
def test_papers_of_less_than_six_months_are_discussed(posted: str, today: date, too_new: bool) -> None:
    """Whatever their citations, across the end of a year."""
    line = entry("A paper", 2016, url=f"https://arxiv.org/pdf/{posted}")
    codes = [finding.code for finding in said(line, cited(9000), question=Question(today))]
    assert codes == ["too-new"] * too_new


@pytest.mark.parametrize(
    ("year", "code"), [(2011, "before-thresholds"), (2012, None), (2016, None), (2017, "no-threshold")]
)
def test_years_without_a_threshold_are_discussed(year: int, code: str | None) -> None:
    """Before the first year of the criteria, and after the last."""
    assert [finding.code for finding in said(entry("A paper", year, url=ARXIV), cited(9000))] == (
        [code] if code else []
    )


def test_the_section_that_needs_no_citations_takes_papers_of_its_year_alone() -> None:
    """In another section, or of another year, they are counted."""
    assert said(entry("A paper", 2016, url=ARXIV), cited(0), section=RECENT) == ()
    for section, year in ((RECENT, 2015), (TOP, 2016)):
        (finding,) = said(entry("A paper", year, url=ARXIV), cited(0), section=section)
        assert finding.code == "below-threshold"


@pytest.mark.parametrize(
    ("answers", "code", "message"),
    [
        ((Unknown("A", DAY),), "unknown", "A does not know this paper, so its citations are not known."),
        (
            (Unknown("A", DAY), Unknown("B", DAY)),
            "unknown",
            "A and B do not know this paper, so its citations are not known.",
        ),
        ((cited(None),), "unknown", "The records found are of another paper or hold no count,"),
        ((), "no-identifier", "The link names no identifier"),
    ],
)
def test_what_no_source_counted_is_a_decision(answers: tuple[Answer, ...], code: str, message: str) -> None:
    """It is never counted as nothing."""
    (finding,) = said(entry("A paper", url=ARXIV), *answers)
    assert (finding.code, finding.severity) == (code, Severity.DECISION)
    assert finding.message.startswith(message)


def test_a_silent_source_is_asked_again_until_patience_ends() -> None:
    """Then a maintainer decides; a count that is enough needs nobody."""
    line, silent = entry("A paper", url=ARXIV), Unanswered("A", "it is down")
    (finding,) = said(line, silent)
    assert (finding.code, finding.severity) == ("unanswered", Severity.UNVERIFIED)
    assert finding.message == "The citations are not known: A did not answer (it is down)."
    (finding,) = said(line, silent, question=Question(TODAY, patient=False))
    assert (finding.code, finding.severity) == ("unanswered", Severity.DECISION)
    assert said(line, silent, cited(200, "B")) == ()
    (finding,) = said(line, silent, cited(199, "B"))
    assert (finding.code, finding.severity) == ("unanswered", Severity.UNVERIFIED)
    (finding,) = said(line, silent, cited(199, "B"), question=Question(TODAY, patient=False))
    assert finding.code == "below-threshold"


@pytest.mark.parametrize(("length", "cut"), [(200, False), (201, True)])
def test_the_description_is_quoted_up_to_its_bound(length: int, cut: bool) -> None:
    """White space is no part of what it says."""
    words = "x" * length
    (finding,) = said(
        entry("A paper", url=ARXIV), cited(0), question=Question(TODAY, description=f"  {words}\n")
    )
    assert finding.message.endswith(f'The description says: "{words[:200]}{"…" * cut}"')


def test_a_year_that_a_record_gives_decides_where_the_entry_has_none() -> None:
    """The rule format reports the missing year; without any year there is no threshold."""
    line = entry("A paper", url=ARXIV).replace(" (2015)", "")
    assert said(line, cited(0)) == ()
    (finding,) = said(line, replace(cited(0), years=(2015,)))
    assert "papers of 2015 usually need 200" in finding.message


def test_only_what_comes_in_or_changes_is_looked_up() -> None:
    """A corrected name is no new question; another year, title or link is. An audit asks about all."""
    one = entry("A paper", url=ARXIV)
    before = text(TOP, one, "", OLD)
    assert wanted(change(before, before.replace("Author", "Writer"))).full != ()  # the rule record asks
    for old, new in (("(2015)", "(2014)"), ("A paper", "A papers"), ("02025", "02026")):
        of = change(before, before.replace(old, new))
        evidence = Evidence({query_of(listed): (cited(0),) for listed in of.head.entries})
        assert found(evaluate(of, POLICY, evidence, Question(TODAY)), "citations") != []
    of = change(before, before.replace("Author", "Writer"))
    evidence = Evidence({query_of(listed): (cited(0),) for listed in of.head.entries})
    assert found(evaluate(of, POLICY, evidence, Question(TODAY)), "citations") == []
    assert found(audit(before), "citations") == []  # offline: nothing was looked up
    assert audit(before).skipped == ("citations", "record", "reachability")


def test_without_thresholds_nobody_is_asked() -> None:
    """The policy has no citations to compare with."""
    policy = replace(POLICY, thresholds={})
    of = change(text(TOP), text(TOP, entry("A paper", url=ARXIV)), policy)
    evidence = Evidence({query_of(listed): (cited(0),) for listed in of.head.entries})
    assert found(evaluate(of, policy, evidence, Question(TODAY)), "citations") == []
