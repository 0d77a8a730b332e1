"""How fast one installation may be used, so that GitHub does not have to say stop.

https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits
"""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bot.github.errors import GitHubUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

# GitHub allows 80 content-generating requests a minute and 500 an hour, and 100 requests at once; other
# processes may use the same installation, so some room is left.
WRITES = ((60.0, 60), (3600.0, 400))
AT_ONCE = 25
LONGEST_WAIT = 60.0
FIRST_PENALTY = 60.0
LONGEST_PENALTY = 3600.0


class Pace:
    """The traffic of one installation, shared by all threads that use it.

    ``clock`` returns seconds that never go back; ``wall`` returns seconds since the epoch.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._clock, self._wall, self._sleep = clock, wall, sleep
        self._lock = threading.Lock()
        self._at_once = threading.BoundedSemaphore(AT_ONCE)
        self._writes: deque[float] = deque(maxlen=max(number for _, number in WRITES))
        self._closed_until = -math.inf
        self._penalty = FIRST_PENALTY

    @contextmanager
    def turn(self, *, write: bool) -> Iterator[None]:
        """Wait for a turn and hold it while one request is under way.

        Raises:
            GitHubUnavailable: GitHub asked to wait, or the wait would be longer than ``LONGEST_WAIT``.
        """
        with self._at_once:
            wait = self._reserve(write=write)
            if wait > 0:
                self._sleep(wait)
            yield

    def limited(self, headers: Mapping[str, str]) -> float:
        """Note that GitHub said stop; return for how many seconds.

        Without a word of GitHub's that is a minute, doubled when it is said again soon after.
        """
        with self._lock:
            now = self._clock()
            wait = _asked_for(headers, self._wall())
            if wait is None:
                soon_after = now <= self._closed_until + self._penalty
                wait = self._penalty if soon_after else FIRST_PENALTY
                self._penalty = min(wait * 2, LONGEST_PENALTY)
            self._closed_until = max(self._closed_until, now + wait)
            return wait

    def _reserve(self, *, write: bool) -> float:
        """Return the seconds to wait and count the write, if it is one, at the time it will be made."""
        with self._lock:
            now = self._clock()
            if now < self._closed_until:
                raise GitHubUnavailable("GitHub asked to wait", retry_after=self._closed_until - now)
            if not write:
                return 0.0
            start = max([now, *(self._free_at(period, number) for period, number in WRITES)])
            if start - now > LONGEST_WAIT:
                raise GitHubUnavailable("too many writes in the last hour", retry_after=start - now)
            self._writes.append(start)
            return start - now

    def _free_at(self, period: float, number: int) -> float:
        return self._writes[-number] + period if len(self._writes) >= number else 0.0


def _asked_for(headers: Mapping[str, str], now: float) -> float | None:
    """Return the seconds named by ``retry-after``, else by ``x-ratelimit-reset`` when nothing remains."""
    after = headers.get("retry-after", "")
    if after.isdigit():
        return float(after)
    reset = headers.get("x-ratelimit-reset", "")
    if headers.get("x-ratelimit-remaining") == "0" and reset.isdigit():
        return max(float(reset) - now, 0.0) + 1  # the reset is somewhere within that second
    return None
