"""Tests of ``bot.evidence.crossref`` over real HTTP, with recorded bodies."""

from __future__ import annotations

from datetime import UTC, date, datetime

from bot.evidence.contracts import Fetched
from bot.evidence.crossref import Crossref
from bot.evidence.service import MOST_SINGLES, Access
from rules.papers.evidence import Query, Record, Unanswered, Unknown
from rules.papers.identifiers import Identifier
from tests.bot.evidence.conftest import Reply, Service, json_reply
from tests.paths import DATA

RECORDED = DATA / "crossref"
NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
TODAY = date(2026, 1, 15)
PNAS = Query(Identifier("doi", "10.1073/pnas.1414271111"), "")
WORK = Reply((RECORDED / "work.json").read_bytes())
NOT_FOUND = Reply((RECORDED / "not_found.txt").read_bytes(), 404, "text/plain")
DOWN = Unanswered("Crossref", "it answered HTTP 503")


def client(service: Service, contact: str | None = None) -> Crossref:
    return Crossref(Access(service.url, contact=contact, timeout=(2, 0.3), retries=0))


def dois(count: int) -> list[Query]:
    return [Query(Identifier("doi", f"10.1000/{number}"), "") for number in range(count)]


def test_a_recorded_work_is_read(service: Service) -> None:
    """Title, authors, every year it gives, and the count among its members."""
    service.serve = lambda _: WORK
    found = client(service).fetch([PNAS], NOW)[PNAS]
    assert isinstance(found, Fetched)
    assert found.answer == Record(
        source="Crossref",
        fetched_on=TODAY,
        citations=129,
        title="Developing functional musculoskeletal tissues through hypoxia and lysyl oxidase-induced "
        "collagen cross-linking",
        surnames=("Makris", "Responte", "Paschos", "Hu", "Athanasiou"),
        authors=(
            "Eleftherios A. Makris",
            "Donald J. Responte",
            "Nikolaos K. Paschos",
            "Jerry C. Hu",
            "Kyriacos A. Athanasiou",
        ),
        years=(2014,),
        url="https://doi.org/10.1073/pnas.1414271111",
        identifiers=frozenset({Identifier("doi", "10.1073/pnas.1414271111")}),
    )
    assert service.requests[0].path == "/works/10.1073%2Fpnas.1414271111"


def test_a_subtitle_belongs_to_the_title_and_an_organisation_is_an_author(service: Service) -> None:
    """The registry keeps both apart; dates may be missing or empty."""
    message = {
        "DOI": "10.1000/1",
        "title": ["Dropout"],
        "subtitle": ["A simple way"],
        "author": [{"name": "A consortium"}],
        "issued": {"date-parts": [[None]]},
        "published-print": {"date-parts": [[2015]]},
    }
    service.serve = lambda _: json_reply({"message": message})
    (query,) = dois(1)
    found = client(service).fetch([query], NOW)[query]
    assert isinstance(found, Fetched)
    assert isinstance(found.answer, Record)
    assert found.answer.title == "Dropout: A simple way"
    assert found.answer.surnames == ("A consortium",)
    assert (found.answer.years, found.answer.citations) == ((2015,), None)


def test_a_doi_it_does_not_know_is_unknown(service: Service) -> None:
    """Its 404 is plain text."""
    service.serve = lambda _: NOT_FOUND
    assert client(service).fetch([PNAS], NOW)[PNAS] == Fetched(Unknown("Crossref", TODAY), NOW)


def test_who_asks_can_be_written_to(service: Service) -> None:
    """The operator's address goes with the request, where there is one."""
    service.serve = lambda _: WORK
    client(service, contact="ops@example.org").fetch([PNAS], NOW)
    client(service).fetch([PNAS], NOW)
    agents = [request.headers["User-Agent"] for request in service.requests]
    assert agents == ["papergate (mailto:ops@example.org)", "papergate"]


def test_one_bad_answer_stops_nothing(service: Service) -> None:
    """Another paper's answer stands beside it."""
    service.serve = lambda request: Reply(b"", 503) if "%2F0" in request.path else WORK
    first, second = client(service).fetch(dois(2), NOW).values()
    assert first == DOWN
    assert isinstance(second, Fetched)


def test_a_service_that_fails_twice_in_a_row_is_asked_no_more(service: Service) -> None:
    """Every paper left is unanswered, for the same reason."""
    service.serve = lambda _: Reply(b"", 503)
    answers = client(service).fetch(dois(20), NOW)
    assert len(service.requests) == 2
    assert set(answers.values()) == {DOWN}
    assert len(answers) == 20


def test_a_flood_of_papers_is_not_a_flood_of_requests(service: Service) -> None:
    """What is not asked now is unanswered, and asked at the next look."""
    service.serve = lambda _: NOT_FOUND
    answers = client(service).fetch(dois(MOST_SINGLES + 5), NOW)
    assert len(service.requests) == MOST_SINGLES
    left = [answer for answer in answers.values() if isinstance(answer, Unanswered)]
    assert left == [Unanswered("Crossref", "too many papers to ask about at once")] * 5
