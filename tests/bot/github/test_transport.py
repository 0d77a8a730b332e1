"""A request ends in time and within its size, whatever the server sends."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from bot.github import transport
from bot.github.transport import NoAnswer, Transport

Serve = Callable[[socket.socket], None]


@contextmanager
def serving(serve: Serve) -> Iterator[str]:
    """Run a server that reads a request and then does as it likes; yield its address."""
    listener = socket.create_server(("127.0.0.1", 0))

    def run() -> None:
        with listener:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(65_536)
                    try:
                        serve(connection)
                    except OSError:
                        continue  # the client has left

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(5)


def answer(body: bytes, *headers: str) -> bytes:
    """Return an HTTP answer."""
    lines = ["HTTP/1.1 200 OK", f"Content-Length: {len(body)}", "Connection: close", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def drip(connection: socket.socket, content: bytes) -> None:
    """Send one byte every 20 ms."""
    for byte in content:
        connection.sendall(bytes([byte]))
        time.sleep(0.02)


def send(url: str, *, timeout: float = 0.5, total: float = 0.5) -> transport.Answer:
    """Make a request."""
    client = Transport(timeout=timeout, total=total)
    try:
        return client.send("GET", url, {"Accept": "application/json"}, None)
    finally:
        client.close()


def test_answer_is_returned_with_lower_case_headers() -> None:
    """A compressed body is decompressed."""
    body = answer(gzip.compress(b"[1]"), "Content-Encoding: gzip", "X-Some: Value")
    with serving(lambda connection: connection.sendall(body)) as url:
        found = send(url)
    assert (found.status, found.body, found.headers["x-some"]) == (200, b"[1]", "Value")


@pytest.mark.parametrize(
    "content",
    [
        answer(b"x" * 500),
        b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 500,
        b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + b"x" * 500,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 100,
    ],
    ids=["body", "headers", "body of unknown length", "chunks"],
)
def test_answer_that_drips_is_given_up(content: bytes) -> None:
    """Each read succeeds, but the request as a whole has a limit."""
    with serving(lambda connection: drip(connection, content)) as url:
        started = time.monotonic()
        with pytest.raises(NoAnswer, match=r"within 0\.5 s") as failed:
            send(url)
        assert time.monotonic() - started < 5
    assert failed.value.slow


def test_hanging_server_is_given_up() -> None:
    """A server that never answers costs no more than the time limit."""
    with serving(lambda _connection: time.sleep(1)) as url, pytest.raises(NoAnswer) as failed:
        send(url, timeout=0.1, total=5)
    assert failed.value.slow


@pytest.mark.parametrize("body", [b"x" * 200_001, gzip.compress(b"x" * 200_001, mtime=0)])
def test_large_answer_is_given_up(monkeypatch: pytest.MonkeyPatch, body: bytes) -> None:
    """The limit counts what is received and what it decompresses to."""
    monkeypatch.setattr(transport, "LARGEST_ANSWER", 200_000)
    packed = ["Content-Encoding: gzip"] if body.startswith(b"\x1f\x8b") else []
    with (
        serving(lambda connection: connection.sendall(answer(body, *packed))) as url,
        pytest.raises(NoAnswer, match="too large") as failed,
    ):
        send(url, timeout=5, total=5)
    assert not failed.value.slow


def test_answer_at_the_limit_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit itself is allowed."""
    monkeypatch.setattr(transport, "LARGEST_ANSWER", 200_000)
    with serving(lambda connection: connection.sendall(answer(b"x" * 200_000))) as url:
        assert len(send(url, timeout=5, total=5).body) == 200_000


@pytest.mark.parametrize(
    "content",
    [b"", answer(b"x" * 100)[:-50], answer(b"not gzip", "Content-Encoding: gzip")],
    ids=["no answer", "half an answer", "garbage"],
)
def test_broken_answer_is_no_answer(content: bytes) -> None:
    """A connection that breaks is reported at once."""
    with serving(lambda connection: connection.sendall(content)) as url, pytest.raises(NoAnswer) as failed:
        send(url, timeout=5, total=5)
    assert not failed.value.slow


def test_redirect_is_not_followed() -> None:
    """The answer is returned as it is."""
    moved = b"HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
    with serving(lambda connection: connection.sendall(moved)) as url:
        assert send(url).status == 301
