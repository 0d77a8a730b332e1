"""Tests of ``bot.links.reach``: what each way to answer means, and how long it may take."""

from __future__ import annotations

import gzip
import socket
import threading
import time

import pytest

from bot.links.reach import MOST, MOST_PER_HOST, Links
from rules.papers.evidence import Reach, Reached
from tests.bot.links.conftest import PUBLIC, Page, Resolve, Site
from tests.bot.tcp import Serve

NOBODY = "http://127.0.0.1:1"  # a registry that does not answer


def reached(site: Site, path: str = "/page") -> Reached:
    """Return where a page of ``site`` leads."""
    url = f"{site.url}{path}"
    return Links(NOBODY, sandbox=site.url, timeout=(1, 1)).reach([url])[url]


@pytest.mark.parametrize(
    ("page", "reach", "reason", "hits"),
    [
        (Page(200), Reach.ALIVE, "", 1),
        (Page(204), Reach.ALIVE, "", 1),
        (Page(200, head=404), Reach.ALIVE, "", 2),
        (Page(200, head=405), Reach.ALIVE, "", 2),
        (Page(200, head=501), Reach.ALIVE, "", 2),
        (Page(404), Reach.DEAD, "it answered HTTP 404", 2),
        (Page(410), Reach.DEAD, "it answered HTTP 410", 2),
        (Page(403, head=404), Reach.UNVERIFIED, "it answered HTTP 403", 2),
        (Page(400), Reach.UNVERIFIED, "it answered HTTP 400", 2),
        (Page(401), Reach.UNVERIFIED, "it answered HTTP 401", 2),
        (Page(403), Reach.UNVERIFIED, "it answered HTTP 403", 2),
        (Page(405), Reach.UNVERIFIED, "it answered HTTP 405", 2),
        (Page(451), Reach.UNVERIFIED, "it answered HTTP 451", 2),
        (Page(429), Reach.UNVERIFIED, "it answered HTTP 429", 1),
        (Page(500), Reach.UNVERIFIED, "it answered HTTP 500", 2),
        (Page(503), Reach.UNVERIFIED, "it answered HTTP 503", 2),
        (Page(302), Reach.UNVERIFIED, "it answered HTTP 302", 2),
        (Page(304), Reach.UNVERIFIED, "it answered HTTP 304", 2),
        (Page(302, headers={"Location": "/page"}), Reach.UNVERIFIED, "it redirects more than 5 times", 6),
        (Page(301, headers={"Location": "http://[x"}), Reach.UNVERIFIED, "its host could not be reached", 1),
        (Page(303, headers={"Location": "ftp://a/b"}), Reach.UNVERIFIED, "it is neither http nor https", 1),
    ],
)
def test_a_status_says_no_more_than_it_means(
    page: Page, reach: Reach, reason: str, hits: int, site: Site
) -> None:
    """Success is good, gone is dead once GET confirms it, and all else is nobody's fault."""
    site.pages["/page"] = page
    assert reached(site) == Reached(reach, reason)
    assert len(site.hits) == hits


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(("end", "reach"), [(Page(200), Reach.ALIVE), (Page(404), Reach.DEAD)])
def test_redirects_lead_on(status: int, end: Page, reach: Reach, site: Site) -> None:
    """The page at their end decides, whatever their kind, absolute or relative."""
    site.pages["/page"] = Page(status, headers={"Location": "a/b"})
    site.pages["/a/b"] = Page(status, headers={"Location": f"{site.url}/end"})
    site.pages["/end"] = end
    assert reached(site).reach is reach


def test_five_redirects_are_followed(site: Site) -> None:
    """The sixth is one too many."""
    for number in range(6):
        site.pages[f"/{number}"] = Page(302, headers={"Location": f"/{number + 1}"})
    site.pages["/6"] = Page()
    assert reached(site, "/1").reach is Reach.ALIVE
    assert reached(site, "/0") == Reached(Reach.UNVERIFIED, "it redirects more than 5 times")


