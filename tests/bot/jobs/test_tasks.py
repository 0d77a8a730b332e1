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
from bot.jobs.handlers import ButtonPress, RefusedError, TransientError
from bot.jobs.tasks import GITHUB, Retry
from tests.bot.jobs.conftest import PULL
from tests.bot.processes import python, wait_until

if TYPE_CHECKING:
    from tests.bot.jobs.conftest import Stage

RETRY = Retry()


def job(attempts: int) -> Job:
    return Job(queue="default", lock=None, queueing_lock=None, task_name="resolve_head", attempts=attempts)


@pytest.mark.parametrize("error", [TransientError("down"), RefusedError("404"), RuntimeError("a defect")])
def test_waits_double_from_one_second(error: Exception) -> None:
    """A lag of GitHub's is over soon; an outage is not."""
    for attempts in (0, 1, 2, 11):
        decision = RETRY.get_retry_decision(exception=error, job=job(attempts))
        assert decision is not None
        assert decision.retry_at is not None
        wait = decision.retry_at - datetime.now(UTC)
        assert wait <= GITHUB.wait(attempts + 1) < wait + timedelta(seconds=1)


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


@pytest.mark.parametrize("trouble", ["broken", "unrelated"])
def test_an_error_that_lasts_is_shown_by_a_check(stage: Stage, trouble: str) -> None:
    """At once; the pull request is evaluated again, and then the check says what is true."""
    stage.tell(1, trouble, trouble, "pass")
    stage.ask(PULL)
    with python("-m", "tests.bot.jobs.recording"):
        wait_until(lambda: len(stage.holds()) == 1)
        wait_until(lambda: stage.verdict() == "pass")
    assert len(stage.holds()) == 1
    assert stage.attempts() == 0


def test_a_pull_request_that_ended_its_worker_twice_is_held(stage: Stage) -> None:
    """The next worker says so before it tries again."""
    stage.ask(PULL)
    with stage.database.begin() as connection:
        connection.execute(text("UPDATE pull_request SET running = true, failures = 1"))
    with python("-m", "tests.bot.jobs.recording"):
        wait_until(lambda: stage.verdict() == "pass")
    assert stage.holds() == ["Papergate stopped while it checked this pull request."]


def test_a_pressed_button_evaluates_its_pull_requests(stage: Stage) -> None:
    """Those that the handlers name are evaluated again."""
    stage.tell(1, "pass")
    stage.ask(ButtonPress(PULL.repository_id, "a" * 40, 1, "recheck", "meg", 5))
    with python("-m", "tests.bot.jobs.recording"):
        wait_until(lambda: stage.unfinished() == 0)
    assert stage.verdict() == "pass"


def test_retries_come_to_an_end() -> None:
    """After half an hour the event is too old; periodic rechecks follow."""
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
