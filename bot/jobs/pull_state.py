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
from bot.jobs.handlers import UNCHANGED, PullRequestRef

if TYPE_CHECKING:
    from collections.abc import Sequence

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

    def is_patient(self, attempts: int) -> bool:
        """Return whether the waits still grow: once they do not, a person has to decide."""
        return self.wait(attempts) < self.longest


@dataclass(frozen=True, slots=True)
class Claim:
    """A validation under way."""

    pull: PullRequestRef
    generation: int
    """What ``wanted`` was when it started."""
    attempts: int
    """Looks since the pull request was last settled, this one included."""
    told_at: datetime | None = None
    """When the pull request last changed, of all that events told until then."""


def _row(pull: PullRequestRef) -> ColumnElement[bool]:
    return (pull_request.c.repository == pull.repository) & (pull_request.c.number == pull.number)


def request(connection: Connection, pull: PullRequestRef, told_at: datetime | None = None) -> int:
    """Ask for a look at the pull request because something changed; return the generation asked for.

    ``told_at`` is when it changed, where an event says so.
    """
    statement = (
        insert(pull_request)
        .values(
            repository=pull.repository,
            number=pull.number,
            installation_id=pull.installation_id,
            wanted=1,
            told_at=told_at,
        )
        .on_conflict_do_update(
            index_elements=[pull_request.c.repository, pull_request.c.number],
            set_={
                "wanted": pull_request.c.wanted + 1,
                "installation_id": pull.installation_id,
                "attempts": 0,
                "told_at": func.greatest(pull_request.c.told_at, told_at),
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
        select(pull_request.c.wanted, pull_request.c.done, pull_request.c.attempts, pull_request.c.told_at)
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
    return Claim(pull, row.wanted, attempts, row.told_at)


def settle(connection: Connection, claimed: Claim, outcome: Outcome, backoff: Backoff) -> bool:
    """Record how a validation ended, and when to look again if it is not settled.

    Returns whether the verdict on this very head was another before.
    """
    before = connection.execute(
        select(pull_request.c.verdict, pull_request.c.head).where(_row(claimed.pull)).with_for_update()
    ).one()
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
    return bool(before.head == outcome.head and before.verdict not in {None, outcome.verdict})


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


def schedule(
    connection: Connection, pulls: Sequence[PullRequestRef], *, start: datetime, spacing: timedelta
) -> None:
    """Have the pull requests looked at one after the other; one that is to be looked at sooner stays so.

    What is asked for here outlives a validation under way, which may have read what was before.
    """
    if not pulls:
        return
    rows = [
        {
            "repository": pull.repository,
            "number": pull.number,
            "installation_id": pull.installation_id,
            "wanted": 0,
            "look_at": start + place * spacing,
        }
        for place, pull in enumerate(pulls)
    ]
    statement = insert(pull_request).values(rows)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=[pull_request.c.repository, pull_request.c.number],
            set_={"look_at": func.least(pull_request.c.look_at, statement.excluded.look_at)},
        )
    )


def leaving_the_list_alone(connection: Connection, repository: str) -> frozenset[tuple[int, str]]:
    """Return number and head of the pull requests last found to leave the list alone."""
    rows = connection.execute(
        select(pull_request.c.number, pull_request.c.head).where(
            pull_request.c.repository == repository, pull_request.c.verdict == UNCHANGED
        )
    )
    return frozenset((row.number, row.head) for row in rows)


def request_due(connection: Connection, *, limit: int = 100) -> list[tuple[PullRequestRef, int]]:
    """Ask for a look at the pull requests whose time has come; return them with the generation asked for.

    Each is returned to one caller only, however many ask at once.
    """
    due = (
        select(pull_request.c.repository, pull_request.c.number)
        .where((pull_request.c.retry_at <= func.now()) | (pull_request.c.look_at <= func.now()))
        .order_by(func.least(pull_request.c.retry_at, pull_request.c.look_at))
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    rows = connection.execute(
        update(pull_request)
        .where(pull_request.c.repository == due.c.repository, pull_request.c.number == due.c.number)
        .values(wanted=pull_request.c.wanted + 1, retry_at=None, look_at=None)
        .returning(
            pull_request.c.installation_id,
            pull_request.c.repository,
            pull_request.c.number,
            pull_request.c.wanted,
        )
    )
    return [(PullRequestRef(row.installation_id, row.repository, row.number), row.wanted) for row in rows]
