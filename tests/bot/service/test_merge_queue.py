"""Evaluating merge groups."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from bot.database import decisions
from bot.database.decisions import DecisionStore, Made
from bot.database.identity import PullKey
from bot.files.policy_file import read_policy
from bot.github.app import App
from bot.jobs.handlers import MergeGroupRef, RefusedError
from bot.process.isolation import InProcess
from bot.service.change_check import ChangeChecker
from bot.service.merge_queue import MergeQueue
from rules.context import ListChange
from rules.decisions import Content
from rules.evaluate import read_change
from rules.papers.evidence import Evidence
from rules.report.findings import Decision, DecisionKind
from tests.bot.service.conftest import LIST, POLICY, gone, ref_of
from tests.end_to_end import papers
from tests.sandbox import Pull, Sandbox


@pytest.fixture
def queue(app: App, database: Engine) -> MergeQueue:
    checker = ChangeChecker(InProcess(), lambda _: Evidence())
    return MergeQueue(app, checker, DecisionStore(database))


def test_a_group_of_a_removed_repository_is_refused(sandbox: Sandbox, queue: MergeQueue) -> None:
    """GitHub refuses the App there."""
    group = MergeGroupRef(999, "e" * 40, "f" * 40, "refs/heads/x")
    with pytest.raises(RefusedError):
        queue.evaluate_group(gone(sandbox), group, ended=lambda: False, patient=True)


def test_a_held_group_fails_and_says_why(sandbox: Sandbox, queue: MergeQueue, pull: Pull) -> None:
    """A queue must not wait for ever."""
    group = sandbox.enqueue(pull)
    reference = MergeGroupRef(ref_of(sandbox).id, group.head_sha, group.base_sha, group.head_ref)
    queue.hold_group(ref_of(sandbox), reference, "GitHub answered 404")
    (check,) = sandbox.check_runs(LIST, group.head_sha)
    assert check.conclusion == "failure"
    assert "GitHub answered 404" in str(check.output.summary)


def test_a_decision_on_a_member_covers_the_merge_group(
    sandbox: Sandbox, queue: MergeQueue, database: Engine
) -> None:
    """A maintainer waived a missing year on the pull request; nobody has to do so again."""
    sandbox.commit(LIST, {"README.md": papers.README})
    head = papers.appended(papers.WITHOUT_YEAR)
    pull = sandbox.open_pull(LIST, {"README.md": head})
    group = sandbox.enqueue(pull)
    reference = MergeGroupRef(ref_of(sandbox).id, group.head_sha, group.base_sha, group.head_ref)
    assert (
        queue.evaluate_group(ref_of(sandbox), reference, ended=lambda: False, patient=True).verdict == "fail"
    )
    list_change = read_change(papers.README, papers.README, head, read_policy(POLICY))
    assert isinstance(list_change, ListChange)
    (added,) = list_change.diff.added
    maker = sandbox.state.account("curator").id
    waiver = Decision(
        kind=DecisionKind.WAIVE,
        rule="format",
        fingerprint=Content(list_change).entry(added),
        by="curator",
        made_on=datetime.now(UTC).date(),
        reason="It has none",
        url="https://a.example",
    )
    with database.begin() as connection:
        made = Made(waiver, maker, "master", pull.head_sha, datetime.now(UTC))
        decisions.record(connection, PullKey(ref_of(sandbox).id, pull.number), made)
    assert (
        queue.evaluate_group(ref_of(sandbox), reference, ended=lambda: False, patient=True).verdict == "pass"
    )
    assert sandbox.check_runs(LIST, group.head_sha)[-1].conclusion == "success"


def test_nothing_is_written_about_a_group_that_ended_meanwhile(
    sandbox: Sandbox, queue: MergeQueue, pull: Pull
) -> None:
    """That is checked after the evaluation and before writing."""
    group = sandbox.enqueue(pull)
    reference = MergeGroupRef(ref_of(sandbox).id, group.head_sha, group.base_sha, group.head_ref)
    assert (
        queue.evaluate_group(ref_of(sandbox), reference, ended=lambda: True, patient=True).verdict == "ended"
    )
    assert sandbox.check_runs(LIST, group.head_sha) == []
