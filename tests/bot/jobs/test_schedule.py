"""Periodic tasks."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import text

from bot.jobs.schedule import claim

if TYPE_CHECKING:
    from sqlalchemy import Engine

PERIOD = timedelta(hours=1)


def claimed(database: Engine, period: timedelta = PERIOD) -> bool:
    with database.begin() as connection:
        return claim(connection, "tidy", period)


def test_a_task_is_first_due_one_period_after_the_first_claim(database: Engine) -> None:
    """A process that starts does not run everything at once."""
    assert not claimed(database)
    assert not claimed(database)
    with database.begin() as connection:
        connection.execute(text("UPDATE schedule SET next_at = next_at - interval '1 hour'"))
    assert claimed(database)


def test_one_caller_gets_the_claim(database: Engine) -> None:
    """The next caller gets none for another period."""
    claimed(database, timedelta(0))
    assert claimed(database)
    assert not claimed(database)


def test_a_missed_task_is_due_once(database: Engine) -> None:
    """After days without a worker it runs once, not once for each missed period."""
    claimed(database)
    with database.begin() as connection:
        connection.execute(text("UPDATE schedule SET next_at = now() - interval '3 days'"))
    assert claimed(database)
    assert not claimed(database)
