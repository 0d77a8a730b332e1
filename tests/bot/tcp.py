"""A TCP server whose answers a test writes byte by byte."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial

Talk = Callable[[socket.socket], object]
Serve = Callable[[Talk], int]


def tcp_servers() -> Iterator[Serve]:
    """Yield a function that starts a TCP server; it takes the conversation and returns the port."""
    listening: list[socket.socket] = []
    threads: list[threading.Thread] = []

    def start(target: Callable[[], None]) -> None:
        threads.append(threading.Thread(target=target, daemon=True))
        threads[-1].start()

    def serve(talk: Talk) -> int:
        listener = socket.create_server(("127.0.0.1", 0))
        listening.append(listener)

        def converse(connection: socket.socket) -> None:
            with connection, suppress(OSError):
                talk(connection)

        def accept() -> None:
            with suppress(OSError):
                while True:
                    start(partial(converse, listener.accept()[0]))

        start(accept)
        return int(listener.getsockname()[1])

    yield serve
    for listener in listening:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
    for thread in threads:
        thread.join(10)
