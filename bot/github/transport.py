"""One HTTP request with a limit on its total time and on the size of its answer."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LARGEST_ANSWER = 20 * 1024 * 1024
"""Bytes, compressed or decompressed; the largest real answer, 100 pull requests, has about 3 MB."""
_CHUNK = 16 * 1024
"""Compressed bytes decompressed in one step; gzip expands them at most a thousandfold, to 16 MB."""


class NoAnswer(Exception):  # noqa: N818 - named like ConnectionRefusedError
    """No complete answer arrived. The message is a clause such as "it did not answer within 20 s".

    ``slow`` is True if the time ran out.
    """

    def __init__(self, message: str, *, slow: bool = False) -> None:
        super().__init__(message)
        self.slow = slow


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete answer; header names are in lower case, ``body`` is decompressed."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Transport:
    """A connection to one server, for one thread.

    ``timeout`` limits connecting and each read, ``total`` the whole request; both are in seconds.
    """

    def __init__(self, *, timeout: float, total: float) -> None:
        self._timeout, self._total = timeout, total
        self._session = requests.Session()
        self._session.auth = _no_auth  # otherwise requests would look into ~/.netrc
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, _WatchedAdapter())

    def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        """Return the answer to one request; redirects are not followed.

        Raises:
            NoAnswer: it did not arrive completely; the request may have taken effect.
        """
        with _watched(self._total) as watch:
            try:
                with self._session.request(
                    method,
                    url,
                    headers=dict(headers),
                    data=body,
                    timeout=self._timeout,
                    allow_redirects=False,
                    stream=True,
                ) as response:
                    content = _read(response)
            except (requests.RequestException, HTTPError, OSError) as error:
                raise self._no_answer(error, watch) from error
            if watch.expired:  # where the length of the body is not known, its end looks complete
                raise self._no_answer(None, watch)
        return Answer(
            response.status_code, {name.lower(): value for name, value in response.headers.items()}, content
        )

    def close(self) -> None:
        """Close the connection."""
        self._session.close()

    def _no_answer(self, error: Exception | None, watch: _Watch) -> NoAnswer:
        if watch.expired or isinstance(error, requests.Timeout | TimeoutError):
            return NoAnswer(f"it did not answer within {self._total:g} s", slow=True)
        if isinstance(error, HTTPError):
            return NoAnswer("its answer broke off")
        return NoAnswer("the connection failed")


def _read(response: requests.Response) -> bytes:
    """Return the decompressed body. Raises NoAnswer if it is larger than LARGEST_ANSWER."""
    chunks: list[bytes] = []
    size = 0
    for chunk in response.raw.stream(_CHUNK, decode_content=True):
        size += len(chunk)
        if max(size, response.raw.tell()) > LARGEST_ANSWER:
            raise NoAnswer("its answer is too large")
        chunks.append(chunk)
    return b"".join(chunks)


def _no_auth(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


@dataclass(slots=True)
class _Watch:
    """The socket of the request under way, so that a timer can end it."""

    opened: socket.socket | None = None
    expired: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def expire(self) -> None:
        """End the request: a thread that waits for its socket sees the end of the stream."""
        with self.lock:
            self.expired = True
            if self.opened is not None:
                _shut_down(self.opened)

    def use(self, opened: socket.socket | None) -> None:
        """Note which socket the request uses."""
        with self.lock:
            self.opened = opened
            if self.expired and opened is not None:
                _shut_down(opened)


def _shut_down(opened: socket.socket) -> None:
    try:
        # Not the method of ssl.SSLSocket, which forgets its encryption while another thread reads.
        socket.socket.shutdown(opened, socket.SHUT_RDWR)
    except OSError:
        return  # it is closed already


_watch: ContextVar[_Watch] = ContextVar("watch")


@contextmanager
def _watched(total: float) -> Iterator[_Watch]:
    """Limit the time of what is requested inside: a read timeout alone allows one byte per read for ever."""
    watch = _Watch()
    token = _watch.set(watch)
    timer = threading.Timer(total, watch.expire)
    timer.daemon = True
    timer.start()
    try:
        yield watch
    finally:
        timer.cancel()
        _watch.reset(token)


class _WatchedHTTPConnection(HTTPConnection):
    def request(self, *arguments: Any, **named: Any) -> None:
        if self.sock is None:
            self.connect()
        _watch.get().use(self.sock)
        super().request(*arguments, **named)


class _WatchedHTTPSConnection(HTTPSConnection):
    def request(self, *arguments: Any, **named: Any) -> None:
        if self.sock is None:
            self.connect()
        _watch.get().use(self.sock)
        super().request(*arguments, **named)


class _WatchedHTTPPool(HTTPConnectionPool):
    ConnectionCls = _WatchedHTTPConnection


class _WatchedHTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _WatchedHTTPSConnection


_POOLS = {"http": _WatchedHTTPPool, "https": _WatchedHTTPSPool}


class _WatchedAdapter(HTTPAdapter):
    """Opens connections whose socket is known to the timer, directly or through a proxy."""

    def init_poolmanager(self, *arguments: Any, **named: Any) -> None:
        super().init_poolmanager(*arguments, **named)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, *arguments: Any, **named: Any) -> Any:
        manager = super().proxy_manager_for(*arguments, **named)
        manager.pool_classes_by_scheme = _POOLS
        return manager