@pytest.mark.parametrize(
    "page",
    [
        Page(200, head=405, flow=b"x" * 65_536),
        Page(302, head=405, headers={"Location": "/end"}, flow=b"x" * 65_536),
        Page(
            302,
            head=405,
            headers={"Location": "/end", "Content-Encoding": "gzip"},
            flow=gzip.compress(bytes(10_000_000)),
        ),
    ],
)
def test_a_body_without_end_is_not_read(page: Page, site: Site) -> None:
    """A page's status is enough, and so is a redirect's target: the connection is closed."""
    site.pages |= {"/page": page, "/end": Page()}
    assert reached(site).reach is Reach.ALIVE
    assert site.broken_off.wait(10)


@pytest.mark.parametrize(
    "words", [b"", b"HTTP/1.1 ", b"SSH-2.0-OpenSSH_9.6\r\n", b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200]
)
def test_what_is_no_answer_tells_nothing(words: bytes, raw: Serve) -> None:
    """Broken off, another protocol, headers without end: not to be verified."""

    def talk(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(words)

    url = f"http://127.0.0.1:{raw(talk)}"
    found = Links(NOBODY, sandbox=url).reach([f"{url}/page"])[f"{url}/page"]
    assert found == Reached(Reach.UNVERIFIED, "its host could not be reached")


def test_silence_is_waited_for_so_long(raw: Serve) -> None:
    """A host that does not answer within the time-out might tomorrow."""
    url = f"http://127.0.0.1:{raw(lambda connection: list(iter(lambda: connection.recv(4096), b'')))}"
    found = Links(NOBODY, sandbox=url, timeout=(1, 0.1)).reach([f"{url}/page"])[f"{url}/page"]
    assert found == Reached(Reach.UNVERIFIED, "it did not answer in time")


def test_a_change_has_so_much_time_for_all_its_links(raw: Serve) -> None:
    """Servers that send a byte now and then outwit every time-out but this; their threads end with it."""
    ended = threading.Semaphore(0)
    pause = threading.Event()

    def drip(connection: socket.socket) -> None:
        try:
            connection.sendall(b"HTTP/1.1 200 OK\r\nA: ")
            while not pause.wait(0.02):
                connection.sendall(b"b")
        finally:
            ended.release()

    url = f"http://127.0.0.1:{raw(drip)}"
    urls = [f"{url}/{number}" for number in range(5)]
    before = time.monotonic()
    found = Links(NOBODY, sandbox=url, seconds=0.5, timeout=(1, 1)).reach(urls)
    assert time.monotonic() - before < 5
    assert found == dict.fromkeys(urls, Reached(Reach.UNVERIFIED, "it did not answer in time"))
    assert all(ended.acquire(timeout=10) for _ in range(4))


def test_a_change_has_so_many_links(site: Site) -> None:
    """Those beyond the caps are not followed, and said to be; one given twice is followed once."""
    urls = [f"{site.url}/{number}" for number in range(MOST_PER_HOST + 2)] * 2
    others = [f"ftp://{number}.example/" for number in range(MOST)]
    found = Links(NOBODY, sandbox=site.url).reach([*urls, *others])
    reasons = [found[url].reason for url in dict.fromkeys([*urls, *others])]
    assert set(reasons[:5]) == {"it answered HTTP 404"}
    assert reasons[5:7] == ["only 5 links to a host are followed"] * 2
    assert set(reasons[7:22]) == {"it is neither http nor https"}
    assert reasons[22:] == ["only 20 links of a change are followed"] * 5
    assert len(site.hits) == 2 * MOST_PER_HOST


def test_an_inner_host_cannot_be_told_from_an_unknown_one(resolve: Resolve, connected: list[str]) -> None:
    """Nobody learns from the bot which names lead inside, or where public ones lead."""
    resolve("inner.example", ("10.0.0.1",))
    resolve("outer.example", (PUBLIC,))
    urls = ["http://inner.example/", "http://unknown.invalid/", "http://outer.example/", "http://127.0.0.1/"]
    found = Links(NOBODY).reach(urls)
    assert set(found.values()) == {Reached(Reach.UNVERIFIED, "its host could not be reached")}
    assert connected == [PUBLIC]


def test_nothing_asked_is_nothing_done(connected: list[str]) -> None:
    """A change without new links costs nothing."""
    assert Links(NOBODY).reach([]) == {}
    assert connected == []
