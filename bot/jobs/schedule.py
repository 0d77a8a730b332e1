"""Periodic tasks, each run by one worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, text, update
from sqlalchemy.dialects.postgresql import insert

from bot.database.tables import schedule

if TYPE_CHECKING:
    from datetime import timedelta

    from sqlalchemy import Connection


def claim(connection: Connection, name: str, period: timedelta) -> bool:
    """Claim a periodic task. Returns True to exactly one caller per period; an overdue task runs once.

    The first call starts the first period.
    """
    following = func.now() + text("CAST(:period AS interval)")
    connection.execute(
        insert(schedule).values(name=name, next_at=following).on_conflict_do_nothing(), {"period": period}
    )
    taken = connection.execute(
        update(schedule)
        .where(schedule.c.name == name, schedule.c.next_at <= func.now())
        .values(next_at=following)
        .returning(schedule.c.name),
        {"period": period},
    )
    return taken.first() is not None
