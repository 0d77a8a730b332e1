"""The append-only audit log: who did what on a pull request.

Everything happens on the caller's connection, in the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.database.storable import storable_json
from bot.database.tables import audit

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from bot.database.identity import PullKey

Detail = Mapping[str, "str | int | bool | Detail | None"]


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """A line of the audit log. ``at`` has a time zone; ``actor`` is a login."""

    at: datetime
    actor: str
    action: str
    detail: Detail = field(default_factory=dict)
    comment_url: str | None = None


def write(
    connection: Connection,
    pull: PullKey,
    actor: str,
    action: str,
    detail: Detail,
    *,
    comment_url: str | None = None,
) -> None:
    """Append a line to the audit log."""
    connection.execute(
        audit.insert().values(
            repository_id=pull.repository_id,
            number=pull.number,
            actor=actor,
            action=action,
            detail=storable_json(detail),
            comment_url=comment_url,
        )
    )


def history(connection: Connection, pull: PullKey) -> Iterator[AuditEntry]:
    """Yield the audit log of a pull request, oldest first."""
    rows = connection.execute(
        select(audit)
        .where(audit.c.repository_id == pull.repository_id, audit.c.number == pull.number)
        .order_by(audit.c.id)
    )
    for row in rows:
        yield AuditEntry(row.at, row.actor, row.action, row.detail, row.comment_url)
