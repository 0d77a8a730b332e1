"""The web process, under real gunicorn."""

from __future__ import annotations

import http.client
import signal
from typing import TYPE_CHECKING

import pytest

from bot.web.app import MAX_BODY
from tests.bot.processes import descendants, free_port, lives, python, wait_until

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


def test_sigterm_stops_it(web: subprocess.Popen[str]) -> None:
    """It ends by itself with status 0, its worker processes with it."""
    children = descendants(web.pid)
    assert children
    web.send_signal(signal.SIGTERM)
    assert web.wait(10) == 0
    wait_until(lambda: not any(map(lives, children)))


def test_it_stops_when_its_parent_is_gone(web: subprocess.Popen[str]) -> None:
    """The pipe from the parent closes, however the parent ended."""
    assert web.stdin is not None
    web.stdin.close()
    assert web.wait(10) == 0
