"""Tests of ``bot.web.receiver`` over real sockets: what strangers send costs bounded time and memory."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from bot.web.receiver import MAX_BODY, MAX_HEAD, Receiver, Request, Response
from tests.bot.processes import wait_until

SECRET = "It's a Secret to Everybody"


class Server:
    """A receiver with small limits, in a thread of its own; ``requests`` are those that it answered."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.receiver: Receiver | None = None
        self.port = 0
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))

    async def _answer(self, request: Request) -> Response:
        self.requests.append(request)
        return Response(200, [("Content-Type", "text/plain")], b"answered")

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self.receiver = Receiver(
            self._answer,
            ["another", SECRET],
            keepalive_seconds=0.6,
            head_seconds=0.5,
            body_seconds=0.7,
            most_connections=20,
            most_memory=MAX_BODY + 1024 * 1024,
        )
        server = await self._loop.create_server(self.receiver.connect, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()
        await self.receiver.stop(1)

    def start(self) -> None:
        self._thread.start()
        assert self._ready.wait(10)

    def stop(self) -> None:
        assert self._loop is not None
        assert self._stop is not None
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def connect(self, data: bytes = b"") -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=10)
        connection.sendall(data)
        return connection

    @property
    def memory(self) -> int:
        assert self.receiver is not None
        return self.receiver.memory


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    running.start()
    yield running
    running.stop()


