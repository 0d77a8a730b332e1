"""Tests of ``bot.evidence.arxiv`` over real HTTP, with recorded bodies."""

from __future__ import annotations

from datetime import UTC, date, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.evidence.arxiv import ArXiv
from bot.evidence.contracts import Fetched
from bot.evidence.service import Access
from rules.papers.evidence import Query, Record, Unanswered, Unknown
from rules.papers.identifiers import Identifier
from tests.bot.evidence.conftest import Reply, Request, Service
from tests.paths import DATA

RECORDED = DATA / "arxiv"
NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
TODAY = date(2026, 1, 15)
ATOM = "application/atom+xml; charset=utf-8"
UNKNOWN = Fetched(Unknown("arXiv", TODAY), NOW)


def client(service: Service) -> ArXiv:
    return ArXiv(Access(service.url, timeout=(2, 0.3), retries=0))


def paper(value: str) -> Query:
    return Query(Identifier("arxiv", value), "")


def recorded(name: str, status: int = 200) -> Reply:
    return Reply((RECORDED / name).read_bytes(), status, ATOM)


def ids(request: Request) -> list[str]:
    return parse_qs(urlsplit(request.path).query)["id_list"][0].split(",")


def test_a_recorded_entry_is_read(service: Service) -> None:
    """Title, authors and the day it was posted; no count."""
    service.serve = lambda _: recorded("one.xml")
    query = paper("1605.08386")
    found = client(service).fetch([query], NOW)[query]
    assert isinstance(found, Fetched)
    assert found.answer == Record(
        source="arXiv",
        fetched_on=TODAY,
        citations=None,
        title="Heat-bath random walks with Markov bases",
        surnames=("Stanley", "Windisch"),
        authors=("Caprice Stanley", "Tobias Windisch"),
        years=(2016,),
        url="https://arxiv.org/abs/1605.08386",
        identifiers=frozenset({Identifier("arxiv", "1605.08386")}),
    )
    query_string = parse_qs(urlsplit(service.requests[0].path).query)
    assert query_string == {"id_list": ["1605.08386"], "max_results": ["1"]}


@pytest.mark.parametrize(
    ("name", "value"), [("old_style.xml", "astro-ph/0601001"), ("version.xml", "quant-ph/0201082")]
)
def test_old_ids_are_found(service: Service, name: str, value: str) -> None:
    """The answer names a version, which is none of the id."""
    service.serve = lambda _: recorded(name)
    found = client(service).fetch([paper(value)], NOW)[paper(value)]
    assert isinstance(found, Fetched)
    assert isinstance(found.answer, Record)


def test_what_the_feed_leaves_out_is_unknown(service: Service) -> None:
    """Of two papers it knows one, and says nothing of the other."""
    service.serve = lambda _: recorded("one_of_two.xml")
    missing, known = paper("0808.05394"), paper("1707.08567")
    answers = client(service).fetch([missing, known], NOW)
    assert answers[missing] == UNKNOWN
    assert isinstance(answers[known], Fetched)
    assert answers[known] != UNKNOWN
    service.serve = lambda _: recorded("none.xml")
    assert client(service).fetch([missing], NOW) == {missing: UNKNOWN}


def test_one_malformed_id_spoils_no_other(service: Service) -> None:
    """The whole request is refused for it; it is unknown, and the rest is asked again."""
    service.serve = lambda request: (
        recorded("bad_id_400.xml", 400) if "abc" in ids(request) else recorded("one.xml")
    )
    bad, good = paper("abc"), paper("1605.08386")
    answers = client(service).fetch([bad, good], NOW)
    assert answers[bad] == UNKNOWN
    assert isinstance(answers[good], Fetched)
    assert [ids(request) for request in service.requests] == [["abc", "1605.08386"], ["1605.08386"]]


def test_a_refusal_that_names_nothing_asked_for_is_unanswered(service: Service) -> None:
    """And not asked again."""
    service.serve = lambda _: recorded("bad_id_400.xml", 400)
    answers = client(service).fetch([paper("1605.08386")], NOW)
    assert answers == {paper("1605.08386"): Unanswered("arXiv", "it does not take the question")}
    assert len(service.requests) == 1


def test_a_whole_list_is_few_requests(service: Service) -> None:
    """A hundred papers in one request, as it asks for few."""
    service.serve = lambda _: recorded("none.xml")
    queries = [paper(f"1512.{number:05}") for number in range(150)]
    assert set(client(service).fetch(queries, NOW).values()) == {UNKNOWN}
    assert [len(ids(request)) for request in service.requests] == [100, 50]


def test_a_body_that_could_grow_is_not_read(service: Service) -> None:
    """Entities could make a small answer large."""
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><feed xmlns="http://www.w3.org/2005/Atom">&a;</feed>'
    service.serve = lambda _: Reply(bomb, 200, ATOM)
    answers = client(service).fetch([paper("1605.08386")], NOW)
    assert answers == {paper("1605.08386"): Unanswered("arXiv", "its answer is not readable")}
