"""Commands run once, on a real PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.database.command_log import CommandRun, find_run, record_refusal, record_run
from bot.database.identity import PullKey

if TYPE_CHECKING:
    from sqlalchemy import Engine


def test_a_command_is_recorded_once(database: Engine) -> None:
    """By its comment or review, and its line in it."""
    with database.begin() as connection:
        assert find_run(connection, 70, "comment", 99, 0) is None
        assert record_run(connection, 70, "comment", 99, 0, CommandRun(True, again=True))
        assert not record_run(connection, 70, "comment", 99, 0, CommandRun(False))
        assert record_run(connection, 70, "comment", 99, 1, CommandRun(False, reply="No."))
        assert find_run(connection, 70, "comment", 99, 0) == CommandRun(True, again=True)
        assert find_run(connection, 70, "comment", 99, 1) == CommandRun(False, reply="No.")
        assert record_run(connection, 70, "review", 99, 0, CommandRun(True))


def test_a_person_is_refused_once_on_a_pull_request(database: Engine) -> None:
    """On another one, and for another person, it is the first time again."""
    with database.begin() as connection:
        assert record_refusal(connection, PullKey(70, 1), 5)
        assert not record_refusal(connection, PullKey(70, 1), 5)
        assert record_refusal(connection, PullKey(70, 2), 5)
        assert record_refusal(connection, PullKey(70, 1), 6)
