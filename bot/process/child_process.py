"""Functions in a child process that is killed at its limits."""

from __future__ import annotations

import pickle
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Self

from bot.process.fork_server import WALL
from bot.process.isolation import TOO_BIG, TOO_DEEP, T, TooHard, TooSlow, Ts

MEMORY = 256 << 20
"""Bytes that a call may allocate; the largest list that is read needs less than half."""
_START = 20.0
# Seconds; a child starts in a fraction of this.
_CRASHED = "it crashes the process that reads it"
_OUT_OF_TIME = frozenset({-signal.SIGALRM, -signal.SIGPROF})


class ChildProcess:
    """Runs functions one at a time, each in a fork of a warm child; callers on other threads wait.

    Functions must be module-level, arguments and results picklable.
    """

    def __init__(self, memory: int = MEMORY, *, niceness: int = 0) -> None:
        self._limits = (str(memory), str(niceness))
        self._lock = threading.Lock()
        self._start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            self._stop()

    def call(self, seconds: float, function: Callable[[*Ts], T], /, *args: *Ts) -> tuple[T, float]:
        """Return ``function(*args)`` and the CPU time it took, which is at most ``seconds``.

        Raises TooSlow, TooHard at another limit or a crash, and what the function raises.
        """
        with self._lock:
            answer = self._ask(seconds, pickle.dumps((seconds, function, args)))
        match answer:
            case RecursionError():
                raise TooHard(TOO_DEEP) from answer
            case MemoryError():
                raise TooHard(TOO_BIG) from answer
            case BaseException():
                raise answer
            case int():
                raise TooSlow(seconds) if answer in _OUT_OF_TIME else TooHard(_CRASHED)
        result: tuple[T, float] = answer
        return result

    def _ask(self, seconds: float, call: bytes) -> Any:
        """Return the answer, 1 where the child itself dies or hangs."""
        for _ in range(2):  # it may have died while idle, which is not this caller's fault
            try:
                self._connection.send_bytes(call)
                if self._connection.poll(WALL * seconds + _START):
                    return pickle.loads(self._connection.recv_bytes())  # noqa: S301 - from our own child
            except (EOFError, OSError):
                self._restart()
            else:
                self._restart()
                break
        return 1

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        self._connection = Connection(ours.detach())
        with theirs:
            descriptor = theirs.fileno()
            # A fresh interpreter: this process has threads, and a fork of it would copy their locks.
            self._process = subprocess.Popen(  # noqa: S603 - no argument comes from outside
                [sys.executable, "-m", "bot.process.fork_server", str(descriptor), *self._limits],
                pass_fds=[descriptor],
                stdin=subprocess.DEVNULL,
            )

    def _stop(self) -> None:
        """Close the connection, which ends an idle child; kill one that does not end."""
        self._connection.close()
        try:
            self._process.wait(1)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _restart(self) -> None:
        self._stop()
        self._start()
