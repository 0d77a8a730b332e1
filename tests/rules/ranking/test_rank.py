"""Papers are ranked by citations in relation to what their year asks for."""

from __future__ import annotations

from datetime import date

from rules.changes.paper_records import query_of
from rules.papers.evidence import Answer, Evidence, Record, Unanswered, Unknown
from rules.policy.presets import MOST_CITED
from rules.ranking.rank import Ranking, counted, rank, wanted
from rules.reading.walk import read_document

DAY = date(2026, 11, 24)
LIST = """### Optimization / Training Techniques
- **One** (2015), A. One [[pdf]](https://arxiv.org/pdf/1501.00001)
- **Two** (2014), A. Two [[pdf]](https://arxiv.org/pdf/1401.00002)
- **Three** (2015), A. Three [[pdf]](http://example.org/three.pdf)
- **Four**, A. Four [[pdf]](https://arxiv.org/pdf/1401.00004)
- **Five** (2017), A. Five [[pdf]](https://arxiv.org/pdf/1701.00005)
### Old Papers
- Six (2010), A. Six [[pdf]](https://arxiv.org/pdf/1001.00006)
"""


def record(count: int | None, title: str = "", year: int = 2014, source: str = "A source") -> Record:
    return Record(source, DAY, count, title, years=(year,), url="https://example.org/")


def ranked(**answers: tuple[Answer, ...]) -> Ranking:
    document = read_document(LIST, MOST_CITED)
    by_title = {listed.title.lower(): query_of(listed) for listed in counted(document)}
    return rank(document, MOST_CITED, Evidence({by_title[name]: found for name, found in answers.items()}))


def test_order_is_the_pure_ratio() -> None:
    """More citations of an older paper may be less; papers of one ratio stand as in the list."""
    ranking = ranked(one=(record(400, year=2015),), two=(record(700),), three=(record(400, year=2015),))
    assert [(item.rank, item.title, item.ratio) for item in ranking.ranked] == [
        (1, "One", 2.0),
        (2, "Three", 2.0),
        (3, "Two", 1.75),
    ]
    first = ranking.ranked[0]
    assert (first.line, first.year, first.citations, first.threshold) == (2, 2015, 400, 200)
    assert (first.source, first.counted_on, first.url) == ("A source", DAY, "https://example.org/")


def test_the_highest_count_of_the_paper_itself_decides() -> None:
    """Of several sources; a record of another paper is left out."""
    answers = (record(100), record(800, source="Another"), record(9000, "Something else altogether"))
    assert [(item.citations, item.source) for item in ranked(two=answers).ranked] == [(800, "Another")]


def test_the_year_is_the_entrys_own() -> None:
    """Whatever the record says; only a missing one is the record's."""
    ranking = ranked(one=(record(400, year=2012),), four=(record(400, year=2013),))
    assert [(item.title, item.year, item.threshold) for item in ranking.ranked] == [
        ("One", 2015, 200),
        ("Four", 2013, 600),
    ]


def test_papers_without_a_place_say_why() -> None:
    """In list order; nothing is counted as zero."""
    ranking = ranked(
        one=(Unanswered("A source", "it did not answer"),),
        two=(Unknown("A source", DAY), Unknown("Another", DAY)),
        four=(record(None),),
        five=(record(5000, year=2017),),
    )
    assert ranking.ranked == ()
    assert [(item.title, item.why) for item in ranking.unranked] == [
        ("One", "no count: A source: it did not answer"),
        ("Two", "no count: unknown to A source and Another"),
        ("Three", "no count: no source was asked"),
        ("Four", "no count: the records found are of another paper, or hold none"),
        ("Five", "the criteria name no citations for 2017"),
    ]


def test_each_paper_is_asked_for_once() -> None:
    """By identifier for its count, by title where there is none."""
    papers = counted(read_document(LIST + LIST, MOST_CITED))
    asked = wanted(papers, MOST_CITED)
    assert [query.title for query in asked.count_only] == ["One", "Two", "Four", "Five"]
    assert [query.title for query in asked.full] == ["Three"]
