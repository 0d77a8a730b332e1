"""Answers that no service should give: each leaves the paper unanswered, in time and without an exception."""

from __future__ import annotations

import gzip
import json
import socket
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from bot.evidence.arxiv import ArXiv
from bot.evidence.contracts import Fetched, Source
from bot.evidence.crossref import Crossref
from bot.evidence.look_up import Library
from bot.evidence.openalex import OpenAlex
from bot.evidence.semantic_scholar import SemanticScholar
from bot.evidence.service import LARGEST, Access
from bot.evidence.store import DatabaseStore
from rules.papers.evidence import EvidenceRequest, Query, Unanswered
from rules.papers.identifiers import Identifier
from tests.bot.evidence.conftest import Reply, Service
from tests.bot.tcp import Serve

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
PAPER = Query(Identifier("doi", "10.1000/182"), "Deep residual learning")
PREPRINT = Query(Identifier("arxiv", "1512.03385"), "Deep residual learning")

Make = Callable[[Access], Source]


def scholar(count: str, title: str = '"T"') -> bytes:
    return f'[{{"citationCount": {count}, "title": {title}}}]'.encode()


def crossref(count: str, title: str = '"T"') -> bytes:
    work = f'"DOI": "10.1000/182", "title": [{title}], "is-referenced-by-count": {count}'
    return f'{{"message": {{{work}}}}}'.encode()


def openalex(count: str, title: str = '"T"') -> bytes:
    return f'{{"id": "https://openalex.org/W1", "title": {title}, "cited_by_count": {count}}}'.encode()


SERVICES = [(SemanticScholar, scholar), (Crossref, crossref), (OpenAlex, openalex)]
VALUES = {
    "a count below zero": ("-1", '"T"'),
    "a count beyond 2^31-1": (str(2**31), '"T"'),
    "a count of 5,000 digits": ("9" * 5000, '"T"'),
    "a count that is not a number": ("NaN", '"T"'),
    "NUL in a title": ("1", '"a\\u0000b"'),
    "half a surrogate pair in a title": ("1", '"a\\ud800b"'),
    "a title nested 200,000 deep": ("1", "[" * 200_000 + "]" * 200_000),
    "a field that nobody reads, nested 200,000 deep": ("1", '"T", "x": ' + "[" * 200_000 + "]" * 200_000),
    "a field that nobody reads, infinite": ("1", '"T", "x": Infinity'),
}


@pytest.mark.attack("Values that no source should send: counts, NUL, surrogates, nesting")
@pytest.mark.parametrize(("make", "write"), SERVICES)
@pytest.mark.parametrize("value", VALUES)
def test_a_value_out_of_range_leaves_the_paper_unanswered(
    make: Make, write: Callable[[str, str], bytes], value: str, service: Service
) -> None:
    """Never an exception, never a wrong count."""
    service.serve = lambda _: Reply(write(*VALUES[value]))
    answer = make(Access(service.url, retries=0)).fetch([PAPER], NOW)[PAPER]
    assert isinstance(answer, Unanswered)


def test_the_largest_count_and_a_written_escape_are_kept(service: Service, database: Engine) -> None:
    """2^31-1 fits the database, and so does the text that only looks like an escaped NUL."""
    service.serve = lambda _: Reply(scholar(str(2**31 - 1), '"a\\\\u0000b"'))
    source = SemanticScholar(Access(service.url, retries=0))
    answer = source.fetch([PAPER], NOW)[PAPER]
    assert isinstance(answer, Fetched)
    store = DatabaseStore(database)
    store.put(source.name, {"doi:10.1000/182": answer})
    assert store.get(source.name, ["doi:10.1000/182"])["doi:10.1000/182"].answer == answer.answer


@pytest.mark.parametrize("make", [SemanticScholar, Crossref, OpenAlex, ArXiv])
def test_a_compressed_bomb_is_not_unpacked(make: Make, service: Service) -> None:
    """More than the limit after decompression is no answer."""
    bomb = gzip.compress(b"[" + b" " * (LARGEST + 1) + b"]")
    service.serve = lambda _: Reply(bomb, headers={"Content-Encoding": "gzip"})
    query = PREPRINT if make is ArXiv else PAPER
    answer = make(Access(service.url, retries=0)).fetch([query], NOW)[query]
    assert answer == Unanswered(
        answer.source if isinstance(answer, Unanswered) else "", "its answer is not readable"
    )


@pytest.mark.attack("A source that sends one byte now and then")
@pytest.mark.parametrize("make", [SemanticScholar, Crossref, OpenAlex, ArXiv])
def test_an_answer_that_drips_is_given_up(make: Make, raw: Serve) -> None:
    """Each byte comes in time, and the whole answer would take hours: the total time ends it."""
    pause = threading.Event()

    def drip(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
        while not pause.wait(0.02):
            connection.sendall(b" ")

    query = PREPRINT if make is ArXiv else PAPER
    access = Access(f"http://127.0.0.1:{raw(drip)}", retries=2, seconds=0.3)
    started = time.monotonic()
    assert isinstance(make(access).fetch([query], NOW)[query], Unanswered)
    assert time.monotonic() - started < 10


def test_a_look_up_has_a_total_time(raw: Serve, database: Engine) -> None:
    """However many requests a look-up needs, those to one source share its seconds."""
    pause = threading.Event()

    def answer_slowly(connection: socket.socket) -> None:
        connection.recv(4096)
        pause.wait(0.2)
        body = json.dumps({"error": "Title match not found"}).encode()
        head = f"HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        connection.sendall(head.encode() + b"Connection: close\r\n\r\n" + body)

    source = SemanticScholar(Access(f"http://127.0.0.1:{raw(answer_slowly)}", retries=0))
    queries = tuple(Query(None, f"Paper number {number}") for number in range(100))
    library = Library(source, (), DatabaseStore(database), seconds=0.5)
    started = time.monotonic()
    evidence = library.look_up(EvidenceRequest(full=queries), NOW)
    assert time.monotonic() - started < 10
    assert isinstance(evidence.of(queries[-1])[0], Unanswered)
    assert not isinstance(evidence.of(queries[0])[0], Unanswered)


def test_single_papers_get_a_share_of_the_look_up(service: Service) -> None:
    """The rest of a hundred titles is left for the next look-up, and said to be."""
    service.serve = lambda _: Reply(b'{"error": "Title match not found"}', 404)
    source = SemanticScholar(Access(service.url, retries=0, singles_seconds=0))
    queries = [Query(None, f"Paper number {number}") for number in range(100)]
    answers = source.fetch(queries, NOW)
    assert answers[queries[-1]] == Unanswered("Semantic Scholar", "too many papers to ask about at once")
    assert len(service.requests) < 100
