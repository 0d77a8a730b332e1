"""Real worker processes on a real database: order, bursts, re-checks, death and stopping."""

from __future__ import annotations

import signal
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.database.identity import PullKey
from bot.jobs.handlers import CommandRef, HeadRef
from tests.bot.jobs.conftest import PULL
from tests.bot.jobs.recording import MAINTAINER
from tests.bot.processes import kill, python, wait_until

if TYPE_CHECKING:
    import subprocess
    from contextlib import AbstractContextManager

    import pytest

    from tests.bot.jobs.conftest import Stage


def worker() -> AbstractContextManager[subprocess.Popen[str]]:
    return python("-m", "tests.bot.jobs.recording")


def test_a_burst_costs_one_run_and_one_more_if_it_goes_on(stage: Stage) -> None:
    """Five requests before the worker starts are one validation; five more while it runs are one more."""
    stage.tell(1, "pass", held=True)
    for _ in range(5):
        stage.ask(PULL)
    with worker():
        wait_until(lambda: len(stage.runs()) == 1)
        for _ in range(5):
            stage.ask(PULL)
        stage.tell(1, "pass")
        wait_until(lambda: stage.unfinished() == 0)
    first, second = stage.runs()
    assert first.ended is not None
    assert first.ended <= second.at
    assert stage.verdict() == "pass"


def test_pull_requests_do_not_wait_for_each_other(stage: Stage) -> None:
    """One that takes long holds up its own validations only."""
    stage.tell(1, "pass", held=True)
    stage.ask(PULL)
    stage.ask(PULL)
    stage.ask(PullKey(70, 2))
    with worker():
        wait_until(lambda: len(stage.runs(1)) == 1 and stage.verdict(2) == "pass")
        assert stage.verdict(1) is None
        assert len(stage.runs(1)) == 1


def test_another_worker_takes_over_from_a_killed_one(stage: Stage) -> None:
    """A worker killed in mid-validation costs some seconds, not the validation."""
    stage.tell(1, "pass", held=True)
    stage.ask(PULL)
    with worker() as first:
        wait_until(lambda: len(stage.runs()) == 1)
        kill(first)
    stage.tell(1, "pass")
    with worker():
        wait_until(lambda: stage.verdict() == "pass", seconds=10)
    killed, taken_over = stage.runs()
    assert killed.ended is None
    assert taken_over.ended is not None


def test_a_running_worker_takes_over_too(stage: Stage) -> None:
    """No start is needed: the worker that lives notices the other's silence."""
    stage.tell(1, "pass", held=True)
    stage.ask(PULL)
    with worker() as first:
        wait_until(lambda: len(stage.runs()) == 1)
        with worker():
            kill(first)
            wait_until(lambda: len(stage.runs()) == 2, seconds=10)
            stage.tell(1, "pass")
            wait_until(lambda: stage.verdict() == "pass" and stage.unfinished() == 0)
    assert len(stage.runs()) == 2


def test_what_is_unverified_is_looked_at_again_until_it_is_settled(stage: Stage) -> None:
    """Re-checks come by themselves, ever later, and end with the first settled outcome."""
    stage.tell(1, "unverified", "unverified", "pass")
    stage.ask(PULL)
    with worker():
        wait_until(lambda: stage.verdict() == "pass")
        wait_until(lambda: stage.unfinished() == 0)
    first, second, third = (run.at for run in stage.runs())
    assert (second - first).total_seconds() >= 0.2
    assert (third - second).total_seconds() >= 0.4
    assert stage.unsettled() == 0
    assert stage.attempts() == 0


def test_a_new_request_does_not_wait_for_the_re_check(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A push while a re-check is an hour away is validated at once, and takes the re-check's place."""
    monkeypatch.setenv("PAPERGATE_RECHECK_FIRST_SECONDS", "3600")
    stage.tell(1, "unverified", "pass")
    stage.ask(PULL)
    with worker():
        wait_until(lambda: stage.verdict() == "unverified")
        assert stage.unsettled() == 1
        stage.ask(PULL)
        wait_until(lambda: stage.verdict() == "pass")
    assert stage.unsettled() == 0


def test_a_transient_error_is_tried_again(stage: Stage) -> None:
    """The other side's trouble ends with the other side's recovery."""
    stage.tell(1, "unavailable", "unavailable", "pass")
    stage.ask(PULL)
    with worker():
        wait_until(lambda: stage.verdict() == "pass")
    assert len(stage.runs()) == 3
    assert stage.unsettled() == 0


def test_a_defect_costs_one_job_and_the_worker_goes_on(stage: Stage) -> None:
    """The job fails, its pull request stays due, and other pull requests are validated."""
    stage.tell(1, "broken")
    stage.ask(PULL)
    with worker() as process:
        wait_until(lambda: len(stage.runs(1)) == 1 and stage.unfinished() == 0)
        stage.ask(PullKey(70, 2))
        wait_until(lambda: stage.verdict(2) == "pass")
        assert process.poll() is None
    assert stage.unsettled() == 1


def test_a_commit_is_resolved_to_its_pull_requests(stage: Stage) -> None:
    """A re-run of a check names a commit; each pull request with that head is validated."""
    stage.ask(HeadRef(70, "c" * 40))
    with worker():
        wait_until(lambda: len(stage.runs(1)) == 1 and len(stage.runs(2)) == 1)
        wait_until(lambda: stage.unfinished() == 0)


def test_a_command_leads_to_a_validation_if_it_is_allowed(stage: Stage) -> None:
    """The handler decides on the author's right; the validation is the usual job."""
    written_at = datetime.now(UTC)
    for number, author in ((1, 6), (2, MAINTAINER)):
        stage.ask(CommandRef(70, number, "comment", number, author, False, False, "digest", written_at))
    with worker():
        wait_until(lambda: len(stage.runs(2)) == 1 and stage.unfinished() == 0)
    assert stage.runs(1) == []


def test_sigterm_lets_the_work_under_way_finish(stage: Stage) -> None:
    """The worker takes nothing new, ends what it began, and exits with status 0."""
    stage.tell(1, "pass", held=True)
    stage.ask(PULL)
    with worker() as process:
        wait_until(lambda: len(stage.runs()) == 1)
        process.send_signal(signal.SIGTERM)
        stage.ask(PullKey(70, 2))
        stage.tell(1, "pass")
        assert process.wait(10) == 0
    assert stage.verdict(1) == "pass"
    assert stage.runs(2) == []


def test_work_that_does_not_finish_is_left_to_others_at_once(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stopping worker waits so long only; the job it abandons needs no silence to be taken over."""
    monkeypatch.setenv("PAPERGATE_STOP_SECONDS", "0.3")
    monkeypatch.setenv("PAPERGATE_STALLED_SECONDS", "3600")
    stage.tell(1, "pass", held=True)
    stage.ask(PULL)
    with worker() as process:
        wait_until(lambda: len(stage.runs()) == 1)
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 1
    stage.tell(1, "pass")
    with worker():
        wait_until(lambda: stage.verdict() == "pass", seconds=5)
