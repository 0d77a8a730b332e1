"""Comments with commands: their order, their retries, and what strangers may cost."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from bot.database import repositories
from bot.database.identity import PullKey, RepositoryRef
from bot.jobs import command_queue
from bot.jobs.command_queue import (
    MOST_OF_PERSON,
    MOST_OF_STRANGER,
    MOST_OF_STRANGER_ON_PULL,
    MOST_OF_STRANGERS,
    MOST_OF_STRANGERS_ON_PULL,
    MOST_ON_PULL,
)
from bot.jobs.handlers import CommandRef

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

PULL = PullKey(70, 1)
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
COMMAND = CommandRef(70, 1, "comment", 100, 5, False, False, "digest", NOON)
STRANGER = replace(COMMAND, author_id=6, stranger=True)


@pytest.fixture
def connection(database: Engine) -> Iterator[Connection]:
    with database.begin() as connection:
        for number, installation in ((70, 7), (71, 7), (72, 8)):
            repositories.keep(connection, RepositoryRef(number, installation, f"owner/list-{number}"))
        yield connection


def following(connection: Connection) -> int | None:
    """Return the id of the comment to run next."""
    pending = command_queue.following(connection, PULL)
    return None if pending is None else pending.command.comment_id


def test_commands_run_in_the_order_they_were_written(connection: Connection) -> None:
    """Whichever arrives first; one that has run is not run again, nor is one that arrives twice."""
    later = replace(COMMAND, comment_id=101, written_at=NOON + timedelta(seconds=1))
    for command in (later, COMMAND):
        assert command_queue.request(connection, command)
        assert not command_queue.request(connection, command)
    assert following(connection) == 100
    command_queue.finish(connection, COMMAND)
    assert following(connection) == 101
    command_queue.finish(connection, later)
    assert following(connection) is None
    assert not command_queue.request(connection, later)


def test_a_command_comes_back_as_it_was_requested(connection: Connection) -> None:
    """With the time at which it arrived."""
    command = replace(COMMAND, source="review", by_author=True)
    command_queue.request(connection, command)
    pending = command_queue.following(connection, PULL)
    assert pending is not None
    assert pending.command.received_at is not None
    assert replace(pending.command, received_at=None) == command
    assert pending.failures == 0


def test_a_command_that_failed_waits_and_keeps_later_ones_waiting(connection: Connection) -> None:
    """Or else they would run in another order."""
    command_queue.request(connection, COMMAND)
    command_queue.request(connection, replace(COMMAND, comment_id=101))
    command_queue.postpone(connection, COMMAND, datetime.now(UTC) + timedelta(minutes=1))
    assert following(connection) is None
    command_queue.postpone(connection, COMMAND, datetime.now(UTC) - timedelta(seconds=1))
    pending = command_queue.following(connection, PULL)
    assert pending is not None
    assert (pending.command.comment_id, pending.failures) == (100, 2)


def test_a_due_command_gets_a_job_once_in_a_while(connection: Connection) -> None:
    """Its first job may have died; a finished command gets none."""
    command_queue.request(connection, COMMAND)
    assert command_queue.request_due(connection) == []
    connection.execute(text("UPDATE command_request SET retry_at = now() - interval '1 second'"))
    assert command_queue.request_due(connection) == [PULL]
    assert command_queue.request_due(connection) == []
    command_queue.finish(connection, COMMAND)
    assert command_queue.request_due(connection) == []


def accepted(connection: Connection, *commands: CommandRef) -> int:
    """Return how many of these would run at once, each as a comment of its own."""
    before = connection.execute(text("SELECT count(*) FROM command_request")).scalar_one()
    numbered = (replace(one, comment_id=1000 + before + number) for number, one in enumerate(commands))
    return sum(command_queue.request(connection, one) for one in numbered)


def test_a_stranger_is_read_a_few_times_on_a_pull_request(connection: Connection) -> None:
    """An hour later again; other people are not affected."""
    assert accepted(connection, *[STRANGER] * 20) == MOST_OF_STRANGER_ON_PULL
    assert accepted(connection, COMMAND, replace(STRANGER, author_id=8)) == 2
    connection.execute(text("UPDATE command_request SET received_at = now() - interval '61 minutes'"))
    assert accepted(connection, STRANGER) == 1


def test_a_stranger_is_read_a_few_times_in_an_installation(connection: Connection) -> None:
    """On all pull requests together; other installations do not count."""
    spread = [replace(STRANGER, number=number) for number in range(1, 21)]
    assert accepted(connection, *spread) == MOST_OF_STRANGER
    assert accepted(connection, replace(STRANGER, repository_id=71)) == 0
    assert accepted(connection, replace(STRANGER, repository_id=72)) == 1


def test_strangers_together_are_limited(connection: Connection) -> None:
    """On a pull request, and in an installation; people with a role are not."""
    crowd = [replace(STRANGER, author_id=number) for number in range(100, 130)]
    assert accepted(connection, *crowd) == MOST_OF_STRANGERS_ON_PULL
    crowd = [replace(STRANGER, author_id=1000 + number, number=1000 + number) for number in range(100)]
    assert accepted(connection, *crowd) == MOST_OF_STRANGERS - MOST_OF_STRANGERS_ON_PULL
    assert accepted(connection, COMMAND) == 1


@pytest.mark.parametrize(("spread", "most"), [(0, MOST_ON_PULL), (1, MOST_OF_PERSON)])
def test_busy_people_wait(connection: Connection, spread: int, most: int) -> None:
    """Their commands are kept and run later: on one pull request, or of one person."""
    busy = [replace(COMMAND, number=1 + spread * number) for number in range(most + 5)]
    assert accepted(connection, *busy) == most
    waiting = connection.execute(
        text("SELECT count(*) FROM command_request WHERE not_before > now() + interval '5 minutes'")
    ).scalar_one()
    assert waiting == 5


def test_old_commands_are_removed(connection: Connection) -> None:
    """After the time in which a delivery may repeat them."""
    accepted(connection, COMMAND, COMMAND)
    connection.execute(
        text("UPDATE command_request SET received_at = now() - interval '15 days' WHERE comment_id = 1000")
    )
    command_queue.remove_old(connection, timedelta(days=14))
    assert connection.execute(text("SELECT comment_id FROM command_request")).scalars().all() == [1001]
