"""The web process: gunicorn with workers of our own."""

from __future__ import annotations

import http.client
import os
import resource
import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from bot.web.receiver import MAX_BODY, MOST_MEMORY
from tests.bot.processes import descendants, free_port, lives, python, wait_until
from tests.bot.web import payloads
from tests.bot.web.delivering import sign

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator

    from bot.settings import Settings


def status(port: int, path: str) -> int | None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except OSError:
        return None
    finally:
        connection.close()


@pytest.fixture
def port(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> int:
    assert settings.database_url is not None
    port = free_port()
    monkeypatch.setenv("PORT", str(port))
    return port


@pytest.fixture
def web(port: int) -> Iterator[subprocess.Popen[str]]:
    with python("-m", "bot.commands.serve", "--with-parent") as process:
        wait_until(lambda: status(port, "/readyz") == 200)
        yield process


@pytest.fixture
def connection(port: int, web: subprocess.Popen[str]) -> Iterator[http.client.HTTPConnection]:
    assert web.poll() is None
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    yield connection
    connection.close()


def test_a_body_announced_too_large_is_refused_unread(connection: http.client.HTTPConnection) -> None:
    """413 comes from the announced length alone: not a byte of the body is sent here."""
    connection.putrequest("POST", "/webhook")
    connection.putheader("Content-Length", str(2 * MAX_BODY))
    connection.endheaders()
    assert connection.getresponse().status == 413


def test_a_body_that_grows_too_large_is_refused(connection: http.client.HTTPConnection) -> None:
    """A chunked body announces no length; it is cut off at the limit all the same."""
    chunk = bytes(1024 * 1024)
    body = (chunk for _ in range(MAX_BODY // len(chunk) + 1))
    connection.request("POST", "/webhook", body, encode_chunked=True)
    assert connection.getresponse().status == 413


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_stops_it(web: subprocess.Popen[str], number: signal.Signals) -> None:
    """It ends by itself with status 0, its worker processes with it."""
    children = descendants(web.pid)
    assert children
    web.send_signal(number)
    assert web.wait(10) == 0
    wait_until(lambda: not any(map(lives, children)))


def test_it_stops_when_its_parent_is_gone(web: subprocess.Popen[str]) -> None:
    """The pipe from the parent closes, however the parent ended."""
    assert web.stdin is not None
    web.stdin.close()
    assert web.wait(10) == 0


STALLED = b"POST /webhook HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nx"


def memory(web: subprocess.Popen[str]) -> int:
    """Return the KiB that the web process and its workers use; what they share counts once."""
    return sum(map(_proportional, {web.pid, *descendants(web.pid)}))


def _proportional(process_id: int) -> int:
    lines = Path(f"/proc/{process_id}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def seconds_of(
    method: str, path: str, port: int, body: bytes | None = None, headers: dict[str, str] | None = None
) -> float:
    """Return how long a request takes; it must be answered well."""
    started = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(method, path, body, headers or {})
    assert connection.getresponse().status in {200, 202}
    connection.close()
    return time.monotonic() - started


@pytest.mark.attack("64, 256 and 1,000 stalled connections")
def test_stalled_connections_delay_nobody(web: subprocess.Popen[str], port: int, settings: Settings) -> None:
    """Deliveries and pages are answered within seconds while others announce a body and send one byte."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    secret = settings.webhook_secret[0].get_secret_value()
    payload = payloads.pull_request()
    with ExitStack() as stack:
        for number in range(1, 1001):
            stalled = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10))
            stalled.sendall(STALLED)
            if number in {64, 256, 1000}:
                headers = {
                    "X-GitHub-Event": "pull_request",
                    "X-GitHub-Delivery": str(uuid4()),
                    "X-Hub-Signature-256": sign(payload.body, secret),
                    "Content-Type": "application/json",
                }
                assert seconds_of("GET", "/healthz", port) < 5
                assert seconds_of("GET", "/readyz", port) < 5
                assert seconds_of("POST", "/webhook", port, payload.body, headers) < 5
        used = memory(web)
    assert used < 150 * 1024


@pytest.mark.attack("Sixteen unsigned bodies of 25 MiB at once")
def test_unsigned_bodies_use_bounded_memory(
    web: subprocess.Popen[str], port: int, settings: Settings
) -> None:
    """They take the memory from each other."""
    before = memory(web)

    def attack(_: int) -> None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
            head = f"POST /webhook HTTP/1.1\r\nHost: a\r\nContent-Length: {MAX_BODY}\r\n\r\n"
            connection.sendall(head.encode() + bytes(MAX_BODY - 1))

    peak = before
    with ThreadPoolExecutor(16) as threads:
        attacks = [threads.submit(attack, number) for number in range(16)]
        while not all(attack.done() for attack in attacks):
            peak = max(peak, memory(web))
    assert peak - before < 1.5 * settings.web_processes * MOST_MEMORY / 1024
    assert seconds_of("GET", "/healthz", port) < 5


def test_a_worker_process_that_dies_is_replaced(web: subprocess.Popen[str], port: int) -> None:
    """By gunicorn."""
    dead = min(descendants(web.pid))
    os.kill(dead, signal.SIGKILL)
    wait_until(lambda: len(descendants(web.pid) - {dead}) == 2)
    wait_until(lambda: status(port, "/healthz") == 200)
