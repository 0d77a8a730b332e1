"""The connections of one run, which can all be cut at once.

A time-out counts from byte to byte: a server that sends one in a while holds its reader for hours. A thread
cannot be stopped, but its connection can be shut down under it.
"""

from __future__ import annotations

import socket
import threading
from contextlib import suppress

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection


class Connections:
    """Every open connection of the pool classes in ``pools``. Safe to share among threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: dict[HTTPConnection, socket.socket] = {}
        self._over = False
        self.pools: dict[str, type[HTTPConnectionPool]] = _pools(self)

    @property
    def over(self) -> bool:
        """Whether all have been cut."""
        return self._over

    def cut(self) -> None:
        """Shut every connection down, so that who waits for one goes on at once; open no further ones."""
        with self._lock:
            self._over = True
            for held in self._held.values():
                with suppress(OSError):  # the other side was faster
                    held.shutdown(socket.SHUT_RDWR)

    def hold(self, connection: HTTPConnection, opened: socket.socket) -> None:
        """Count the connection among those to cut. Raises TimeoutError when all have been cut already."""
        with self._lock:
            if self._over:
                opened.close()
                raise TimeoutError("the time for all links is over")
            # TLS takes over the socket itself and hides it while shaking hands.
            self._held[connection] = opened.dup()

    def drop(self, connection: HTTPConnection) -> None:
        """Forget a connection that is closed."""
        with self._lock:
            held = self._held.pop(connection, None)
        if held is not None:
            held.close()


def _pools(connections: Connections) -> dict[str, type[HTTPConnectionPool]]:
    """Return urllib3's pools by scheme, whose connections are held by ``connections``."""

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            opened = super()._new_conn()
            connections.hold(self, opened)
            return opened

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
