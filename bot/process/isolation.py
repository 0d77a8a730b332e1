"""Run pure functions under a time limit: their input comes from strangers, who may make them hang.

A slow regular expression holds the interpreter lock, so no thread can stop it. The command line uses an alarm
in its own process (here), the worker uses child processes (`bot.process.child_process`).
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Protocol, Self, TypeVar, TypeVarTuple

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

SECONDS = 10.0
"""For all steps of an evaluation together: reading, comparing, judging and rendering."""
AGAIN = 0.5
TOO_DEEP = "it is nested too deeply"
TOO_BIG = "it needs too much memory"


class TooHard(Exception):  # noqa: N818 - says what the input is
    """A function reached one of its limits. ``reason`` is a clause for people about the input."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TooSlow(TooHard):
    """A function reached its limit of time."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"it takes longer than {seconds:g} s to read")


class Busy(Exception):  # noqa: N818 - named like queue.Full
    """The function is known to take long, and others like it run now: call again after ``seconds``."""

    def __init__(self, seconds: float) -> None:
        super().__init__("other changes that take long are being evaluated")
        self.seconds = seconds


class Session(Protocol):
    """The steps of one evaluation, which share one limit of time."""

    def run(self, function: Callable[[*Ts], T], /, *args: *Ts, seconds: float = SECONDS) -> T:
        """Return ``function(*args)``, which gets ``seconds`` of the time that is left.

        Raises TooHard at a limit, Busy, and what the function raises.
        """
        ...


class Isolation(Protocol):
    """Somewhere to run functions that may hang."""

    def session(self) -> Session:
        """Return a session with its whole time left."""
        ...

    def run(self, function: Callable[[*Ts], T], /, *args: *Ts) -> T:
        """Return ``function(*args)``, run in a session of its own."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class _TimeIsUp(BaseException):
    """Not an Exception: code under the limit may catch those."""


class InProcess:
    """Runs functions in this process, in its main thread, where an alarm interrupts them.

    The alarm interrupts a regular expression too: `re` looks for signals while it matches.
    """

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """There is nothing to release."""

    def session(self) -> Session:
        """Return a session with its whole time left."""
        return _InProcessSession(self._seconds)

    def run(self, function: Callable[[*Ts], T], /, *args: *Ts) -> T:
        """Return ``function(*args)``. Raises TooHard at a limit, ValueError outside the main thread."""
        return self.session().run(function, *args)


class _InProcessSession:
    def __init__(self, seconds: float) -> None:
        self._seconds = self._left = seconds

    def run(self, function: Callable[[*Ts], T], /, *args: *Ts, seconds: float = SECONDS) -> T:
        limit = min(seconds, self._left)
        started = time.monotonic()
        try:
            earlier = signal.signal(signal.SIGALRM, _ring)
            try:
                # Repeated: a finalizer or callback that the alarm interrupts swallows the exception. Never 0,
                # which would switch it off.
                signal.setitimer(signal.ITIMER_REAL, max(limit, 0.001), AGAIN)
                return function(*args)
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
                signal.signal(signal.SIGALRM, earlier)
        except _TimeIsUp as error:
            raise TooSlow(min(seconds, self._seconds)) from error
        except RecursionError as error:
            raise TooHard(TOO_DEEP) from error
        except MemoryError as error:
            raise TooHard(TOO_BIG) from error
        finally:
            self._left -= time.monotonic() - started


def _ring(_signum: int, _frame: FrameType | None) -> None:
    raise _TimeIsUp
