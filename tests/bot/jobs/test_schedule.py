"""What is done from time to time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import text

from bot.jobs.schedule import is_due

if TYPE_CHECKING:
    from sqlalchemy import Engine

PERIOD = timedelta(hours=1)


def ask(database: Engine, period: timedelta = PERIOD) -> bool:
    with database.begin() as connection:
        return is_due(connection, "tidy", period)


def test_a_chore_is_due_a_period_after_it_was_first_heard_of(database: Engine) -> None:
    """A process that starts does not do everything at once."""
    assert not ask(database)
    assert not ask(database)
    with database.begin() as connection:
        connection.execute(text("UPDATE chore SET next_at = next_at - interval '1 hour'"))
    assert ask(database)


def test_of_all_who_ask_one_does_it(database: Engine) -> None:
    """The next one hears that it is done, for another period."""
    ask(database, timedelta(0))
    assert ask(database)
    assert not ask(database)


def test_a_chore_that_was_missed_is_due_once(database: Engine) -> None:
    """After days without a worker there is one to do, not one for each period missed."""
    ask(database)
    with database.begin() as connection:
        connection.execute(text("UPDATE chore SET next_at = now() - interval '3 days'"))
    assert ask(database)
    assert not ask(database)
