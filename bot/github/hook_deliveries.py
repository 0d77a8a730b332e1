"""Deliveries that GitHub could not hand over, asked for again.

GitHub keeps deliveries for three days and repeats none by itself:
https://docs.github.com/en/webhooks/using-webhooks/handling-failed-webhook-deliveries
"""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

import structlog
from pydantic import AwareDatetime, BaseModel, TypeAdapter

from bot.github.errors import GitHubRefused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.github.requester import PacedRequester

log = structlog.stdlib.get_logger(__name__)

KEPT = timedelta(days=3)
MAX_PAGES = 20
"""Of 100 deliveries each, the newest first."""
MAX_REQUESTS = 50
"""Deliveries asked for in one go."""
MAX_ATTEMPTS = 6
"""What failed so often is not lost on the way but refused."""


class Attempt(BaseModel, frozen=True):
    """One attempt at a delivery; those of one delivery share its ``guid``."""

    id: int
    guid: str
    delivered_at: AwareDatetime
    status_code: int

    @property
    def arrived(self) -> bool:
        """True when the other side took it."""
        return 200 <= self.status_code < 300


_PAGE = TypeAdapter(tuple[Attempt, ...])


def redeliver_failed(requester: PacedRequester, now: datetime, first_wait: timedelta) -> int:
    """Ask GitHub, as the App, to repeat the deliveries that failed; return how many.

    A delivery that failed once is asked for after ``first_wait``, doubled after each further attempt.

    Raises:
        GitHubUnavailable: GitHub cannot be asked now; to repeat it is safe.
        GitHubRefused: the App's id and key do not belong together.
    """
    lost = to_repeat(_attempts(requester, now - KEPT), now, first_wait)[:MAX_REQUESTS]
    return sum(_repeat(requester, attempt) for attempt in lost)


def _repeat(requester: PacedRequester, attempt: int) -> bool:
    """Ask for one delivery; return False when GitHub refuses, which must not keep back the others."""
    try:
        requester.requestJsonAndCheck("POST", f"/app/hook/deliveries/{attempt}/attempts")
    except GitHubRefused as refused:
        log.warning("delivery not repeated", reason=str(refused))
        return False
    return True


def to_repeat(attempts: Iterable[Attempt], now: datetime, first_wait: timedelta) -> list[int]:
    """Return the newest attempt of each delivery that never arrived and may be tried again, oldest first."""
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


def _attempts(requester: PacedRequester, since: datetime) -> Iterator[Attempt]:
    """Yield the attempts since then, newest first."""
    url: str | None = "/app/hook/deliveries?per_page=100"
    for _ in range(MAX_PAGES):
        if url is None:
            return
        headers, body = requester.requestJsonAndCheck("GET", url)
        for attempt in _PAGE.validate_python(body):
            if attempt.delivered_at < since:
                return
            yield attempt
        url = _next(headers.get("link", ""))


def _next(link: str) -> str | None:
    """Return the address of the next page: https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api"""
    found = (part for part in link.split(",") if 'rel="next"' in part)
    return next((part.partition("<")[2].partition(">")[0] for part in found), None)