def signature(body: bytes, secret: str = SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def delivery(body: bytes, signed: str | None = None, *, length: int | None = None) -> bytes:
    """Return a POST of ``body`` to the webhook; ``length`` is announced in place of the body's own."""
    head = (
        "POST /webhook HTTP/1.1\r\nHost: papergate\r\n"
        f"X-Hub-Signature-256: {signed or signature(body)}\r\n"
        f"Content-Length: {len(body) if length is None else length}\r\n\r\n"
    )
    return head.encode() + body


def read(connection: socket.socket) -> bytes:
    """Return what comes until the server closes, or until a whole answer of ours is there."""
    received = b""
    while not received.endswith((b"answered", b"}\n")):
        part = connection.recv(65536)
        if not part:
            break
        received += part
    return received


def is_closed(connection: socket.socket) -> bool:
    try:
        return connection.recv(65536) == b""
    except ConnectionResetError:
        return True


def send_until_closed(connection: socket.socket, part: bytes, pause: float = 0) -> int:
    """Send a part again and again; return how often until the server closed the connection."""
    wait = threading.Event()
    for number in range(1000):
        try:
            connection.sendall(part)
        except OSError:
            return number
        wait.wait(pause)
    return 1000


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def test_a_signed_delivery_reaches_the_application_whole(server: Server) -> None:
    """With its headers, however many packets it took; the connection serves the next one too."""
    body = b"x" * 100_000
    with server.connect() as connection:
        for _ in range(2):
            data = delivery(body)
            for start in range(0, len(data), 30_000):
                connection.sendall(data[start : start + 30_000])
            assert status(read(connection)) == 200
    assert [request.body for request in server.requests] == [body, body]
    assert ("host", "papergate") in server.requests[0].headers
    assert (server.requests[0].method, server.requests[0].path) == ("POST", "/webhook")
    assert server.memory == 0


def test_a_chunked_delivery_is_read(server: Server) -> None:
    """A proxy on the way may send it so."""
    body = b"chunked body"
    head = f"POST /webhook HTTP/1.1\r\nHost: a\r\nX-Hub-Signature-256: {signature(body)}\r\n"
    with server.connect(head.encode() + b"Transfer-Encoding: chunked\r\n\r\n") as connection:
        connection.sendall(b"c\r\nchunked body\r\n0\r\n\r\n")
        assert status(read(connection)) == 200
    assert [request.body for request in server.requests] == [body]


def test_either_secret_is_right(server: Server) -> None:
    """While one is replaced by the other."""
    with server.connect(delivery(b"{}", signature(b"{}", "another"))) as connection:
        assert status(read(connection)) == 200


@pytest.mark.attack("A body without a right signature")
@pytest.mark.parametrize("signed", ["sha256=" + "0" * 64, "sha1=1", "sha256=\xff"])
def test_an_unsigned_delivery_does_not_reach_the_application(server: Server, signed: str) -> None:
    """It is refused at its last byte."""
    data = delivery(b"{}", signed).decode("utf-8").encode("latin-1")
    with server.connect(data) as connection:
        assert status(read(connection)) == 401
        assert is_closed(connection)
    assert server.requests == []
    assert server.memory == 0


@pytest.mark.attack("A body larger than any delivery, announced or not")
def test_a_body_that_is_too_large_is_refused(server: Server) -> None:
    """An announced one before a byte of it is read; another one at the limit."""
    with server.connect(delivery(b"", "sha256=0", length=MAX_BODY + 1)) as connection:
        assert status(read(connection)) == 413
    head = b"POST /webhook HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"100000\r\n" + bytes(1024 * 1024) + b"\r\n"
    with server.connect(head) as connection:
        assert send_until_closed(connection, chunk) < 100
    assert server.requests == []
    wait_until(lambda: server.memory == 0)


def test_a_page_takes_no_body(server: Server) -> None:
    """Nobody may make the server hold what it does not want."""
    with server.connect(b"POST /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello") as connection:
        assert status(read(connection)) == 413
    with server.connect(b"GET /healthz?a=b HTTP/1.1\r\nHost: a\r\n\r\n") as connection:
        assert status(read(connection)) == 200
    assert [request.path for request in server.requests] == ["/healthz"]


def test_a_client_may_wait_for_the_go_ahead(server: Server) -> None:
    """With "Expect: 100-continue" the body comes only when it is asked for."""
    head, body = delivery(b"{}").split(b"\r\n\r\n")
    with server.connect(head + b"\r\nExpect: 100-continue\r\n\r\n") as connection:
        assert b"100" in connection.recv(100)
        connection.sendall(body)
        assert status(read(connection)) == 200


@pytest.mark.parametrize(
    "data",
    [
        b"\x16\x03\x01\x02\x00",
        b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * (MAX_HEAD + 1),
        b"GET / HTTP/1.1\r\n\r\n",
        b"POST /webhook HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        b"POST /webhook HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"POST /webhook HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n",
    ],
)
def test_what_is_not_http_is_refused(server: Server, data: bytes) -> None:
    """TLS, endless headers, and what proxies and servers read differently."""
    with server.connect(data) as connection:
        assert 400 <= status(read(connection)) <= 501
        assert is_closed(connection)
    assert server.requests == []


@pytest.mark.attack("Headers or a body that never end")
@pytest.mark.parametrize(
    "data", [b"", b"POST /webhook HTTP/1.1\r\nHost", delivery(b"x", length=1000), delivery(b"", length=1000)]
)
def test_a_stalled_connection_is_closed(server: Server, data: bytes) -> None:
    """Whether nothing comes, half a header, or a byte of the body."""
    started = time.monotonic()
    with server.connect(data) as connection:
        assert is_closed(connection)
    assert time.monotonic() - started < 8
    wait_until(lambda: server.memory == 0)


@pytest.mark.attack("Headers or a body that come byte by byte")
@pytest.mark.parametrize("data", [b"GET / HTTP/1.1\r\nHost: a\r\nX: ", delivery(b"x", length=1000)])
def test_a_connection_that_drips_is_closed(server: Server, data: bytes) -> None:
    """The time is that of the whole, not between two bytes."""
    started = time.monotonic()
    with server.connect(data) as connection:
        send_until_closed(connection, b"a", pause=0.02)
    assert time.monotonic() - started < 8


def test_an_idle_connection_is_kept_for_a_while(server: Server) -> None:
    """For the time of the setting after an answer."""
    with server.connect(delivery(b"{}")) as connection:
        assert status(read(connection)) == 200
        started = time.monotonic()
        assert is_closed(connection)
    assert 0.3 < time.monotonic() - started < 8


@pytest.mark.attack("More connections than the server holds")
def test_the_oldest_stalled_connection_makes_room(server: Server) -> None:
    """However many wait, a new one is served."""
    stalled = [server.connect(b"GET / HT") for _ in range(40)]
    with server.connect(delivery(b"{}")) as connection:
        assert status(read(connection)) == 200
    assert is_closed(stalled[0])
    for connection in stalled:
        connection.close()


@pytest.mark.attack("More unsigned bodies than the memory holds")
def test_the_oldest_unfinished_body_makes_room(server: Server) -> None:
    """A large signed delivery is taken while unfinished ones hold the memory."""
    stalled = [server.connect(delivery(bytes(900_000), "sha256=0", length=1_000_000)) for _ in range(10)]
    wait_until(lambda: server.memory >= 9_000_000)
    body = bytes(MAX_BODY)
    with server.connect(delivery(body)) as connection:
        assert status(read(connection)) == 200
    for held in stalled:
        held.close()
    assert server.requests[0].body == body
    wait_until(lambda: server.memory == 0)


def test_requests_that_are_sent_ahead_are_answered_in_order(server: Server) -> None:
    """HTTP/1.1 allows a client not to wait."""
    with server.connect(delivery(b"1") + delivery(b"2") + delivery(b"3")) as connection:
        received = b""
        while received.count(b"answered") < 3:
            received += connection.recv(65536)
    assert [request.body for request in server.requests] == [b"1", b"2", b"3"]
