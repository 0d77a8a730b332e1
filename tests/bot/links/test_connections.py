"""Tests of ``bot.links.connections``: nobody waits longer than the run lasts."""

from __future__ import annotations

import socket
import threading

import pytest
from urllib3.exceptions import HTTPError

from bot.links.connections import Connections
from tests.bot.links.conftest import Serve


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
