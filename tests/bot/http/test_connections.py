"""Tests of ``bot.http.connections``: nobody waits longer than the run lasts."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress

import pytest
import requests
from urllib3.exceptions import HTTPError

from bot.http.adapter import BoundedAdapter
from bot.http.connections import Connections
from tests.bot.tcp import Serve


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_who_waits_for_a_silent_server_goes_on_at_once(scheme: str, raw: Serve) -> None:
    """Waiting for the answer, or while TLS shakes hands: the cut ends both."""
    spoken = threading.Event()
    hold = threading.Event()

    def say_nothing(connection: socket.socket) -> None:
        connection.recv(1)
        spoken.set()
        hold.wait()

    connections = Connections()
    pool = connections.pools[scheme]("127.0.0.1", raw(say_nothing), timeout=60, retries=False)
    ended: list[Exception] = []

    def ask() -> None:
        try:
            pool.urlopen("GET", "/")
        except (HTTPError, OSError) as error:
            ended.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    assert spoken.wait(10)
    connections.cut()
    thread.join(10)
    hold.set()
    pool.close()
    assert not thread.is_alive()
    assert len(ended) == 1


def test_no_connection_is_opened_after_the_cut(raw: Serve) -> None:
    """A thread that was between two requests makes no further one."""
    heard: list[bytes] = []
    connections = Connections()
    pool = connections.pools["http"](
        "127.0.0.1", raw(lambda connection: heard.append(connection.recv(1))), retries=False
    )
    connections.cut()
    with pytest.raises((HTTPError, OSError)):
        pool.urlopen("GET", "/")
    assert b"G" not in heard


def drip(connection: socket.socket) -> None:
    """Send one byte of a header now and then, for as long as anybody reads."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nA: ")
    pause = threading.Event()
    while not pause.wait(0.02):
        connection.sendall(b"b")


def session(connections: Connections) -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    session.mount("http://", BoundedAdapter(connections))
    return session


def test_a_request_ends_at_its_total_time(raw: Serve) -> None:
    """A byte every 20 ms never meets the socket's time-out; the total time of 0.3 s ends the request."""
    connections = Connections()
    url = f"http://127.0.0.1:{raw(drip)}"
    started = time.monotonic()
    with session(connections) as client, pytest.raises(OSError), connections.within(0.3):  # noqa: PT011
        client.get(url, timeout=10)
    assert time.monotonic() - started < 5


def test_the_total_time_of_one_request_does_not_end_another(raw: Serve) -> None:
    """Requests of two threads share the pool; only the one whose time is over is cut."""
    connections = Connections()
    answer = threading.Event()
    asked = threading.Event()

    def answer_late(connection: socket.socket) -> None:
        connection.recv(4096)
        asked.set()
        answer.wait()
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    late, slow = raw(answer_late), raw(drip)
    statuses: list[int] = []
    with session(connections) as client:
        waiting = threading.Thread(
            target=lambda: statuses.append(client.get(f"http://127.0.0.1:{late}", timeout=20).status_code)
        )
        waiting.start()
        assert asked.wait(10)
        with pytest.raises(OSError), connections.within(0.1):  # noqa: PT011
            client.get(f"http://127.0.0.1:{slow}", timeout=10)
        answer.set()
        waiting.join(10)
    assert statuses == [200]


def test_a_request_within_its_time_is_not_disturbed(raw: Serve) -> None:
    """Its timer is gone when it ends: the next request of the thread may take longer."""
    connections = Connections()
    answer = b"HTTP/1.1 204 No Content\r\n\r\n"
    url = f"http://127.0.0.1:{raw(lambda connection: connection.sendall(answer))}"
    with session(connections) as client:
        with connections.within(60):
            assert client.get(url, timeout=10).status_code == 204
        assert client.get(url, timeout=10).status_code == 204
    assert not any(
        isinstance(thread, threading.Timer) and thread.is_alive() for thread in threading.enumerate()
    )


def test_a_request_after_its_time_is_not_sent(raw: Serve) -> None:
    """A retry after the total time opens no connection."""
    heard: list[bytes] = []
    connections = Connections()
    url = f"http://127.0.0.1:{raw(lambda connection: heard.append(connection.recv(1)))}"
    over = threading.Event()
    with session(connections) as client, suppress(TimeoutError), connections.within(0):
        while not over.wait(0.01) and any(isinstance(one, threading.Timer) for one in threading.enumerate()):
            pass
        with pytest.raises(requests.ConnectionError):
            client.get(url, timeout=10)
    assert b"G" not in heard
