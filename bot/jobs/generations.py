"""What is asked for and what is done, for each pull request.

Whoever wants a pull request looked at raises ``wanted``. A validation notes the generation it starts from
and, when it ends, declares that one ``done``; a job of a generation already done has nothing to do.
``retry_at`` brings the pull request back: when its outcome asked for that, and also when a validation never
ended, since starting one sets it too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.database.tables import pull_request
from bot.jobs.handlers import PullRequestRef

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection

    from bot.jobs.handlers import Outcome


@dataclass(frozen=True, slots=True)
class Backoff:
    """Waits between two looks at a pull request that cannot be settled: doubled each time, up to a bound."""

    first: timedelta
    longest: timedelta

    def wait(self, attempts: int) -> timedelta:
        """Return the wait after so many looks, at least 1."""
        doublings = min(attempts - 1, 20)  # an unbounded power would overflow
        return min(self.first * float(2**doublings), self.longest)


@dataclass(frozen=True, slots=True)
class Claim:
    """A validation under way."""

    pull: PullRequestRef
    generation: int
    """What ``wanted`` was when it started."""
    attempts: int
    """Looks since the pull request was last settled, this one included."""


def _row(pull: PullRequestRef) -> ColumnElement[bool]:
    return (pull_request.c.repository == pull.repository) & (pull_request.c.number == pull.number)


def request(connection: Connection, pull: PullRequestRef) -> int:
    """Ask for a look at the pull request because something changed; return the generation asked for."""
    statement = (
        insert(pull_request)
        .values(
            repository=pull.repository, number=pull.number, installation_id=pull.installation_id, wanted=1
        )
        .on_conflict_do_update(
            index_elements=[pull_request.c.repository, pull_request.c.number],
            set_={
                "wanted": pull_request.c.wanted + 1,
                "installation_id": pull.installation_id,
                "attempts": 0,
                "updated_at": func.now(),
            },
        )
        .returning(pull_request.c.wanted)
    )
    generation: int = connection.execute(statement).scalar_one()
    return generation


def claim(
    connection: Connection, pull: PullRequestRef, generation: int, *, lease: timedelta, backoff: Backoff
) -> Claim | None:
    """Start a validation; ``None`` when the generation is done already.

    Should the validation never end, the pull request is due again after the lease, or the backoff if longer.
    """
    row = connection.execute(
        select(pull_request.c.wanted, pull_request.c.done, pull_request.c.attempts)
        .where(_row(pull))
        .with_for_update()
    ).one_or_none()
    if row is None or row.done >= generation:
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
    return Claim(pull, row.wanted, attempts)


def settle(connection: Connection, claimed: Claim, outcome: Outcome, backoff: Backoff) -> None:
    """Record how a validation ended, and when to look again if it is not settled."""
    again = outcome.retry_at and max(outcome.retry_at, datetime.now(UTC) + backoff.wait(claimed.attempts))
    connection.execute(
        update(pull_request)
        .where(_row(claimed.pull))
        .values(
            done=func.greatest(pull_request.c.done, claimed.generation),
            attempts=0 if again is None else pull_request.c.attempts,
            retry_at=again,
            verdict=outcome.verdict,
            head=outcome.head,
            base=outcome.base,
            updated_at=func.now(),
        )
    )


def postpone(connection: Connection, claimed: Claim, backoff: Backoff, not_before: datetime | None) -> None:
    """Record that a validation could not be done now, and when to try again; the last outcome stands."""
    again = datetime.now(UTC) + backoff.wait(claimed.attempts)
    connection.execute(
        update(pull_request)
        .where(_row(claimed.pull))
        .values(
            done=func.greatest(pull_request.c.done, claimed.generation),
            retry_at=again if not_before is None else max(again, not_before),
            updated_at=func.now(),
        )
    )


def request_due(connection: Connection, *, limit: int = 100) -> list[tuple[PullRequestRef, int]]:
    """Ask for a look at the pull requests whose time has come; return them with the generation asked for.

    Each is returned to one caller only, however many ask at once.
    """
    due = (
        select(pull_request.c.repository, pull_request.c.number)
        .where(pull_request.c.retry_at <= func.now())
        .order_by(pull_request.c.retry_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    rows = connection.execute(
        update(pull_request)
        .where(pull_request.c.repository == due.c.repository, pull_request.c.number == due.c.number)
        .values(wanted=pull_request.c.wanted + 1, retry_at=None)
        .returning(
            pull_request.c.installation_id,
            pull_request.c.repository,
            pull_request.c.number,
            pull_request.c.wanted,
        )
    )
    return [(PullRequestRef(row.installation_id, row.repository, row.number), row.wanted) for row in rows]
