"""Merge groups: which to evaluate, when to try again, and which no longer exist.

A group's two commits never change, so it needs no versions: one evaluation is final, unless a source or
GitHub did not answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.database.tables import merge_group
from bot.jobs.handlers import MergeGroupRef

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, RowMapping
    from sqlalchemy.dialects.postgresql import Insert


@dataclass(frozen=True, slots=True)
class GroupClaim:
    """An evaluation of a merge group under way."""

    group: MergeGroupRef
    attempts: int
    """Evaluations so far, this one included."""
    waited: timedelta
    """Time since the queue asked."""
    held: bool
    """True when its check says already that it cannot be evaluated."""


def _row(repository_id: int | ColumnElement[int], head: str | ColumnElement[str]) -> ColumnElement[bool]:
    return (merge_group.c.repository_id == repository_id) & (merge_group.c.head == head)


def _group(row: RowMapping) -> MergeGroupRef:
    return MergeGroupRef(row["repository_id"], row["head"], row["base"], row["head_ref"])


def request(connection: Connection, group: MergeGroupRef) -> None:
    """Keep a group that a queue wants evaluated; one that has ended stays ended."""
    connection.execute(_inserted(group, ended_at=None).on_conflict_do_nothing())


def end(connection: Connection, group: MergeGroupRef) -> None:
    """Record that a group no longer exists, also when that event comes before the group's own."""
    connection.execute(
        _inserted(group, ended_at=datetime.now(UTC)).on_conflict_do_update(
            index_elements=[merge_group.c.repository_id, merge_group.c.head],
            set_={"ended_at": func.now(), "retry_at": None},
        )
    )


def find(connection: Connection, repository_id: int, head: str) -> MergeGroupRef | None:
    """Return the group with this head that has not ended, or None."""
    row = connection.execute(
        select(merge_group).where(_row(repository_id, head), merge_group.c.ended_at.is_(None))
    ).mappings()
    found = row.one_or_none()
    return None if found is None else _group(found)


def claim(connection: Connection, group: MergeGroupRef, *, lease: timedelta) -> GroupClaim | None:
    """Start an evaluation; ``None`` when the group has ended. If it never ends, the group is due again."""
    row = connection.execute(
        select(
            merge_group.c.attempts,
            merge_group.c.held,
            (func.now() - merge_group.c.asked_at).label("waited"),
        )
        .where(_row(group.repository_id, group.head_sha), merge_group.c.ended_at.is_(None))
        .with_for_update()
    ).one_or_none()
    if row is None:
        return None
    attempts = row.attempts + 1
    _set(connection, group, attempts=attempts, retry_at=datetime.now(UTC) + lease)
    return GroupClaim(group, attempts, row.waited, row.held)


def mark_held(connection: Connection, claimed: GroupClaim) -> None:
    """Record that the group's check says that it cannot be evaluated."""
    _set(connection, claimed.group, held=True)


def finish(connection: Connection, claimed: GroupClaim, verdict: str, retry_at: datetime | None) -> None:
    """Record how an evaluation ended, and when to evaluate again if the verdict is not final."""
    _set(connection, claimed.group, verdict=verdict, retry_at=retry_at, held=False)


def postpone(connection: Connection, claimed: GroupClaim, retry_at: datetime) -> None:
    """Record that an evaluation cannot be done now, and when to try again."""
    _set(connection, claimed.group, retry_at=retry_at)


def request_due(connection: Connection, *, limit: int = 100) -> list[MergeGroupRef]:
    """Return the groups that are due, each to one caller only."""
    due = (
        select(merge_group.c.repository_id, merge_group.c.head)
        .where(merge_group.c.retry_at <= func.now(), merge_group.c.ended_at.is_(None))
        .order_by(merge_group.c.retry_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    rows = connection.execute(
        update(merge_group)
        .where(_row(due.c.repository_id, due.c.head))
        .values(retry_at=None)
        .returning(*merge_group.c)
    )
    return [_group(row) for row in rows.mappings()]


def _inserted(group: MergeGroupRef, *, ended_at: datetime | None) -> Insert:
    return insert(merge_group).values(
        repository_id=group.repository_id,
        head=group.head_sha,
        base=group.base_sha,
        head_ref=group.head_ref,
        ended_at=ended_at,
    )


def _set(connection: Connection, group: MergeGroupRef, **values: object) -> None:
    """Change the row of a group unless it has ended meanwhile."""
    connection.execute(
        update(merge_group)
        .where(_row(group.repository_id, group.head_sha), merge_group.c.ended_at.is_(None))
        .values(values)
    )
