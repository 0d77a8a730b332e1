"""The record of what was asked of the stand-in."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Found = TypeVar("Found")

WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
# These are spelled as writes and change nothing a person sees.
NOT_A_WRITE = re.compile(r"^/app/installations/\d+/access_tokens$|^/semantic-scholar/")


@dataclass(frozen=True)
class Exchange:
    """One request and the status of its answer (None while unanswered or dropped); no credential is kept.

    `path` names a repository by its name, also where the request used its id (`by_id`).
    """

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    status: int | None
    faulted: bool = False
    by_id: bool = False

    @property
    def is_write(self) -> bool:
        """Say whether the request would change what people see on GitHub."""
        return self.method in WRITES and not NOT_A_WRITE.search(self.path)


class RequestLog:
    """All exchanges so far, in the order they ended."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._entries: list[Exchange] = []

    def add(self, exchange: Exchange) -> None:
        """Note one exchange."""
        with self._changed:
            self._entries.append(exchange)
            self._changed.notify_all()

    def find(self, method: str = "*", path: str = "") -> list[Exchange]:
        """Return the exchanges of a method whose path matches the regular expression."""
        with self._changed:
            return self._matching(method, re.compile(path))

    def writes(self) -> list[Exchange]:
        """Return the requests that would change what people see."""
        with self._changed:
            return [item for item in self._entries if item.is_write]

    def wait_for(self, method: str, path: str, *, count: int = 1, timeout: float = 30.0) -> list[Exchange]:
        """Return the matching exchanges once there are at least `count`.

        Raises:
            TimeoutError: there are fewer after `timeout` seconds.
        """
        pattern = re.compile(path)
        with self._changed:
            if not self._changed.wait_for(lambda: len(self._matching(method, pattern)) >= count, timeout):
                raise TimeoutError(
                    f"{len(self._matching(method, pattern))} of {count} requests {method} {path}"
                )
            return self._matching(method, pattern)

    def wait_until(self, condition: Callable[[], Found | None], *, timeout: float = 30.0) -> Found:
        """Return what `condition` finds, asked again after every exchange.

        Raises:
            TimeoutError: it still finds nothing after `timeout` seconds.
        """
        with self._changed:
            found = self._changed.wait_for(condition, timeout)
        if not found:
            raise TimeoutError(f"nothing found within {timeout} s, {len(self.find())} requests seen")
        return found

    def clear(self) -> None:
        """Forget what was asked so far."""
        with self._changed:
            self._entries.clear()

    def _matching(self, method: str, pattern: re.Pattern[str]) -> list[Exchange]:
        return [item for item in self._entries if method in {"*", item.method} and pattern.search(item.path)]
