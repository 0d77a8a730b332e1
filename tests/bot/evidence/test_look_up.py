"""Tests of ``bot.evidence.look_up``: fresh answers first, one request for the rest, old counts at need."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.evidence.cache import FileCache
from bot.evidence.contracts import Fetched
from bot.evidence.look_up import look_up
from bot.evidence.semantic_scholar import NAME, SemanticScholar
from rules.evidence import Counted, Evidence, Unanswered, Unknown
from rules.identifiers import Identifier
from tests.bot.evidence.conftest import Reply, Service, json_reply

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
RESNET = Identifier("arxiv", "1512.03385")
ADAM = Identifier("arxiv", "1412.6980")


@pytest.fixture
def store(tmp_path: Path) -> FileCache:
    return FileCache(tmp_path)


@pytest.fixture
def source(service: Service) -> SemanticScholar:
    service.respond = lambda ids: json_reply([{"citationCount": 100} for _ in ids])
    return SemanticScholar(service.url, timeout=(2, 1), retries=0)


def counted(citations: int, at: datetime) -> Fetched:
    return Fetched(Counted(citations, NAME, at.date()), at)


def unknown(at: datetime) -> Fetched:
    return Fetched(Unknown(NAME, at.date()), at)


def test_nothing_asked_is_no_request(service: Service, source: SemanticScholar, store: FileCache) -> None:
    """Without identifiers neither source nor store is bothered."""
    assert look_up([], source, store, NOW) == Evidence()
    assert service.requests == []


def test_what_was_fetched_is_kept(service: Service, source: SemanticScholar, store: FileCache) -> None:
    """The second look needs no request, and one paper named twice is asked about once."""
    first = look_up([RESNET, ADAM, RESNET], source, store, NOW)
    second = look_up([ADAM, RESNET], source, store, NOW + timedelta(days=6))
    assert first == second
    assert first.of(RESNET) == Counted(100, NAME, date(2026, 1, 15))
    assert [request.ids for request in service.requests] == [("ARXIV:1512.03385", "ARXIV:1412.6980")]


def test_only_what_is_missing_or_old_is_asked(
    service: Service, source: SemanticScholar, store: FileCache
) -> None:
    """A fresh count stands; one of seven days is asked again."""
    store.put(NAME, {RESNET: counted(5, NOW - timedelta(days=6)), ADAM: counted(6, NOW - timedelta(days=7))})
    evidence = look_up([RESNET, ADAM], source, store, NOW)
    assert evidence.of(RESNET) == Counted(5, NAME, date(2026, 1, 9))
    assert evidence.of(ADAM) == Counted(100, NAME, date(2026, 1, 15))
    assert [request.ids for request in service.requests] == [("ARXIV:1412.6980",)]


def test_an_unknown_paper_is_asked_about_again_the_next_day(
    service: Service, source: SemanticScholar, store: FileCache
) -> None:
    """Services learn of new papers within days: what was unknown yesterday may be known today."""
    store.put(NAME, {RESNET: unknown(NOW - timedelta(hours=2)), ADAM: unknown(NOW - timedelta(days=1))})
    evidence = look_up([RESNET, ADAM], source, store, NOW)
    assert evidence.of(RESNET) == Unknown(NAME, date(2026, 1, 15))
    assert evidence.of(ADAM) == Counted(100, NAME, date(2026, 1, 15))
    assert len(service.requests) == 1


def test_an_old_count_stands_while_the_source_is_down(
    service: Service, source: SemanticScholar, store: FileCache
) -> None:
    """It keeps its own date; a paper without one is unanswered, and so is one that was unknown long ago."""
    store.put(NAME, {RESNET: counted(5, NOW - timedelta(days=40)), ADAM: unknown(NOW - timedelta(days=40))})
    service.respond = lambda _: Reply(b"", 503)
    new = Identifier("acl", "P15-1033")
    evidence = look_up([RESNET, ADAM, new], source, store, NOW)
    down = Unanswered(NAME, "it answered HTTP 503")
    assert evidence.answers == {RESNET: Counted(5, NAME, date(2025, 12, 6)), ADAM: down, new: down}


def test_a_failure_is_not_kept(service: Service, source: SemanticScholar, store: FileCache) -> None:
    """When the source is back its answer is used at once."""
    answer = service.respond
    service.respond = lambda _: Reply(b"", 503)
    assert look_up([RESNET], source, store, NOW).of(RESNET) == Unanswered(NAME, "it answered HTTP 503")
    service.respond = answer
    assert look_up([RESNET], source, store, NOW).of(RESNET) == Counted(100, NAME, date(2026, 1, 15))
