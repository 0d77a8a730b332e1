"""Faults on demand: wrong, slow and lost answers, and requests held at a gate."""

from __future__ import annotations

import json
import re
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType


@dataclass(frozen=True)
class Fault:
    """What happens to matching requests.

    `status` None lets the real answer through (after `delay` seconds); `drop` closes the connection without
    an answer, `cut` in the middle of it. With `after` the request takes effect first, and only its answer is
    lost or replaced. `edit` changes the JSON body of the real answer.
    """

    method: str
    path: re.Pattern[str]
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    delay: float = 0.0
    drop: bool = False
    after: bool = False
    cut: bool = False
    edit: Callable[[Any], object] | None = None
    ended: threading.Event = field(default_factory=threading.Event, repr=False, compare=False)

    def wait(self) -> None:
        """Wait for the delay, or until the fault is removed or cleared."""
        if self.delay > 0:
            self.ended.wait(self.delay)

    def matches(self, method: str, path: str) -> bool:
        """Say whether the fault is for this request."""
        return self.method in {"*", method} and self.path.search(path) is not None


@dataclass
class _Pending:
    """A fault in force: for so many requests, or for so many seconds from the first one."""

    fault: Fault
    times: int | None
    seconds: float | None
    until: float | None = None

    def strikes(self) -> bool:
        """Return True if it is still in force, and count one request."""
        if self.seconds is not None:
            now = time.monotonic()
            self.until = self.until or now + self.seconds
            return now < self.until
        if self.times is not None:
            self.times -= 1
            return self.times >= 0
        return True


class Faults:
    """The faults in force. `clear` ends them all, and the delays under way."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pending: list[_Pending] = []
        self._made: list[Fault] = []
        self._struck: dict[int, float] = {}

    def add(
        self,
        method: str,
        path: str,
        *,
        status: int | None = None,
        headers: Mapping[str, str] | None = None,
        body: str | bytes | None = None,
        delay: float = 0.0,
        drop: bool = False,
        after: bool = False,
        cut: bool = False,
        edit: Callable[[Any], object] | None = None,
        times: int | None = 1,
        seconds: float | None = None,
    ) -> Fault:
        """Return a new fault for the next `times` requests whose path matches the regular expression.

        `times` None means until removed or cleared; `seconds` counts from the first such request instead.
        `method` may be `*`. A body goes out as JSON unless `headers` say otherwise; an error without one
        carries GitHub's usual body for its status.
        """
        usual = json.dumps(_error(status)) if status is not None and status >= 400 else ""
        chosen = usual if body is None else body
        raw = chosen.encode() if isinstance(chosen, str) else chosen
        shown = {"Content-Type": "application/json; charset=utf-8"} | dict(headers or {})
        fault = Fault(method, re.compile(path), status, shown, raw, delay, drop, after, cut, edit)
        with self._lock:
            self._pending.append(_Pending(fault, times, seconds))
            self._made.append(fault)
        return fault

    def take(self, method: str, path: str) -> Fault | None:
        """Return the first fault for this request and use it up, or None."""
        with self._lock:
            for item in list(self._pending):
                if item.fault.matches(method, path):
                    if item.strikes():
                        self._struck.setdefault(id(item.fault), time.monotonic())
                        return item.fault
                    self._pending.remove(item)
        return None

    def struck_at(self, fault: Fault) -> float | None:
        """Return the monotonic time at which a fault first struck a request, None if it has not."""
        with self._lock:
            return self._struck.get(id(fault))

    def remove(self, fault: Fault) -> None:
        """End one fault, also its delays under way."""
        fault.ended.set()
        with self._lock:
            self._pending = [item for item in self._pending if item.fault is not fault]

    def clear(self) -> None:
        """End every fault at once, also the delays under way."""
        with self._lock:
            self._pending.clear()
            for fault in self._made:
                fault.ended.set()


def _error(status: int) -> dict[str, str]:
    """Return the body of GitHub's error answers."""
    message = {
        401: "Bad credentials",
        403: "Resource not accessible by integration",
        404: "Not Found",
        422: "Validation Failed",
        429: "You have exceeded a secondary rate limit.",
    }.get(status, "Server Error")
    return {"message": message, "documentation_url": "https://docs.github.com/rest", "status": str(status)}


class Gate:
    """Holds matching requests until released; `waiting` is set once one has come."""

    def __init__(self, method: str, path: str) -> None:
        self._method, self._path = method, re.compile(path)
        self.waiting = threading.Event()
        self._open = threading.Event()

    def matches(self, method: str, path: str) -> bool:
        """Say whether the gate holds this request."""
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
