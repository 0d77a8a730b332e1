"""Commands run once, on a real PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.database.command_log import CommandRun, find_run, record_run

if TYPE_CHECKING:
    from sqlalchemy import Engine


def test_a_command_is_recorded_once(database: Engine) -> None:
    """By its comment and its line in it."""
    with database.begin() as connection:
        assert find_run(connection, 70, 99, 0) is None
        assert record_run(connection, 70, 99, 0, CommandRun(True, again=True))
        assert not record_run(connection, 70, 99, 0, CommandRun(False))
        assert record_run(connection, 70, 99, 1, CommandRun(False, reply="No."))
        assert find_run(connection, 70, 99, 0) == CommandRun(True, again=True)
        assert find_run(connection, 70, 99, 1) == CommandRun(False, reply="No.")
