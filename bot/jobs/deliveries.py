"""Webhook deliveries: each is accepted once, together with the work it asks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, text, update
from sqlalchemy.dialects.postgresql import insert

from bot.database import repositories
from bot.database.tables import delivery, merge_group
from bot.jobs.queue import enqueue

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from bot.database.identity import RepositoryRef
    from bot.jobs.handlers import Work


@dataclass(frozen=True, slots=True)
class Delivery:
    """What identifies a delivery."""

    guid: str
    """The ``X-GitHub-Delivery`` header; a redelivery has the same."""
    event: str
    action: str | None


REDELIVERED_AFTER = timedelta(seconds=10)
"""What comes again sooner is not a person's *Redeliver* but the same delivery twice."""


def accept(database: Engine, received: Delivery, work: Work, repository: RepositoryRef | None = None) -> bool:
    """Store the delivery, its repository and its work in one transaction; return whether it is new.

    A delivery that somebody has GitHub send again is not new, and its work is done again: evaluations read
    what is true now, and commands run only once. When this returns, all is durable; when it raises, nothing
    is stored.
    """
    with database.begin() as connection:
        new = connection.execute(
            insert(delivery)
            .values(guid=received.guid, event=received.event, action=received.action)
            .on_conflict_do_nothing()
            .returning(delivery.c.guid)
        )
        is_new = new.first() is not None
        if not is_new and not _is_redelivered(connection, received.guid):
            return False
        if repository is not None:
            repositories.keep(connection, repository)
        enqueue(connection, work)
    return is_new


def _is_redelivered(connection: Connection, guid: str) -> bool:
    """Return whether it is some time since the delivery came last, and note that it has come now."""
    now = func.clock_timestamp()
    again = connection.execute(
        update(delivery)
        .where(delivery.c.guid == guid, delivery.c.received_at < now - REDELIVERED_AFTER)
        .values(received_at=now)
        .returning(delivery.c.guid)
    )
    return again.first() is not None


def remove_old(connection: Connection, age: timedelta) -> None:
    """Delete the deliveries and merge groups older than this. GitHub redelivers for three days only."""
    then = func.now() - text("CAST(:age AS interval)")
    connection.execute(delivery.delete().where(delivery.c.received_at < then), {"age": age})
    connection.execute(merge_group.delete().where(merge_group.c.asked_at < then), {"age": age})
