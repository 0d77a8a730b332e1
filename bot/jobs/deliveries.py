"""Webhook deliveries: each is accepted once, together with the work it asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, text
from sqlalchemy.dialects.postgresql import insert

from bot.database import repositories
from bot.database.tables import delivery, merge_group
from bot.jobs.queue import enqueue

if TYPE_CHECKING:
    from datetime import timedelta

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


def accept(database: Engine, received: Delivery, work: Work, repository: RepositoryRef | None = None) -> bool:
    """Store the delivery, its repository and its work in one transaction; return whether it is new.

    When this returns, all is durable; when it raises, nothing is stored.
    """
    with database.begin() as connection:
        new = connection.execute(
            insert(delivery)
            .values(guid=received.guid, event=received.event, action=received.action)
            .on_conflict_do_nothing()
            .returning(delivery.c.guid)
        )
        if new.first() is None:
            return False
        if repository is not None:
            repositories.keep(connection, repository)
        enqueue(connection, work)
    return True


def remove_old(connection: Connection, age: timedelta) -> None:
    """Delete the deliveries and merge groups older than this. GitHub redelivers for three days only."""
    then = func.now() - text("CAST(:age AS interval)")
    connection.execute(delivery.delete().where(delivery.c.received_at < then), {"age": age})
    connection.execute(merge_group.delete().where(merge_group.c.asked_at < then), {"age": age})
