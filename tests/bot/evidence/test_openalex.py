"""Tests of ``bot.evidence.openalex`` over real HTTP, with recorded bodies."""

from __future__ import annotations

import json
import logging
from datetime import UTC, date, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.evidence.contracts import Fetched
from bot.evidence.openalex import OpenAlex
from bot.evidence.service import Access
from rules.papers.evidence import Query, Record, Unanswered, Unknown
from rules.papers.identifiers import Identifier
from tests.bot.evidence.conftest import Reply, Service, json_reply
from tests.paths import DATA

RECORDED = DATA / "openalex"
NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
TODAY = date(2026, 1, 15)
PNAS = Query(Identifier("doi", "10.1073/pnas.1414271111"), "")
CHEMCROW = Query(Identifier("arxiv", "2304.05376"), "")
OTHER = Query(Identifier("arxiv", "1512.03385"), "")
LIST = Reply((RECORDED / "list.json").read_bytes())


def client(service: Service, key: str | None = None) -> OpenAlex:
    return OpenAlex(Access(service.url, key=key, timeout=(2, 0.3), retries=0))


def test_a_recorded_work_is_read(service: Service) -> None:
    """A DOI is asked for alone, which is free."""
    service.serve = lambda _: Reply((RECORDED / "work.json").read_bytes())
    found = client(service).fetch([PNAS], NOW)[PNAS]
    assert isinstance(found, Fetched)
    record = found.answer
    assert isinstance(record, Record)
    assert (record.source, record.fetched_on, record.years) == ("OpenAlex", TODAY, (2014,))
    assert record.title.startswith("Developing functional musculoskeletal tissues")
    assert record.surnames[0] == "Makris"
    assert record.authors[0] == "Eleftherios Makris"
    assert record.url == "https://openalex.org/W2109415576"
    assert PNAS.identifier in record.identifiers
    assert record.citations == json.loads(found.raw or "")["cited_by_count"]
    assert urlsplit(service.requests[0].path).path == "/works/doi:10.1073/pnas.1414271111"


def test_a_doi_it_does_not_know_is_unknown(service: Service) -> None:
    """Its 404 is a page of HTML."""
    page = Reply((RECORDED / "not_found.html").read_bytes(), 404, "text/html; charset=utf-8")
    service.serve = lambda _: page
    assert client(service).fetch([PNAS], NOW)[PNAS] == Fetched(Unknown("OpenAlex", TODAY), NOW)


def test_arxiv_papers_are_found_by_their_page_in_one_request(service: Service) -> None:
    """A list is metered: one request for all, with both forms of the page's address."""
    service.serve = lambda _: LIST
    answers = client(service).fetch([OTHER, CHEMCROW], NOW)
    found = answers[CHEMCROW]
    assert isinstance(found, Fetched)
    assert isinstance(found.answer, Record)
    assert (found.answer.citations, found.answer.years) == (106, (2023,))
    assert found.answer.title == "ChemCrow: Augmenting large-language models with chemistry tools"
    assert answers[OTHER] == Fetched(Unknown("OpenAlex", TODAY), NOW)
    (request,) = service.requests
    (wanted,) = parse_qs(urlsplit(request.path).query)["filter"]
    field, _, pages = wanted.partition(":")
    assert field == "locations.landing_page_url"
    assert pages.split("|") == [
        f"{way}://arxiv.org/abs/{name}" for name in ("1512.03385", "2304.05376") for way in ("https", "http")
    ]


def test_of_two_works_of_one_preprint_the_more_cited_counts(service: Service) -> None:
    """OpenAlex often holds a paper twice."""
    body = json.loads((RECORDED / "list.json").read_text())
    twin = dict(body["results"][1], id="https://openalex.org/W1", cited_by_count=7_000)
    service.serve = lambda _: json_reply(dict(body, results=[*body["results"], twin]))
    found = client(service).fetch([CHEMCROW], NOW)[CHEMCROW]
    assert isinstance(found, Fetched)
    assert isinstance(found.answer, Record)
    assert found.answer.citations == 7_000


def test_many_preprints_are_few_requests(service: Service) -> None:
    """A filter takes 100 values, two of each paper."""
    service.serve = lambda _: LIST
    queries = [Query(Identifier("arxiv", f"1512.{number:05}"), "") for number in range(101)]
    assert len(client(service).fetch(queries, NOW)) == 101
    assert len(service.requests) == 3


def test_only_dois_and_arxiv_ids_are_taken(service: Service) -> None:
    """A search by title would cost more than the rest together."""
    taken = client(service).takes
    assert taken(PNAS)
    assert taken(CHEMCROW)
    assert not taken(Query(Identifier("acl", "P15-1033"), "A title"))
    assert not taken(Query(None, "A title"))


def test_the_key_goes_with_the_request_and_not_into_the_log(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    """It is part of the URL, which urllib3 logs, at a retry as a warning."""
    caplog.set_level(logging.DEBUG)
    service.serve = lambda _: Reply(b"", 503)
    OpenAlex(Access(service.url, key="s3cret", retries=1)).fetch([PNAS], NOW)
    assert all("api_key=s3cret" in request.path for request in service.requests)
    assert "api_key=[redacted]" in caplog.text
    assert "s3cret" not in caplog.text


def test_one_unreadable_record_leaves_all_of_its_request_open(service: Service) -> None:
    """It may be of any of the papers asked for."""
    service.serve = lambda _: json_reply({"results": [{"id": "https://openalex.org/W1"}]})
    answers = client(service).fetch([CHEMCROW, OTHER], NOW)
    unreadable = Unanswered("OpenAlex", "its record of the paper is not readable")
    assert answers == {CHEMCROW: unreadable, OTHER: unreadable}
