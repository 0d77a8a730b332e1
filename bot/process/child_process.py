"""Run a pure function in a child process that is kept warm and killed at its limits."""

from __future__ import annotations

import multiprocessing
import resource
import signal
import threading
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from types import TracebackType
from typing import Self

from pebble import ProcessExpired, ProcessPool

from bot.process.isolation import SECONDS, TOO_BIG, TOO_DEEP, T, TooHard, Ts, too_slow

MEMORY = 1 << 30
# A child starts in a fraction of this; it is waited for no longer.
_START = 20.0
_CRASHED = "it makes the process that reads it crash"


class ChildProcess:
    """Runs functions one at a time in a child process; callers on other threads wait.

    Functions must be module-level, arguments and results picklable. The child has ``seconds`` for a call and
    ``memory`` bytes of address space; one that dies is replaced, and the next call finds it ready.
    """

    def __init__(self, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self._seconds = seconds
        self._memory = memory
        self._turn = threading.Lock()
        self._pool = self._new_pool()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._turn:
            self._discard()

    def run(self, function: Callable[[*Ts], T], /, *args: *Ts) -> T:
        """Return ``function(*args)``. Raises TooHard at a limit or a crash, and what the function raises."""
        with self._turn:
            # A child that died while idle breaks the pool for the next caller, who is innocent: try again.
            for _ in range(2):
                if not self._pool.active:
                    self._discard()
                    self._pool = self._new_pool()
                try:
                    return self._call(function, args)
                except BrokenProcessPool:
                    continue
            raise TooHard(_CRASHED)

    def _call(self, function: Callable[[*Ts], T], args: tuple[*Ts]) -> T:
        future = self._pool.schedule(_within, args=(self._seconds, function, args))
        try:
            result: T = future.result(self._seconds + _START)
        except ProcessExpired as error:
            raise (
                too_slow(self._seconds) if error.exitcode == -signal.SIGALRM else TooHard(_CRASHED)
            ) from error
        except RecursionError as error:
            raise TooHard(TOO_DEEP) from error
        except MemoryError as error:
            raise TooHard(TOO_BIG) from error
        except TimeoutError as error:
            self._discard()
            raise TooHard(_CRASHED) from error
        return result

    def _new_pool(self) -> ProcessPool:
        # Spawned, not forked: the worker has threads, and a fork would copy their locks.
        context = multiprocessing.get_context("spawn")
        return ProcessPool(max_workers=1, initializer=_limit, initargs=(self._memory,), context=context)

    def _discard(self) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call]  # pebble does not annotate it
        self._pool.join()


def _limit(memory: int) -> None:
    """Prepare the child: its memory is bounded, and the two signals that end it need no Python to run."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _within(seconds: float, function: Callable[[*Ts], T], args: tuple[*Ts]) -> T:
    """Run in the child. The kernel's alarm kills it, whatever it is at, and also when its parent has died."""
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        return function(*args)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
