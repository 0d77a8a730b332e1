"""Run a pure function under a time limit: its input comes from strangers and may be made to hang.

A slow regular expression holds the interpreter lock, so no thread can stop it. The command line uses an alarm
in its own process (here), the worker a child process (`bot.process.child_process`).
"""

from __future__ import annotations

import signal
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Protocol, Self, TypeVar, TypeVarTuple

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

# A evaluation takes up to three calls (companion file, list, rules) and is answered within 10 s.
SECONDS = 3.2
AGAIN = 0.5
TOO_DEEP = "it is nested too deeply"
TOO_BIG = "it needs too much memory"


class TooHard(Exception):  # noqa: N818 - says what the input is
    """The function met one of its limits. ``reason`` is a clause for people about the input."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def too_slow(seconds: float) -> TooHard:
    """Return the error for a function that ran out of time."""
    return TooHard(f"it takes longer than {seconds:g} s to read")


class Isolation(Protocol):
    """Somewhere to run a function that may hang."""

    def run(self, function: Callable[[*Ts], T], /, *args: *Ts) -> T:
        """Return ``function(*args)``. Raises TooHard at a limit, and what the function raises."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class _TimeIsUp(BaseException):
    """Not an Exception: code under the limit may catch those."""


class InProcess:
    """Runs functions in this process, in its main thread, where an alarm interrupts them.

    The alarm reaches a regular expression too: `re` looks for signals while it matches.
    """

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing is held."""

    def run(self, function: Callable[[*Ts], T], /, *args: *Ts) -> T:
        """Return ``function(*args)``. Raises TooHard at a limit, ValueError outside the main thread."""
        try:
            earlier = signal.signal(signal.SIGALRM, _ring)
            try:
                # Again and again: a finalizer or callback that it interrupts swallows the exception.
                signal.setitimer(signal.ITIMER_REAL, self._seconds, AGAIN)
                return function(*args)
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
                signal.signal(signal.SIGALRM, earlier)
        except _TimeIsUp as error:
            raise too_slow(self._seconds) from error
        except RecursionError as error:
            raise TooHard(TOO_DEEP) from error
        except MemoryError as error:
            raise TooHard(TOO_BIG) from error


def _ring(_signum: int, _frame: FrameType | None) -> None:
    raise _TimeIsUp
