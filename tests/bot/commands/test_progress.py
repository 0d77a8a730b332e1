"""Looking up a whole list in steps."""

from __future__ import annotations

from datetime import date

from bot.commands.progress import with_progress
from rules.papers.evidence import Answer, Evidence, EvidenceRequest, Query, Unanswered, Unknown
from rules.papers.identifiers import Identifier

NAMED = tuple(Query(Identifier("arxiv", f"1501.0000{number}"), f"Paper {number}") for number in range(3))
TITLES = tuple(Query(None, f"Title {number}") for number in range(25))
UNKNOWN = Unknown("A source", date(2026, 11, 24))
DOWN = Unanswered("A source", "it did not answer")


class Sources:
    """Give one answer to every query and record the requests."""

    def __init__(self, answer: Answer) -> None:
        self.asked: list[EvidenceRequest] = []
        self.answer = answer

    def __call__(self, wanted: EvidenceRequest) -> Evidence:
        self.asked.append(wanted)
        return Evidence(dict.fromkeys((*wanted.full, *wanted.count_only), (self.answer,)))


def test_papers_with_an_identifier_are_one_step_before_the_titles() -> None:
    """Every query is answered, and each step keeps the maximum age of a record."""
    sources = Sources(UNKNOWN)
    wanted = EvidenceRequest(full=(*TITLES, NAMED[0]), count_only=NAMED[1:], fresh_days=3)
    evidence = with_progress(sources)(wanted)
    assert set(evidence.answers) == {*TITLES, *NAMED}
    assert [(len(step.full), len(step.count_only)) for step in sources.asked] == [
        (1, 2),
        (10, 0),
        (10, 0),
        (5, 0),
    ]
    assert {step.fresh_days for step in sources.asked} == {3}


def test_title_searches_stop_when_no_source_answers() -> None:
    """The remaining papers are reported as unanswered without another request."""
    sources = Sources(DOWN)
    evidence = with_progress(sources)(EvidenceRequest(full=(*TITLES, *NAMED)))
    assert len(sources.asked) == 2
    assert evidence.answers == dict.fromkeys((*NAMED, *TITLES), (DOWN,))


def test_an_empty_request_asks_no_source() -> None:
    """No step is made for it."""
    sources = Sources(UNKNOWN)
    assert with_progress(sources)(EvidenceRequest()).answers == {}
    assert sources.asked == []
