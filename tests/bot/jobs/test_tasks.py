"""Retries and clean-up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from procrastinate import SyncPsycopgConnector
from procrastinate.jobs import Job
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from bot.database.engine import driver_connection
from bot.jobs.deliveries import Delivery, accept
from bot.jobs.handlers import ButtonPress, OutdatedError, TransientError
from bot.jobs.pull_state import Backoff
from bot.jobs.tasks import RetryTransient
from tests.bot.jobs.conftest import PULL
from tests.bot.processes import python, wait_until

if TYPE_CHECKING:
    from tests.bot.jobs.conftest import Stage

RETRY = RetryTransient(Backoff(first=timedelta(minutes=1), longest=timedelta(hours=6)))


def job(attempts: int) -> Job:
    return Job(queue="default", lock=None, queueing_lock=None, task_name="resolve_head", attempts=attempts)


def test_only_transient_errors_are_tried_again() -> None:
    """A defect does not go away by itself."""
    assert RETRY.get_retry_decision(exception=RuntimeError("a defect"), job=job(0)) is None
    assert RETRY.get_retry_decision(exception=TransientError("down"), job=job(0)) is not None


def test_a_job_that_lost_its_database_is_tried_again_at_once() -> None:
    """The retry is recorded in the database, so the database is back."""
    lost = OperationalError("SELECT 1", {}, ConnectionError("connection refused"))
    decision = RETRY.get_retry_decision(exception=lost, job=job(0))
    assert decision is not None
    assert decision.retry_at is not None
    assert decision.retry_at <= datetime.now(UTC)
    assert RETRY.get_retry_decision(exception=lost, job=job(RETRY.max_attempts)) is None


def test_an_outdated_answer_is_requested_again_soon(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long the waits for an outage are."""
    monkeypatch.setenv("PAPERGATE_RECHECK_FIRST_SECONDS", "600")
    stage.tell(1, "outdated", "outdated", "pass")
    stage.ask(PULL)
    with python("-m", "tests.bot.jobs.recording"):
        wait_until(lambda: stage.verdict() == "pass")
    decision = RETRY.get_retry_decision(exception=OutdatedError("an old answer"), job=job(0))
    assert decision is not None
    assert decision.retry_at is not None
    assert decision.retry_at <= datetime.now(UTC) + timedelta(seconds=1)


def test_a_pressed_button_evaluates_its_pull_requests(stage: Stage) -> None:
    """Those that the handlers name are evaluated again."""
    stage.tell(1, "pass")
    stage.ask(ButtonPress(PULL.repository_id, "a" * 40, 1, "recheck", "meg", 5))
    with python("-m", "tests.bot.jobs.recording"):
        wait_until(lambda: stage.unfinished() == 0)
    assert stage.verdict() == "pass"


def test_retries_come_to_an_end() -> None:
    """After half a day the event is too old."""
    assert RETRY.get_retry_decision(exception=TransientError("down"), job=job(RETRY.max_attempts)) is None


def test_a_retry_waits_until_the_time_that_was_named() -> None:
    """A rate limit names its end."""
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    decision = RETRY.get_retry_decision(exception=TransientError("limited", retry_at=tomorrow), job=job(0))
    assert decision is not None
    assert decision.retry_at == tomorrow


def test_old_deliveries_and_finished_jobs_are_removed(stage: Stage) -> None:
    """After two weeks nobody repeats a delivery or asks about a job; younger ones stay."""
    for guid, number in (("old", 1), ("young", 2)):
        accept(stage.database, Delivery(guid, "pull_request", "opened"), PULL)
        with python("-m", "tests.bot.jobs.recording"):
            wait_until(lambda: stage.unfinished() == 0)
        if number == 1:
            with stage.database.begin() as connection:
                connection.execute(text("UPDATE delivery SET received_at = now() - interval '15 days'"))
                connection.execute(text("UPDATE procrastinate_events SET at = now() - interval '15 days'"))
    with stage.database.begin() as connection:
        for task in ("remove_old_deliveries", "remove_old_jobs"):
            manager = JobManager(SyncPsycopgConnector())
            configure_task(name=task, job_manager=manager, connection=driver_connection(connection)).defer(
                timestamp=0
            )
    with python("-m", "tests.bot.jobs.recording"):
        wait_until(lambda: stage.unfinished() == 0)
    with stage.database.connect() as connection:
        assert connection.execute(text("SELECT guid FROM delivery")).scalars().all() == ["young"]
        tasks = (
            connection.execute(text("SELECT task_name FROM procrastinate_jobs ORDER BY id")).scalars().all()
        )
    assert tasks == ["evaluate", "remove_old_deliveries", "remove_old_jobs"]
