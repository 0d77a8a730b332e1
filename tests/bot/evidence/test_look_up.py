"""Tests of ``bot.evidence.look_up``: fresh answers first, one request for the rest, old records at need."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.evidence.cache import FileCache
from bot.evidence.contracts import Fetched, name_of
from bot.evidence.look_up import Library
from bot.evidence.rate_limit import FileRateLimit
from bot.evidence.semantic_scholar import NAME, SemanticScholar
from bot.evidence.service import Access
from bot.evidence.sources import library as library_of
from bot.settings import ServiceSettings, SourceSettings
from rules.papers.evidence import Evidence, EvidenceRequest, Query, Record, Unanswered, Unknown
from rules.papers.identifiers import Identifier
from tests.bot.evidence.conftest import Reply, Service, json_reply

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
RESNET = Query(Identifier("arxiv", "1512.03385"), "Deep residual learning", "He")
ADAM = Query(Identifier("arxiv", "1412.6980"), "Adam", "Kingma")


class Second:
    """A second source that knows every paper, and notes what it was asked."""

    name = "Second"

    def __init__(self) -> None:
        self.asked: list[Query] = []

    def takes(self, query: Query) -> bool:
        return query.title != "Adam"

    def fetch(self, queries: Sequence[Query], now: datetime) -> Mapping[Query, Fetched | Unanswered]:
        self.asked += queries
        return {query: Fetched(Record(self.name, now.date(), 7), now) for query in queries}


@pytest.fixture
def store(tmp_path: Path) -> FileCache:
    return FileCache(tmp_path)


@pytest.fixture
def library(service: Service, store: FileCache) -> Library:
    service.respond = lambda ids: json_reply([{"citationCount": 100} for _ in ids])
    return Library(SemanticScholar(Access(service.url, timeout=(2, 1), retries=0)), (), store)


def judged(*queries: Query) -> EvidenceRequest:
    return EvidenceRequest(full=queries)


def counted(citations: int, at: datetime) -> Fetched:
    return Fetched(Record(NAME, at.date(), citations), at)


def unknown(at: datetime) -> Fetched:
    return Fetched(Unknown(NAME, at.date()), at)


def test_nothing_asked_is_no_request(service: Service, library: Library) -> None:
    """Without a paper neither source nor store is bothered."""
    assert library.look_up(EvidenceRequest(), NOW) == Evidence()
    assert service.requests == []


def test_what_was_fetched_is_kept(service: Service, library: Library) -> None:
    """The second look needs no request, and one paper under two titles is asked about once."""
    misspelt = Query(RESNET.identifier, "Deep residual lerning", "He")
    first = library.look_up(judged(RESNET, ADAM, misspelt), NOW)
    second = library.look_up(judged(ADAM, RESNET, misspelt), NOW + timedelta(days=6))
    assert first == second
    assert first.of(RESNET) == first.of(misspelt) == (Record(NAME, date(2026, 1, 15), 100),)
    assert [request.ids for request in service.requests] == [("ARXIV:1512.03385", "ARXIV:1412.6980")]


def test_only_what_is_missing_or_old_is_asked(service: Service, library: Library, store: FileCache) -> None:
    """A fresh count stands; one of seven days is asked again."""
    store.put(
        NAME,
        {
            name_of(RESNET): counted(5, NOW - timedelta(days=6)),
            name_of(ADAM): counted(6, NOW - timedelta(days=7)),
        },
    )
    evidence = library.look_up(judged(RESNET, ADAM), NOW)
    assert evidence.of(RESNET) == (Record(NAME, date(2026, 1, 9), 5),)
    assert evidence.of(ADAM) == (Record(NAME, date(2026, 1, 15), 100),)
    assert [request.ids for request in service.requests] == [("ARXIV:1412.6980",)]


def test_how_long_a_record_is_fresh_can_be_said(service: Service, library: Library, store: FileCache) -> None:
    """A list may ask for younger or be content with older records."""
    store.put(NAME, {name_of(RESNET): counted(5, NOW - timedelta(days=20))})
    evidence = library.look_up(EvidenceRequest(full=(RESNET,), fresh_days=30), NOW)
    assert evidence.of(RESNET) == (Record(NAME, date(2025, 12, 26), 5),)
    assert service.requests == []


def test_an_unknown_paper_is_asked_about_again_the_next_day(
    service: Service, library: Library, store: FileCache
) -> None:
    """Services learn of new papers within days: what was unknown yesterday may be known today."""
    store.put(
        NAME,
        {
            name_of(RESNET): unknown(NOW - timedelta(hours=2)),
            name_of(ADAM): unknown(NOW - timedelta(days=1)),
        },
    )
    evidence = library.look_up(judged(RESNET, ADAM), NOW)
    assert evidence.of(RESNET) == (Unknown(NAME, date(2026, 1, 15)),)
    assert evidence.of(ADAM) == (Record(NAME, date(2026, 1, 15), 100),)
    assert len(service.requests) == 1


def test_an_old_record_stands_while_the_source_is_down(
    service: Service, library: Library, store: FileCache
) -> None:
    """It keeps its own date; a paper without one is unanswered, and so is one that was unknown long ago."""
    long_ago = NOW - timedelta(days=40)
    store.put(NAME, {name_of(RESNET): counted(5, long_ago), name_of(ADAM): unknown(long_ago)})
    service.respond = lambda _: Reply(b"", 503)
    new = Query(Identifier("acl", "P15-1033"), "New")
    evidence = library.look_up(judged(RESNET, ADAM, new), NOW)
    down = Unanswered(NAME, "it answered HTTP 503")
    assert evidence.answers == {RESNET: (Record(NAME, date(2025, 12, 6), 5),), ADAM: (down,), new: (down,)}


def test_a_failure_is_not_kept(service: Service, library: Library) -> None:
    """When the source is back its answer is used at once."""
    answer = service.respond
    service.respond = lambda _: Reply(b"", 503)
    assert library.look_up(judged(RESNET), NOW).of(RESNET) == (Unanswered(NAME, "it answered HTTP 503"),)
    service.respond = answer
    assert library.look_up(judged(RESNET), NOW).of(RESNET) == (Record(NAME, date(2026, 1, 15), 100),)


def test_judged_papers_get_a_second_opinion_and_ranked_ones_only_a_count(
    service: Service, library: Library
) -> None:
    """One request asks the first source about all; the second is spared what it does not take."""
    second = Second()
    ranked = Query(Identifier("doi", "10.1038/nature14539"), "Deep learning")
    nameless = Query(None, "A paper without an identifier")
    wanted = EvidenceRequest(full=(RESNET, ADAM), count_only=(ranked, nameless, RESNET))
    evidence = Library(library.first, (second,), library.store).look_up(wanted, NOW)
    assert second.asked == [RESNET]
    assert [answer.source for answer in evidence.of(RESNET)] == [NAME, "Second"]
    assert [answer.source for answer in evidence.of(ADAM)] == [NAME]
    assert [answer.source for answer in evidence.of(ranked)] == [NAME]
    assert nameless not in evidence.answers
    assert [len(request.ids) for request in service.requests] == [3]


class Meeting:
    """A source that answers only while another one is being asked too."""

    def __init__(self, name: str, barrier: threading.Barrier) -> None:
        self._name = name
        self._barrier = barrier

    @property
    def name(self) -> str:
        return self._name

    def takes(self, query: Query) -> bool:
        return query.title != ""

    def fetch(self, queries: Sequence[Query], now: datetime) -> Mapping[Query, Fetched | Unanswered]:
        self._barrier.wait(timeout=10)
        return {query: Fetched(Record(self.name, now.date(), 7), now) for query in queries}


def test_the_sources_are_asked_at_once(store: FileCache) -> None:
    """One that hangs does not keep the others waiting; the answers come in order and are all kept."""
    barrier = threading.Barrier(3)
    names = ("One", "Two", "Three")
    first, *others = (Meeting(name, barrier) for name in names)
    evidence = Library(first, tuple(others), store).look_up(judged(RESNET), NOW)
    assert tuple(answer.source for answer in evidence.of(RESNET)) == names
    assert all(store.get(name, [name_of(RESNET)]) for name in names)


def test_the_settings_make_the_sources(service: Service, store: FileCache, tmp_path: Path) -> None:
    """Address, key and contact of each reach it, and nothing of them shows."""
    address = service.url
    settings = ServiceSettings(
        sources={
            "semantic_scholar": SourceSettings(url=address, key=SecretStr("s2-key")),
            "openalex": SourceSettings(url=address),
            "crossref": SourceSettings(url=address),
            "arxiv": SourceSettings(url=address, pace_seconds=0),
        },
        contact="ops@example.org",
    )
    service.serve = lambda _: Reply(b"", 404)
    made = library_of(settings, store, FileRateLimit(tmp_path))
    evidence = made.look_up(judged(RESNET, Query(Identifier("doi", "10.1000/1"), "A")), NOW)
    assert {answer.source for answers in evidence.answers.values() for answer in answers} == {
        "Semantic Scholar", "OpenAlex", "Crossref", "arXiv"
    }  # fmt: skip
    headers = [request.headers for request in service.requests]
    assert {header["User-Agent"] for header in headers} == {"papergate (mailto:ops@example.org)"}
    assert [header["x-api-key"] for header in headers if "x-api-key" in header] == ["s2-key"]
    assert "s2-key" not in repr(Access("", key="s2-key"))


@pytest.mark.attack("Forged answers with a date in the future")
def test_an_answer_from_the_future_is_not_believed(
    library: Library, store: FileCache, service: Service
) -> None:
    """Neither as a fresh answer nor in place of one that does not come; a clock may be seconds off."""
    forged = Fetched(Record(NAME, date(2999, 1, 1), 9999), datetime(2999, 1, 1, tzinfo=UTC))
    store.put(NAME, {name_of(RESNET): forged})
    service.respond = lambda _: Reply(b"", 400)
    assert isinstance(library.look_up(judged(RESNET), NOW).of(RESNET)[0], Unanswered)
    off = Fetched(Record(NAME, NOW.date(), 7), NOW + timedelta(seconds=30))
    store.put(NAME, {name_of(RESNET): off})
    assert library.look_up(judged(RESNET), NOW).of(RESNET) == (off.answer,)
