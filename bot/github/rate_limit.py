"""Rate limit of one installation: respects GitHub's limits before GitHub has to refuse a request.

https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits
"""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.github.errors import GitHubUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping


@dataclass(frozen=True, slots=True)
class WriteLimit:
    """At most so many writes in a period of so many ``seconds``."""

    seconds: float
    checks: int
    """Writes of any kind. Only checks may use the last of them, so that comments never hold up a verdict."""
    others: int
    """Writes that are not checks."""


# GitHub allows 80 content-generating requests a minute and 500 an hour; other processes may use the same
# installation, so some are left for them.
WRITES = (WriteLimit(60.0, checks=60, others=45), WriteLimit(3600.0, checks=400, others=300))
CONCURRENT = 25
"""Requests at a time in this process; GitHub allows 100 in all."""
FIRST_PENALTY = 60.0
LONGEST_PENALTY = 3600.0


class RateLimit:
    """The traffic of one installation, shared by all threads that use it. It never sleeps.

    ``clock`` returns seconds that never go back; ``wall`` returns seconds since the epoch.
    """

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, wall: Callable[[], float] = time.time
    ) -> None:
        self._clock, self._wall = clock, wall
        self._lock = threading.Lock()
        self._concurrent = threading.BoundedSemaphore(CONCURRENT)
        longest = max(limit.checks for limit in WRITES)
        self._writes: deque[float] = deque(maxlen=longest)
        self._closed_until = -math.inf
        self._penalty = FIRST_PENALTY

    @contextmanager
    def turn(self, *, write: bool, check: bool = False) -> Iterator[None]:
        """Count one request and hold one of the concurrent places while it is under way.

        Raises:
            GitHubUnavailable: GitHub asked to wait, or a limit is reached; ``retry_at`` says until when.
        """
        if not self._concurrent.acquire(blocking=False):
            raise GitHubUnavailable("too many requests to GitHub are under way; this one is made later")
        try:
            self._count(write=write, check=check)
            yield
        finally:
            self._concurrent.release()

    def limited(self, headers: Mapping[str, str]) -> datetime:
        """Record that GitHub refused a request for its rate; return the time at which to try again.

        GitHub names it in its headers. If it does not: after a minute, doubled if that was too early.
        """
        with self._lock:
            now = self._clock()
            wait = _asked_for(headers, self._wall())
            if wait is None:
                soon_after = now <= self._closed_until + self._penalty
                wait = self._penalty if soon_after else FIRST_PENALTY
                self._penalty = min(wait * 2, LONGEST_PENALTY)
            self._closed_until = max(self._closed_until, now + wait)
            return self._time_in(wait)

    def _count(self, *, write: bool, check: bool) -> None:
        with self._lock:
            now = self._clock()
            if now < self._closed_until:
                raise GitHubUnavailable("GitHub asked to wait", self._time_in(self._closed_until - now))
            if not write:
                return
            free = max(self._free_at(limit, check=check) for limit in WRITES)
            if free > now:
                raise GitHubUnavailable(
                    "the App reached its limit of writes to GitHub", self._time_in(free - now)
                )
            self._writes.append(now)

    def _free_at(self, limit: WriteLimit, *, check: bool) -> float:
        most = limit.checks if check else limit.others
        return self._writes[-most] + limit.seconds if len(self._writes) >= most else -math.inf

    def _time_in(self, seconds: float) -> datetime:
        return datetime.fromtimestamp(self._wall() + seconds, UTC)


def _asked_for(headers: Mapping[str, str], now: float) -> float | None:
    """Return the seconds in ``retry-after``, else until ``x-ratelimit-reset`` if no request remains."""
    after = headers.get("retry-after", "")
    if after.isascii() and after.isdigit():
        return min(float(after), LONGEST_PENALTY)
    reset = headers.get("x-ratelimit-reset", "")
    if headers.get("x-ratelimit-remaining") == "0" and reset.isascii() and reset.isdigit():
        # The reset is somewhere within that second; a clock that is wrong must not wait for days.
        return min(max(float(reset) - now, 0.0) + 1, LONGEST_PENALTY)
    return None
