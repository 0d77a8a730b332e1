"""Comments with commands: each runs once, those of one pull request in the order they were written.

Strangers cost little: what they write beyond a small number is not even read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.database.identity import PullKey
from bot.database.tables import command_request as table
from bot.database.tables import repository
from bot.jobs.handlers import CommandRef

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement, Connection, Row

WINDOW = timedelta(hours=1)
"""GitHub's limits are for an hour too."""
# Comments with commands in a window. One costs some five requests of the 5,000 that an installation has.
MOST_OF_STRANGER_ON_PULL = 3
MOST_OF_STRANGER = 10
MOST_OF_STRANGERS_ON_PULL = 10
MOST_OF_STRANGERS = 40
MOST_OF_PERSON = 60
MOST_ON_PULL = 60
DELAY = timedelta(minutes=10)
"""How long the commands of busy people wait."""
LEASE = timedelta(minutes=1)
"""A command whose job does not come to it within this time gets another job."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A comment whose commands are to run now."""

    command: CommandRef
    failures: int
    """So far."""


def request(connection: Connection, command: CommandRef) -> bool:
    """Keep a comment's commands; return False where they are not to run: known already, or too many."""
    used = _used(connection, command)
    if command.stranger and (
        used["on_pull"] >= MOST_OF_STRANGER_ON_PULL
        or used["person"] >= MOST_OF_STRANGER
        or used["strangers_on_pull"] >= MOST_OF_STRANGERS_ON_PULL
        or used["strangers"] >= MOST_OF_STRANGERS
    ):
        return False
    busy = used["person"] >= MOST_OF_PERSON or used["all_on_pull"] >= MOST_ON_PULL
    new = connection.execute(
        insert(table)
        .values(
            repository_id=command.repository_id,
            source=command.source,
            comment_id=command.comment_id,
            number=command.number,
            author_id=command.author_id,
            by_author=command.by_author,
            stranger=command.stranger,
            digest=command.digest,
            written_at=command.written_at,
            not_before=func.clock_timestamp() + (DELAY if busy else timedelta(0)),
            retry_at=func.clock_timestamp() + (DELAY if busy else LEASE),
        )
        .on_conflict_do_nothing()
        .returning(table.c.comment_id)
    )
    return new.first() is not None and not busy


def following(connection: Connection, pull: PullKey) -> Pending | None:
    """Return the oldest comment of a pull request that has not run; None if there is none, or it waits."""
    row = connection.execute(
        select(table, (table.c.not_before <= func.clock_timestamp()).label("ready"))
        .where(
            table.c.repository_id == pull.repository_id,
            table.c.number == pull.number,
            table.c.retry_at.is_not(None),
        )
        .order_by(table.c.written_at, table.c.comment_id)
        .limit(1)
    ).one_or_none()
    return Pending(_command(row), row.failures) if row is not None and row.ready else None


def finish(connection: Connection, command: CommandRef) -> None:
    """Record that a comment's commands have run."""
    connection.execute(update(table).where(_row(command)).values(retry_at=None))


def postpone(connection: Connection, command: CommandRef, at: datetime) -> None:
    """Record that a comment's commands could not run, and when to try again."""
    connection.execute(
        update(table).where(_row(command)).values(failures=table.c.failures + 1, not_before=at, retry_at=at)
    )


def request_due(connection: Connection, *, limit: int = 100) -> list[PullKey]:
    """Return the pull requests with commands that are due, each to one caller only."""
    due = (
        select(table.c.repository_id, table.c.source, table.c.comment_id)
        .where(table.c.retry_at <= func.now())
        .order_by(table.c.retry_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    rows = connection.execute(
        update(table)
        .where(
            table.c.repository_id == due.c.repository_id,
            table.c.source == due.c.source,
            table.c.comment_id == due.c.comment_id,
        )
        .values(retry_at=func.now() + LEASE)
        .returning(table.c.repository_id, table.c.number)
    )
    return list({PullKey(row.repository_id, row.number): None for row in rows})


def remove_old(connection: Connection, age: timedelta) -> None:
    """Delete the comments received longer ago than this."""
    connection.execute(table.delete().where(table.c.received_at < func.now() - age))


def _used(connection: Connection, command: CommandRef) -> Mapping[str, int]:
    """Return how many comments of the last hour count against each limit, within the installation."""
    on_pull = (table.c.repository_id == command.repository_id) & (table.c.number == command.number)
    person = table.c.author_id == command.author_id
    installation = select(repository.c.installation_id).where(repository.c.id == command.repository_id)
    covered = select(repository.c.id).where(repository.c.installation_id.in_(installation))
    row = connection.execute(
        select(
            _count(on_pull & person, "on_pull"),
            _count(person, "person"),
            _count(on_pull & table.c.stranger, "strangers_on_pull"),
            _count(table.c.stranger, "strangers"),
            _count(on_pull, "all_on_pull"),
        ).where(table.c.received_at > func.now() - WINDOW, table.c.repository_id.in_(covered))
    ).one()
    return dict(row._mapping)


def _count(condition: ColumnElement[bool], name: str) -> ColumnElement[int]:
    return func.count().filter(condition).label(name)


def _row(command: CommandRef) -> ColumnElement[bool]:
    return (
        (table.c.repository_id == command.repository_id)
        & (table.c.source == command.source)
        & (table.c.comment_id == command.comment_id)
    )


def _command(row: Row[tuple[object, ...]]) -> CommandRef:
    found = row._mapping
    return CommandRef(
        found["repository_id"],
        found["number"],
        found["source"],
        found["comment_id"],
        found["author_id"],
        found["by_author"],
        found["stranger"],
        found["digest"],
        found["written_at"],
        found["received_at"],
    )
