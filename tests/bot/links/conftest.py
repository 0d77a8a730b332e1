"""Web sites on this machine that record every request; names with chosen addresses; watched connections."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import urllib3.util.connection

PUBLIC = "93.184.215.14"


@dataclass(frozen=True)
class Page:
    """How a site answers; ``head`` is the status to HEAD where it differs, ``flow`` is sent without end."""

    status: int = 200
    head: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    flow: bytes = b""


class Site(ThreadingHTTPServer):
    """Serves ``pages`` by path, 404 else; ``hits`` are the requests that came, as "GET /path"."""

    daemon_threads = True

    def __init__(self, address: str = "127.0.0.1") -> None:
        self.address_family = socket.AF_INET6 if ":" in address else socket.AF_INET
        super().__init__((address, 0), _Handler)
        self.hits: list[str] = []
        self.pages: dict[str, Page] = {}
        self.broken_off = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, *_: object) -> None:
        """A client that went away is no error."""


class _Handler(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        self.server.hits.append(f"{self.command} {self.path}")
        page = self.server.pages.get(self.path, Page(404))
        head = self.command == "HEAD"
        self.send_response(page.head if head and page.head else page.status)
        for name, value in page.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if head:
            return
        try:
            self.wfile.write(page.body)
            while page.flow:
                self.wfile.write(page.flow)
        except OSError:
            self.server.broken_off.set()

    do_HEAD = do_GET  # noqa: N815 - http.server's name

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def served(site: Site) -> Iterator[Site]:
    """Yield ``site`` while it answers."""
    thread = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield site
    site.shutdown()
    site.server_close()
    thread.join()


@pytest.fixture
def site() -> Iterator[Site]:
    """A site that may be reached."""
    yield from served(Site())


@pytest.fixture
def inside() -> Iterator[Site]:
    """A site that must not be reached."""
    yield from served(Site())


@pytest.fixture
def inside6() -> Iterator[Site]:
    """A site that must not be reached, on IPv6's loopback."""
    yield from served(Site("::1"))


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that connections were made to; none leaves this machine."""
    attempts: list[str] = []
    connect = urllib3.util.connection.create_connection

    def watched(address: tuple[str, int], *args: Any, **kwargs: Any) -> socket.socket:
        attempts.append(address[0])
        if address[0] == PUBLIC:
            raise ConnectionRefusedError
        return connect(address, *args, **kwargs)

    monkeypatch.setattr(urllib3.util.connection, "create_connection", watched)
    return attempts


Resolve = Callable[..., None]


@pytest.fixture
def resolve(monkeypatch: pytest.MonkeyPatch) -> Resolve:
    """Make the host of ``name`` resolve to ``answers``, one after the other, the last one for good."""
    known: dict[str, list[tuple[str, ...]]] = {}
    real = socket.getaddrinfo

    def getaddrinfo(host: str, *args: Any, **kwargs: Any) -> Any:
        if host not in known:
            return real(host, *args, **kwargs)
        answers = known[host]
        addresses = answers.pop(0) if len(answers) > 1 else answers[0]
        return [found for address in addresses for found in real(address, *args, **kwargs)]

    def resolve(name: str, *answers: tuple[str, ...]) -> None:
        known[name] = list(answers)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return resolve
