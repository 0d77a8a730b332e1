"""Jobs of dead workers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from bot.jobs.queue import enqueue
from bot.jobs.sweep import MAX_ATTEMPTS, has_worker, sweep
from tests.bot.jobs.conftest import PULL

if TYPE_CHECKING:
    from sqlalchemy import Engine

SILENCE = timedelta(seconds=10)


def start_job(database: Engine, *, silent: timedelta, attempts: int = 0) -> None:
    """Leave a job as a worker does that was last heard of so long ago."""
    with database.begin() as connection:
        enqueue(connection, PULL)
        worker = connection.execute(
            text("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - :silent) RETURNING id"),
            {"silent": silent},
        ).scalar_one()
        connection.execute(
            text("UPDATE procrastinate_jobs SET status = 'doing', worker_id = :worker, attempts = :attempts"),
            {"worker": worker, "attempts": attempts},
        )


def status(database: Engine) -> str:
    with database.connect() as connection:
        found: str = connection.execute(text("SELECT status FROM procrastinate_jobs")).scalar_one()
    return found


@pytest.mark.parametrize(("silent", "expected"), [(SILENCE / 2, "doing"), (SILENCE * 2, "todo")])
def test_the_jobs_of_silent_workers_wait_again(database: Engine, silent: timedelta, expected: str) -> None:
    """A worker heard of lately keeps its job, one silent for too long loses it."""
    start_job(database, silent=silent)
    sweep(database, silence=SILENCE, periods={})
    assert status(database) == expected


def test_the_job_of_a_worker_that_signed_off_waits_again(database: Engine) -> None:
    """A worker that stopped with a job under way has removed itself; no silence is needed."""
    start_job(database, silent=timedelta(0))
    with database.begin() as connection:
        connection.execute(text("DELETE FROM procrastinate_workers"))
    sweep(database, silence=SILENCE, periods={})
    assert status(database) == "todo"


def test_a_job_that_killed_several_workers_is_given_up(database: Engine) -> None:
    """It would kill the next one too; its pull request comes back when it is due."""
    start_job(database, silent=timedelta(minutes=1), attempts=MAX_ATTEMPTS - 1)
    sweep(database, silence=SILENCE, periods={})
    assert status(database) == "failed"


def test_a_worker_is_there_once_it_was_heard_of(database: Engine) -> None:
    """One heard of before the moment in question does not count."""
    now = datetime.now(UTC)
    assert not has_worker(database, since=now - SILENCE)
    start_job(database, silent=SILENCE)
    assert has_worker(database, since=now - 2 * SILENCE)
    assert not has_worker(database, since=now)


def test_two_sweeps_do_not_take_the_same_job(database: Engine) -> None:
    """What another sweep holds is left alone, so that no job is put back while it runs again."""
    start_job(database, silent=timedelta(minutes=1))
    with database.begin() as other:
        other.execute(text("SELECT id FROM procrastinate_jobs FOR UPDATE"))
        sweep(database, silence=SILENCE, periods={})
        assert status(database) == "doing"
