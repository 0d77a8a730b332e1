"""Merge groups, pushes and periodic tasks in real workers on a real database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from bot.database.identity import PullKey
from bot.jobs.handlers import HeadRef, MergeGroupDestroyed, MergeGroupRef, PushRef
from tests.bot.jobs.conftest import PULL
from tests.bot.jobs.recording import GROUP, REDELIVERY
from tests.bot.processes import python, wait_until

if TYPE_CHECKING:
    import subprocess
    from contextlib import AbstractContextManager

    from tests.bot.jobs.conftest import Stage

HEAD = "e" * 40
QUEUED = MergeGroupRef(70, HEAD, "f" * 40, f"refs/heads/gh-readonly-queue/main/pr-1-{'f' * 40}")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAPERGATE_SPREAD_SECONDS", "0.2")


def worker() -> AbstractContextManager[subprocess.Popen[str]]:
    return python("-m", "tests.bot.jobs.recording")


def group_verdict(stage: Stage) -> str | None:
    with stage.database.connect() as connection:
        found: str | None = connection.execute(text("SELECT verdict FROM merge_group")).scalar()
    return found


def test_a_group_is_evaluated(stage: Stage) -> None:
    """Once."""
    stage.ask(QUEUED)
    with worker():
        wait_until(lambda: group_verdict(stage) == "pass")
    assert len(stage.runs(GROUP)) == 1


@pytest.mark.parametrize("trouble", ["unverified", "unavailable"])
def test_a_group_without_a_final_verdict_is_evaluated_again(stage: Stage, trouble: str) -> None:
    """A source or GitHub was down, and came back."""
    stage.tell(GROUP, trouble, trouble, "pass")
    stage.ask(QUEUED)
    with worker():
        wait_until(lambda: group_verdict(stage) == "pass")
    assert len(stage.runs(GROUP)) == 3


def test_a_group_waits_for_a_source_for_a_limited_time(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """After that the verdict is final and the queue goes on."""
    monkeypatch.setenv("PAPERGATE_MERGE_GROUP_PATIENCE_SECONDS", "0.3")
    stage.tell(GROUP, "unverified")
    stage.ask(QUEUED)
    with worker():
        wait_until(lambda: _is_final(stage))
    assert group_verdict(stage) == "unverified"


def _is_final(stage: Stage) -> bool:
    with stage.database.connect() as connection:
        row = connection.execute(text("SELECT verdict, retry_at FROM merge_group")).one()
    return row.verdict is not None and row.retry_at is None and stage.unfinished() == 0


def test_a_group_that_ended_is_not_evaluated(stage: Stage) -> None:
    """When it ends before its job starts, nothing runs."""
    stage.ask(QUEUED)
    stage.ask(MergeGroupDestroyed(QUEUED))
    with worker():
        wait_until(lambda: stage.unfinished() == 0)
    assert stage.runs(GROUP) == []


def test_a_rerun_reaches_the_group_by_its_head(stage: Stage) -> None:
    """No pull request has that head; the group does."""
    stage.ask(QUEUED)
    with worker():
        wait_until(lambda: stage.unfinished() == 0)
        stage.ask(HeadRef(70, HEAD))
        wait_until(lambda: len(stage.runs(GROUP)) == 2)


def test_a_changed_verdict_re_evaluates_the_other_pull_requests_of_its_head(stage: Stage) -> None:
    """The verdict of the first changes, so the second with the same head is evaluated, and none twice."""
    stage.ask(PULL)
    with worker():
        wait_until(lambda: stage.verdict(1) == "pass" and stage.unfinished() == 0)
        assert stage.runs(2) == []
        with stage.database.begin() as connection:
            connection.execute(text("UPDATE pull_request SET verdict = 'fail'"))
        stage.ask(PULL)
        wait_until(lambda: len(stage.runs(2)) == 1 and stage.unfinished() == 0)
    assert len(stage.runs(1)) == 2


def test_a_push_evaluates_the_pull_requests_it_may_affect_one_after_the_other(stage: Stage) -> None:
    """A pull request that does not change the list is left out; the others run 0.2 s apart."""
    stage.ask(PullKey(70, 2))
    with worker():
        wait_until(lambda: stage.verdict(2) == "pass")
        with stage.database.begin() as connection:
            connection.execute(
                text("UPDATE pull_request SET verdict = 'unchanged', head = :head"), {"head": "b" * 40}
            )
        stage.ask(PushRef(70, "main", "0" * 40, HEAD))
        wait_until(lambda: len(stage.runs(1)) == len(stage.runs(3)) == 1)
    assert len(stage.runs(2)) == 1
    assert (stage.runs(3)[0].at - stage.runs(1)[0].at).total_seconds() > 0.1


def test_a_push_of_another_policy_evaluates_all(stage: Stage) -> None:
    """A pull request that did not change the list may change the one that the new policy names."""
    stage.ask(PushRef(70, "policy", "0" * 40, HEAD))
    with worker():
        wait_until(lambda: all(len(stage.runs(number)) == 1 for number in (1, 2, 3)))


def test_failed_deliveries_are_searched_periodically(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two workers search no more often than one."""
    monkeypatch.setenv("PAPERGATE_REDELIVER_SECONDS", "0.5")
    with worker(), worker():
        wait_until(lambda: len(stage.runs(REDELIVERY)) >= 3)
    times = [run.at for run in stage.runs(REDELIVERY)]
    assert (times[2] - times[0]).total_seconds() > 0.6


def test_all_open_pull_requests_are_evaluated_periodically(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also those that no delivery ever reported."""
    monkeypatch.setenv("PAPERGATE_RELIST_SECONDS", "0.5")
    with worker():
        wait_until(lambda: stage.runs(4) != [] and stage.runs(5) != [])
