"""Ask GitHub to redeliver webhooks that failed.

GitHub keeps deliveries for three days and does not redeliver by itself:
https://docs.github.com/en/webhooks/using-webhooks/handling-failed-webhook-deliveries
"""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

import structlog
from pydantic import AwareDatetime, BaseModel, TypeAdapter

from bot.github.errors import GitHubRefused
from bot.github.reading import checked, next_page

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.github.requester import GitHubRequester

log = structlog.stdlib.get_logger(__name__)

KEPT = timedelta(days=3)
MAX_PAGES = 20
"""Pages of 100 deliveries, newest first; more would cost a large part of the hourly rate limit."""
MAX_REQUESTS = 50
"""Redeliveries requested in one run, so that one run stays short."""
MAX_ATTEMPTS = 6
"""A delivery that failed this often is not lost but refused, so it is not requested again."""


class Attempt(BaseModel, frozen=True):
    """One attempt to deliver a webhook; all attempts of one delivery have the same ``guid``."""

    id: int
    guid: str
    delivered_at: AwareDatetime
    status_code: int

    @property
    def arrived(self) -> bool:
        """True if the receiver accepted it."""
        return 200 <= self.status_code < 300


_PAGE = TypeAdapter(tuple[Attempt, ...])


def redeliver_failed(requester: GitHubRequester, now: datetime, first_wait: timedelta) -> int:
    """Ask GitHub, as the App, to redeliver the deliveries that failed; return how many.

    The first redelivery is requested ``first_wait`` after the failure; the wait doubles after each attempt.

    Raises:
        GitHubUnavailable: GitHub cannot be asked now; calling again is safe.
        GitHubRefused: the App's id and key do not belong together.
    """
    lost = to_repeat(_attempts(requester, now - KEPT), now, first_wait)[:MAX_REQUESTS]
    return sum(_repeat(requester, attempt) for attempt in lost)


def _repeat(requester: GitHubRequester, attempt: int) -> bool:
    """Request one redelivery; return False if GitHub refuses, so that the others are still requested."""
    try:
        requester.requestJsonAndCheck("POST", f"/app/hook/deliveries/{attempt}/attempts")
    except GitHubRefused as refused:
        log.warning("delivery not redelivered", reason=str(refused))
        return False
    return True


def to_repeat(attempts: Iterable[Attempt], now: datetime, first_wait: timedelta) -> list[int]:
    """Return the id of the newest attempt of each delivery to redeliver, oldest first."""
    by_guid = sorted(attempts, key=lambda attempt: (attempt.guid, attempt.delivered_at, attempt.id))
    lost: list[Attempt] = []
    for _, group in groupby(by_guid, key=lambda attempt: attempt.guid):
        made = list(group)
        wait = first_wait * 2 ** (len(made) - 1)
        if (
            not any(attempt.arrived for attempt in made)
            and len(made) < MAX_ATTEMPTS
            and made[-1].delivered_at + wait <= now
        ):
            lost.append(made[-1])
    return [attempt.id for attempt in sorted(lost, key=lambda attempt: attempt.delivered_at)]


def _attempts(requester: GitHubRequester, since: datetime) -> Iterator[Attempt]:
    """Yield the attempts made after ``since``, newest first."""
    url: str | None = "/app/hook/deliveries?per_page=100"
    for _ in range(MAX_PAGES):
        if url is None:
            return
        headers, body = requester.requestJsonAndCheck("GET", url)
        for attempt in checked(_PAGE, body, url):
            if attempt.delivered_at < since:
                return
            yield attempt
        url = next_page(headers)
