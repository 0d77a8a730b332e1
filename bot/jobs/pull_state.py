"""A version counter per pull request: events raise ``wanted``, a finished evaluation sets ``done``.

An evaluation notes the version it starts from; a job of a version that is done already has nothing to do.
``retry_at`` is when the pull request is due again: because the outcome asks for that, or because an
evaluation never ended (starting one sets it).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import case, func, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.database.identity import PullKey
from bot.database.tables import pull_request
from bot.jobs.handlers import HELD, UNCHANGED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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
class Waits:
    """The waits for a bibliographic source, which may be down for hours, and for GitHub."""

    source: Backoff
    github: Backoff


MOST_COMMENT_TRIES = 8
"""A comment that GitHub refuses for minutes is refused for good: the conversation is locked, say."""


REQUESTS_WINDOW = timedelta(minutes=10)
MOST_REQUESTS = 30
"""Evaluations of one pull request in that time; one costs some 15 of an installation's 5,000 requests."""


@dataclass(frozen=True, slots=True)
class Claim:
    """An evaluation under way."""

    pull: PullKey
    version: int
    """What ``wanted`` was when it started."""
    attempts: int
    """Evaluations since the last final one, this one included."""
    failures: int = 0
    """Evaluations in a row that failed before this one."""
    crashed: bool = False
    """True when the last two never ended: their workers died."""
    event_time: datetime | None = None
    """When the pull request last changed, by the events received so far."""
    head: str | None = None
    """SHA of its head, by these events or by the last evaluation."""


@dataclass(frozen=True, slots=True)
class Failing:
    """A pull request whose evaluation fails."""

    failures: int
    """In a row."""
    duration: timedelta
    held: bool
    """True when its check says so already."""


def _row(pull: PullKey) -> ColumnElement[bool]:
    return (pull_request.c.repository_id == pull.repository_id) & (pull_request.c.number == pull.number)


def request(
    connection: Connection, pull: PullKey, event_time: datetime | None = None, head: str | None = None
) -> int | None:
    """Request an evaluation because something changed; return the version requested.

    ``event_time`` is when it changed and ``head`` the SHA of its head then, where an event says so. After
    `MOST_REQUESTS` within `REQUESTS_WINDOW` it is only scheduled for the end of that time, and None returned.
    """
    statement = insert(pull_request).values(
        repository_id=pull.repository_id,
        number=pull.number,
        wanted=1,
        event_time=event_time,
        event_head=head,
    )
    known = pull_request.c
    newest = known.event_time.is_(None) | (known.event_time <= statement.excluded.event_time)
    fresh = known.window_start <= func.now() - REQUESTS_WINDOW
    row = connection.execute(
        statement.on_conflict_do_update(
            index_elements=[known.repository_id, known.number],
            set_={
                "wanted": known.wanted + 1,
                "attempts": 0,
                "failures": 0,
                "failing_since": None,
                "held": False,
                "recheck_at": None,  # this evaluation starts later than whatever asked for that one
                "event_time": func.greatest(known.event_time, statement.excluded.event_time),
                "event_head": case(
                    (newest, func.coalesce(statement.excluded.event_head, known.event_head)),
                    else_=known.event_head,
                ),
                "requests": case((fresh, 1), else_=known.requests + 1),
                "window_start": case((fresh, func.now()), else_=known.window_start),
                "updated_at": func.now(),
            },
        ).returning(known.wanted, known.requests, known.window_start)
    ).one()
    if row.requests <= MOST_REQUESTS:
        return int(row.wanted)
    schedule(connection, [pull], start=row.window_start + REQUESTS_WINDOW, spacing=timedelta(0))
    return None


def claim(connection: Connection, pull: PullKey, version: int, *, lease: timedelta) -> Claim | None:
    """Start an evaluation; ``None`` when the version is done already.

    If it never ends, the pull request is due again after the lease.
    """
    row = connection.execute(select(pull_request).where(_row(pull)).with_for_update()).one_or_none()
    if row is None or row.done >= version:
        return None
    failures = row.failures + row.running  # a worker that stopped in the middle is one
    retry_at = datetime.now(UTC) + lease
    connection.execute(
        update(pull_request)
        .where(_row(pull))
        .values(running=True, failures=failures, retry_at=retry_at, updated_at=func.now())
    )
    return Claim(
        pull,
        row.wanted,
        row.attempts + 1,
        failures,
        row.running and failures > 1,
        row.event_time,
        row.event_head or row.head,
    )


def finish(connection: Connection, claimed: Claim, outcome: Outcome, waits: Waits) -> bool:
    """Record how an evaluation ended, and when to evaluate again if the verdict is not final.

    Returns whether the verdict on the same head was another one before.
    """
    before = connection.execute(
        select(pull_request.c.verdict, pull_request.c.head).where(_row(claimed.pull)).with_for_update()
    ).one()
    now = datetime.now(UTC)
    due = []
    if outcome.retry_at is not None:
        due.append(max(outcome.retry_at, now + waits.source.wait(claimed.attempts)))
    failures = claimed.failures + 1 if outcome.refused else 0
    if 0 < failures <= MOST_COMMENT_TRIES:
        due.append(max(now + waits.github.wait(failures), outcome.refused_until or now))
    connection.execute(
        update(pull_request)
        .where(_row(claimed.pull))
        .values(
            done=func.greatest(pull_request.c.done, claimed.version),
            attempts=claimed.attempts if outcome.retry_at else 0,
            failures=failures,
            failing_since=None,
            running=False,
            held=False,
            retry_at=min(due, default=None),
            verdict=outcome.verdict,
            head=outcome.head,
            base=outcome.base,
            updated_at=func.now(),
        )
    )
    return bool(before.head == outcome.head and before.verdict not in {None, outcome.verdict})


def postpone(
    connection: Connection, claimed: Claim, waits: Waits, not_before: datetime | None = None
) -> Failing:
    """Record that an evaluation failed, and when to try again; the last outcome stays.

    The wait is the usual one for GitHub, or until ``not_before`` where GitHub names a time.
    """
    now = datetime.now(UTC)
    row = connection.execute(
        update(pull_request)
        .where(_row(claimed.pull))
        .values(
            done=func.greatest(pull_request.c.done, claimed.version),
            failures=pull_request.c.failures + 1,
            failing_since=func.coalesce(pull_request.c.failing_since, now),
            running=False,
            retry_at=not_before or now + waits.github.wait(claimed.failures + 1),
            updated_at=func.now(),
        )
        .returning(pull_request.c.failures, pull_request.c.failing_since, pull_request.c.held)
    ).one()
    return Failing(row.failures, now - row.failing_since, row.held)


def give_up(connection: Connection, claimed: Claim) -> None:
    """Stop trying until the next event."""
    connection.execute(update(pull_request).where(_row(claimed.pull)).values(retry_at=None))


def mark_held(connection: Connection, claimed: Claim) -> None:
    """Record that the pull request's check says that it cannot be evaluated."""
    connection.execute(update(pull_request).where(_row(claimed.pull)).values(held=True, verdict=HELD))


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


def touched_since(
    connection: Connection, repository_ids: Iterable[int], time: datetime
) -> frozenset[PullKey]:
    """Return the pull requests of these repositories that were requested or evaluated since a time."""
    rows = connection.execute(
        select(pull_request.c.repository_id, pull_request.c.number).where(
            pull_request.c.repository_id.in_(list(repository_ids)), pull_request.c.updated_at >= time
        )
    )
    return frozenset(PullKey(row.repository_id, row.number) for row in rows)


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
