"""What is done from time to time, once for all workers together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, text, update
from sqlalchemy.dialects.postgresql import insert

from bot.database.tables import chore

if TYPE_CHECKING:
    from datetime import timedelta

    from sqlalchemy import Connection


def is_due(connection: Connection, name: str, period: timedelta) -> bool:
    """Return whether it is time for the chore; the one caller who hears so does it.

    Its time comes a period after it was first heard of, and at once when nobody was there to ask.
    """
    following = func.now() + text("CAST(:period AS interval)")
    connection.execute(
        insert(chore).values(name=name, next_at=following).on_conflict_do_nothing(), {"period": period}
    )
    taken = connection.execute(
        update(chore)
        .where(chore.c.name == name, chore.c.next_at <= func.now())
        .values(next_at=following)
        .returning(chore.c.name),
        {"period": period},
    )
    return taken.first() is not None
