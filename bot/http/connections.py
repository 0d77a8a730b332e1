"""Connections that can be cut: the total time of a request has a limit.

A socket's time-out counts from byte to byte, so a server that sends one byte now and then holds its reader
for hours. A thread cannot be stopped, but its connection can be shut down.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

_OVER = "the time for this request is over"


class Connections:
    """Every open connection of the pool classes in ``pools``. Safe to share among threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: dict[HTTPConnection, socket.socket] = {}
        self._over = False
        self._request = threading.local()
        self.pools: dict[str, type[HTTPConnectionPool]] = _pools(self)

    @property
    def over(self) -> bool:
        """Whether all connections were cut."""
        return self._over

    def cut(self) -> None:
        """Shut every connection down, which ends each wait for one, and let none be opened again."""
        with self._lock:
            self._over = True
            for held in self._held.values():
                with suppress(OSError):  # the other side was faster
                    held.shutdown(socket.SHUT_RDWR)

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Cut the connections that this thread uses inside the ``with`` block once ``seconds`` have passed.

        Raises TimeoutError at the end of the block when that happened, because a response that was cut may
        look whole. Resolving a name is not interrupted.
        """
        request = _Request()
        self._request.now = request
        timer = threading.Timer(seconds, self._end, (request,))
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            self._request.now = None
            with self._lock:
                for used in request.used:
                    used.close()
                request.used.clear()
        if request.over:
            raise TimeoutError(_OVER)

    def _end(self, request: _Request) -> None:
        with self._lock:
            request.over = True
            for used in request.used:
                with suppress(OSError):
                    used.shutdown(socket.SHUT_RDWR)

    def use(self, connection: HTTPConnection) -> None:
        """Note that this thread sends its request over ``connection``. Raises TimeoutError past its time."""
        request: _Request | None = getattr(self._request, "now", None)
        if request is None:
            return
        with self._lock:
            if request.over:
                raise TimeoutError(_OVER)
            held = self._held.get(connection)
            if held is not None:
                request.used.append(held.dup())

    def hold(self, connection: HTTPConnection, opened: socket.socket) -> None:
        """Count the connection among those to cut. Raises TimeoutError when all have been cut already."""
        with self._lock:
            if self._over:
                opened.close()
                raise TimeoutError("the time for all requests is over")
            # TLS takes over the socket itself and hides it during the handshake.
            self._held[connection] = opened.dup()

    def drop(self, connection: HTTPConnection) -> None:
        """Forget a connection that is closed."""
        with self._lock:
            held = self._held.pop(connection, None)
        if held is not None:
            held.close()


class _Request:
    """The request that a thread sends now."""

    def __init__(self) -> None:
        self.used: list[socket.socket] = []
        """Copies: a connection forgets its socket while the body of a last response is still read from it."""
        self.over = False


def _pools(connections: Connections) -> dict[str, type[HTTPConnectionPool]]:
    """Return urllib3's pools by scheme, whose connections are held by ``connections``."""

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            connections.use(self)
            opened = super()._new_conn()
            connections.hold(self, opened)
            try:
                connections.use(self)  # connecting may have taken all of the time
            except TimeoutError:
                opened.close()
                raise
            return opened

        def putrequest(
            self, method: str, url: str, skip_host: bool = False, skip_accept_encoding: bool = False
        ) -> None:
            connections.use(self)
            super().putrequest(method, url, skip_host, skip_accept_encoding)

        def close(self) -> None:
            connections.drop(self)
            super().close()

    class Secure(Plain, HTTPSConnection):
        pass

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}
