"""Faults on demand: wrong answers, slow ones, lost ones, and requests held at a gate."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType


@dataclass(frozen=True)
class Fault:
    """What happens to matching requests.

    `status` None lets the real answer through (after `delay` seconds); `drop` closes the connection without
    an answer. With `after` the request takes effect first, and only its answer is lost or replaced.
    """

    method: str
    path: re.Pattern[str]
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    delay: float = 0.0
    drop: bool = False
    after: bool = False
    ended: threading.Event = field(default_factory=threading.Event, repr=False, compare=False)

    def wait(self) -> None:
        """Wait for the delay, or until the fault is removed or cleared."""
        if self.delay > 0:
            self.ended.wait(self.delay)

    def matches(self, method: str, path: str) -> bool:
        """Say whether the fault is for this request."""
        return self.method in {"*", method} and self.path.search(path) is not None


class Faults:
    """The faults in force. `clear` ends them all, and wakes whoever a delay holds back."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pending: list[tuple[Fault, int | None]] = []
        self._made: list[Fault] = []

    def add(
        self,
        method: str,
        path: str,
        *,
        status: int | None = None,
        headers: Mapping[str, str] | None = None,
        body: str | bytes = b"",
        delay: float = 0.0,
        drop: bool = False,
        after: bool = False,
        times: int | None = 1,
    ) -> Fault:
        """Return a new fault for the next `times` requests whose path matches the regular expression.

        `times` None means until removed or cleared; `method` may be `*`. A body goes out as JSON
        unless `headers` say otherwise.
        """
        raw = body.encode() if isinstance(body, str) else body
        shown = {"Content-Type": "application/json; charset=utf-8"} | dict(headers or {})
        fault = Fault(method, re.compile(path), status, shown, raw, delay, drop, after)
        with self._lock:
            self._pending.append((fault, times))
            self._made.append(fault)
        return fault

    def take(self, method: str, path: str) -> Fault | None:
        """Return the first fault for this request and use it up, or None."""
        with self._lock:
            for index, (fault, left) in enumerate(self._pending):
                if fault.matches(method, path):
                    if left == 1:
                        del self._pending[index]
                    elif left is not None:
                        self._pending[index] = (fault, left - 1)
                    return fault
        return None

    def remove(self, fault: Fault) -> None:
        """End one fault, also its delays under way."""
        fault.ended.set()
        with self._lock:
            self._pending = [item for item in self._pending if item[0] is not fault]

    def clear(self) -> None:
        """End every fault at once, also the delays under way."""
        with self._lock:
            self._pending.clear()
            for fault in self._made:
                fault.ended.set()


class Gate:
    """Holds matching requests until released; `waiting` is set once one has come."""

    def __init__(self, method: str, path: str) -> None:
        self._method, self._path = method, re.compile(path)
        self.waiting = threading.Event()
        self._open = threading.Event()

    def matches(self, method: str, path: str) -> bool:
        """Say whether the gate stands before this request."""
        return self._method in {"*", method} and self._path.search(path) is not None

    def hold(self) -> None:
        """Wait until the gate is open."""
        self.waiting.set()
        self._open.wait()

    def release(self) -> None:
        """Let everyone through, now and later."""
        self._open.set()

    def __enter__(self) -> Gate:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()
