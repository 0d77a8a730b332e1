"""A version counter per pull request: events raise ``wanted``, a finished evaluation sets ``done``.

An evaluation notes the version it starts from; a job of a version that is done already has nothing to do.
``retry_at`` is when the pull request is due again: because the outcome asks for that, or because an
evaluation never ended (starting one sets it).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.database.identity import PullKey
from bot.database.tables import pull_request
from bot.jobs.handlers import UNCHANGED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Connection

    from bot.jobs.handlers import Outcome


@dataclass(frozen=True, slots=True)
class Backoff:
    """Waits between two tries: doubled each time, up to a limit."""

    first: timedelta
    longest: timedelta

    def wait(self, attempts: int) -> timedelta:
        """Return the wait after this number of tries, at least 1."""
        doublings = min(attempts - 1, 20)  # an unbounded power would overflow
        return min(self.first * float(2**doublings), self.longest)

    def is_patient(self, attempts: int) -> bool:
        """Return whether the waits still grow: after that, a person has to decide."""
        return self.wait(attempts) < self.longest


@dataclass(frozen=True, slots=True)
class Claim:
    """An evaluation under way."""

    pull: PullKey
    version: int
    """What ``wanted`` was when it started."""
    attempts: int
    """Evaluations since the last final one, this one included."""
    event_time: datetime | None = None
    """When the pull request last changed, by the events received so far."""


def _row(pull: PullKey) -> ColumnElement[bool]:
    return (pull_request.c.repository_id == pull.repository_id) & (pull_request.c.number == pull.number)


def request(connection: Connection, pull: PullKey, event_time: datetime | None = None) -> int:
    """Request an evaluation because something changed; return the version requested.

    ``event_time`` is when it changed, where an event says so.
    """
    statement = (
        insert(pull_request)
        .values(
            repository_id=pull.repository_id,
            number=pull.number,
            wanted=1,
            event_time=event_time,
        )
        .on_conflict_do_update(
            index_elements=[pull_request.c.repository_id, pull_request.c.number],
            set_={
                "wanted": pull_request.c.wanted + 1,
                "attempts": 0,
                "event_time": func.greatest(pull_request.c.event_time, event_time),
                "updated_at": func.now(),
            },
        )
        .returning(pull_request.c.wanted)
    )
    version: int = connection.execute(statement).scalar_one()
    return version


def claim(
    connection: Connection, pull: PullKey, version: int, *, lease: timedelta, backoff: Backoff
) -> Claim | None:
    """Start an evaluation; ``None`` when the version is done already.

    If it never ends, the pull request is due again after the lease, or the back-off if longer.
    """
    row = connection.execute(
        select(pull_request.c.wanted, pull_request.c.done, pull_request.c.attempts, pull_request.c.event_time)
        .where(_row(pull))
        .with_for_update()
    ).one_or_none()
    if row is None or row.done >= version:
        return None
    attempts = row.attempts + 1
    connection.execute(
        update(pull_request)
        .where(_row(pull))
        .values(
            attempts=attempts,
            retry_at=datetime.now(UTC) + max(lease, backoff.wait(attempts)),
            updated_at=func.now(),
        )
    )
    return Claim(pull, row.wanted, attempts, row.event_time)


def finish(connection: Connection, claimed: Claim, outcome: Outcome, backoff: Backoff) -> bool:
    """Record how an evaluation ended, and when to evaluate again if the verdict is not final.

    Returns whether the verdict on the same head was another one before.
    """
    before = connection.execute(
        select(pull_request.c.verdict, pull_request.c.head).where(_row(claimed.pull)).with_for_update()
    ).one()
    again = outcome.retry_at and max(outcome.retry_at, datetime.now(UTC) + backoff.wait(claimed.attempts))
    connection.execute(
        update(pull_request)
        .where(_row(claimed.pull))
        .values(
            done=func.greatest(pull_request.c.done, claimed.version),
            attempts=0 if again is None else pull_request.c.attempts,
            retry_at=again,
            verdict=outcome.verdict,
            head=outcome.head,
            base=outcome.base,
            updated_at=func.now(),
        )
    )
    return bool(before.head == outcome.head and before.verdict not in {None, outcome.verdict})


def postpone(connection: Connection, claimed: Claim, backoff: Backoff, not_before: datetime | None) -> None:
    """Record that an evaluation cannot be done now, and when to try again; the last outcome stays."""
    again = datetime.now(UTC) + backoff.wait(claimed.attempts)
    connection.execute(
        update(pull_request)
        .where(_row(claimed.pull))
        .values(
            done=func.greatest(pull_request.c.done, claimed.version),
            retry_at=again if not_before is None else max(again, not_before),
            updated_at=func.now(),
        )
    )


def schedule(
    connection: Connection, pulls: Sequence[PullKey], *, start: datetime, spacing: timedelta
) -> None:
    """Schedule evaluations of the pull requests one after the other; one that is due sooner stays so.

    A schedule survives an evaluation under way, which may have read an older state.
    """
    if not pulls:
        return
    rows = [
        {
            "repository_id": pull.repository_id,
            "number": pull.number,
            "wanted": 0,
            "recheck_at": start + place * spacing,
        }
        for place, pull in enumerate(pulls)
    ]
    statement = insert(pull_request).values(rows)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=[pull_request.c.repository_id, pull_request.c.number],
            set_={"recheck_at": func.least(pull_request.c.recheck_at, statement.excluded.recheck_at)},
        )
    )


def unchanged_pulls(connection: Connection, repository_id: int) -> frozenset[tuple[int, str]]:
    """Return number and head of the pull requests whose last verdict is that the list does not change."""
    rows = connection.execute(
        select(pull_request.c.number, pull_request.c.head).where(
            pull_request.c.repository_id == repository_id, pull_request.c.verdict == UNCHANGED
        )
    )
    return frozenset((row.number, row.head) for row in rows)


def request_due(connection: Connection, *, limit: int = 100) -> list[tuple[PullKey, int]]:
    """Request an evaluation of the pull requests that are due; return them with the version requested.

    Each is returned to one caller only, however many ask at once.
    """
    due = (
        select(pull_request.c.repository_id, pull_request.c.number)
        .where((pull_request.c.retry_at <= func.now()) | (pull_request.c.recheck_at <= func.now()))
        .order_by(func.least(pull_request.c.retry_at, pull_request.c.recheck_at))
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    rows = connection.execute(
        update(pull_request)
        .where(pull_request.c.repository_id == due.c.repository_id, pull_request.c.number == due.c.number)
        .values(wanted=pull_request.c.wanted + 1, retry_at=None, recheck_at=None)
        .returning(
            pull_request.c.repository_id,
            pull_request.c.number,
            pull_request.c.wanted,
        )
    )
    return [(PullKey(row.repository_id, row.number), row.wanted) for row in rows]
