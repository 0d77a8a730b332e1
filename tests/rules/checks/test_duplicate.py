"""A paper that is in the list twice makes one finding for each entry that is too many."""

from __future__ import annotations

from datetime import date

import pytest

from rules.changes.paper_records import query_of
from rules.context import Question
from rules.evaluate import evaluate
from rules.papers.evidence import Evidence, Record
from rules.papers.identifiers import Identifier
from rules.report.findings import Severity
from tests.rules.making import (
    APPENDIX,
    POLICY,
    SURVEYS,
    TODAY,
    TOP,
    audit,
    change,
    entry,
    found,
    report_on,
    text,
)

TITLE = "Learning hierarchical features for scene labeling"
FIRST = entry(TITLE)
COPY = entry(TITLE, url="http://example.org/copy.pdf", bold=False)
BEFORE = text(TOP, FIRST, "", APPENDIX)


def test_the_added_entry_is_reported_with_the_place_of_the_other() -> None:
    """To remove it is the corrected form."""
    (finding,) = found(report_on(BEFORE, BEFORE + COPY + "\n"), "duplicate")
    assert (finding.code, finding.line, finding.end_line, finding.title) == ("exact", 7, 7, TITLE)
    assert [(place.line, place.base_line) for place in finding.related] == [(4, None)]
    assert finding.message == "Already in the list: line 4, in Image / Video / Etc. Remove this entry."
    assert finding.fix is not None
    assert (finding.fix.line, finding.fix.end_line, finding.fix.text) == (7, 7, None)


def test_an_entry_added_above_the_other_is_the_one_reported() -> None:
    """Not the one that the list had."""
    (finding,) = found(
        report_on(text(TOP, "", APPENDIX, COPY), text(TOP, FIRST, "", APPENDIX, COPY)), "duplicate"
    )
    assert (finding.line, [place.line for place in finding.related]) == (4, [7])


def test_of_two_old_entries_the_later_is_reported_as_old() -> None:
    """It never holds; an audit reports it as its own."""
    both = BEFORE + COPY + "\n"
    (finding,) = found(report_on(both, both.replace("A. Author", "B. Author", 1)), "duplicate")
    assert (finding.line, finding.introduced, finding.gates) == (7, False, False)
    (finding,) = found(audit(both), "duplicate")
    assert (finding.line, finding.introduced) == (7, True)


def test_an_entry_that_only_the_base_has_is_named_by_its_line_there() -> None:
    """It was merged after the branch left."""
    before = text(TOP, "", APPENDIX)
    of = change(before, before + COPY + "\n", base=text(TOP, FIRST, "", APPENDIX))
    (finding,) = found(evaluate(of, POLICY, None, Question(TODAY)), "duplicate")
    assert finding.line == 6
    assert [(place.line, place.base_line) for place in finding.related] == [(None, 4)]
    assert "line 4 of the base" in finding.message


@pytest.mark.parametrize("copies", [2, 5, 6, 30])
def test_many_copies_make_one_finding_for_each_entry(copies: int) -> None:
    """Each names five others at most, and says that there are more."""
    lines = [entry(TITLE, url=f"http://example.org/{number}.pdf", bold=False) for number in range(copies)]
    of = found(report_on(BEFORE, BEFORE + "\n".join(lines) + "\n"), "duplicate")
    assert len(of) == copies
    assert {finding.line for finding in of} == set(range(7, 7 + copies))
    assert max(len(finding.related) for finding in of) == min(copies, 5)
    last = of[-1].message
    more = f"and {copies - 1} more" if copies < 6 else "and 5 or more others"
    assert last == f"Already in the list: line 4, in Image / Video / Etc, {more}. Remove this entry."


def test_findings_grow_with_the_entries_and_not_with_their_pairs() -> None:
    """A change of equal lines is answered in proportion to its size."""
    of = found(report_on(BEFORE, BEFORE + "- a\n" * 220), "duplicate")
    assert len(of) == 219
    assert sum(len(finding.related) for finding in of) <= 5 * 219


def test_one_paper_under_two_titles_is_the_same_by_its_identifier() -> None:
    """An arXiv id is the same with and without its version, and whatever the host is called."""
    one = entry("Pixel recurrent neural networks", 2016, url="http://arxiv.org/pdf/1601.06759v2.pdf")
    two = entry("Pixel recurrent neural nets", 2016, url="https://www.arxiv.org/pdf/1601.06759")
    (finding,) = found(report_on(text(TOP, one), text(TOP, one, two)), "duplicate")
    assert (finding.code, finding.severity, finding.fix) == ("same-id", Severity.ERROR, None)
    assert '"Pixel recurrent neural networks"' in finding.message


def test_a_record_tells_that_a_preprint_and_its_publication_are_one_paper() -> None:
    """Without it their titles are only much alike."""
    preprint = entry("Texture networks: Synthesis of textures", url="https://arxiv.org/pdf/1603.03417")
    published = entry("Texture network: Synthesis of texture", url="https://doi.org/10.1000/texture")
    of = change(text(TOP, preprint), text(TOP, preprint, published))
    (near,) = found(evaluate(of, POLICY, None, Question(TODAY)), "duplicate")
    assert (near.code, near.severity) == ("near", Severity.WARNING)
    names = frozenset({Identifier("arxiv", "1603.03417"), Identifier("doi", "10.1000/texture")})
    record = Record("A source", date(2017, 1, 1), 900, surnames=("Author",), identifiers=names)
    evidence = Evidence({query_of(listed): (record,) for listed in of.head.entries})
    (same,) = found(evaluate(of, POLICY, evidence, Question(TODAY)), "duplicate")
    assert same.code == "same-id"


def test_short_titles_need_the_same_author_or_link() -> None:
    """A book and an article may share two words; four are enough to know a paper."""
    book = entry("Deep learning", 2016, authors="I. Goodfellow et al.", bold=False)
    article = entry(
        "Deep learning", 2015, authors="Y. LeCun et al.", url="http://example.org/b.pdf", bold=False
    )
    assert found(report_on(text(SURVEYS, book), text(SURVEYS, book, article)), "duplicate") == []
    longer = [line.replace("Deep learning", "Deep learning of things") for line in (book, article)]
    (finding,) = found(report_on(text(SURVEYS, longer[0]), text(SURVEYS, *longer)), "duplicate")
    assert finding.code == "exact"
