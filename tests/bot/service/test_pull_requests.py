"""Evaluating pull requests: answers that lag, and two pull requests with one head."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import Engine

from bot.database.comments import CommentStore
from bot.database.decisions import DecisionStore
from bot.database.identity import PullKey
from bot.database.locks import head_lock
from bot.database.reports import ReportStore
from bot.github.app import App
from bot.jobs import pull_state
from bot.jobs.handlers import OutdatedError
from bot.process.child_pool import ChildPool
from bot.service.change_check import ChangeChecker
from bot.service.pull_requests import LONGEST_LAG, PullRequests
from rules.papers.evidence import Evidence
from tests.bot.service.conftest import ref_of
from tests.end_to_end.papers import README, WITHOUT_LINK, WITHOUT_YEAR, appended
from tests.sandbox import Pull, Sandbox
from tests.sandbox.contract import load_contract

LIST = "curator/list"
POLICY_PATH = ".github/papergate.yml"


def opened(sandbox: Sandbox) -> Pull:
    """Return a pull request with a fault."""
    sandbox.create_repository(LIST, {"README.md": README, POLICY_PATH: "preset: most-cited\n"})
    return sandbox.open_pull(LIST, {"README.md": appended(WITHOUT_YEAR)})


@pytest.fixture(scope="module")
def rules() -> Iterator[ChildPool]:
    with ChildPool() as running:
        yield running


def service_of(sandbox: Sandbox, database: Engine, rules: ChildPool) -> PullRequests:
    app = App(sandbox.app.id, sandbox.app.private_key, api_url=sandbox.url, timeout=5)
    checker = ChangeChecker(rules, lambda _: Evidence())
    return PullRequests(
        app,
        checker,
        partial(head_lock, database),
        DecisionStore(database),
        ReportStore(database),
        CommentStore(database),
    )


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(contract=load_contract()) as running:
        yield running
        assert running.violations == []


@pytest.fixture
def pull(sandbox: Sandbox) -> Pull:
    return opened(sandbox)


@pytest.fixture
def service(sandbox: Sandbox, database: Engine, rules: ChildPool) -> PullRequests:
    return service_of(sandbox, database, rules)


def test_an_answer_older_than_the_event_is_outdated(
    sandbox: Sandbox, service: PullRequests, pull: Pull
) -> None:
    """Or else the old head would be evaluated again, and the new one never."""
    event_time = pull.updated_at + timedelta(seconds=1)
    with pytest.raises(OutdatedError):
        service.evaluate(ref_of(sandbox), pull.number, event_time)
    assert sandbox.log.writes() == [item for item in sandbox.log.writes() if "access_tokens" in item.path]


def test_an_answer_as_old_as_the_event_is_evaluated(
    sandbox: Sandbox, service: PullRequests, pull: Pull
) -> None:
    """It is the state that the event reported."""
    assert service.evaluate(ref_of(sandbox), pull.number, pull.updated_at).verdict == "fail"


def test_an_outdated_answer_is_used_after_a_while(database: Engine, rules: ChildPool) -> None:
    """Whatever made the times differ, a missing check would be worse."""
    ago = [2 * LONGEST_LAG]
    with Sandbox(contract=load_contract(), clock=lambda: datetime.now(UTC) - ago[0]) as sandbox:
        pull = opened(sandbox)
        ago[0] = timedelta(0)
        event_time = pull.updated_at + timedelta(seconds=1)
        service = service_of(sandbox, database, rules)
        assert service.evaluate(ref_of(sandbox), pull.number, event_time).verdict == "fail"


def test_of_two_pull_requests_at_once_the_worse_verdict_is_published(
    sandbox: Sandbox, service: PullRequests, pull: Pull
) -> None:
    """Each reads the current check before it writes; the lock keeps the other from writing in between."""
    sandbox.set_branch(LIST, "free", sandbox.head(LIST))
    sandbox.commit(LIST, {POLICY_PATH: None}, branch="free")
    other = sandbox.open_pull_from(LIST, pull.head_repository, pull.head_ref, base="free")
    gate = sandbox.hold("/check-runs$", method="GET")
    threads = [
        threading.Thread(target=service.evaluate, args=(ref_of(sandbox), item.number))
        for item in (pull, other)
    ]
    for thread in threads:
        thread.start()
    assert gate.waiting.wait(10)
    gate.release()
    for thread in threads:
        thread.join()
    assert sandbox.check_runs(LIST, pull.head_sha)[-1].conclusion == "failure"


def test_a_deleted_comment_is_not_repeated(
    sandbox: Sandbox, service: PullRequests, pull: Pull, database: Engine
) -> None:
    """A maintainer who deletes it does not get the same again, also after a push; a new fault is written."""
    with database.begin() as connection:
        pull_state.request(connection, PullKey(ref_of(sandbox).id, pull.number))
    service.evaluate(ref_of(sandbox), pull.number)
    (comment,) = sandbox.bot_comments(pull)
    sandbox.delete_comment(comment, by="curator")
    service.evaluate(ref_of(sandbox), pull.number)
    pull = sandbox.push(pull, {"NOTES.md": "x"})
    assert service.evaluate(ref_of(sandbox), pull.number).verdict == "fail"
    assert sandbox.bot_comments(pull) == []
    sandbox.push(pull, {"README.md": appended(WITHOUT_LINK)})
    service.evaluate(ref_of(sandbox), pull.number)
    assert len(sandbox.bot_comments(pull)) == 1


@pytest.mark.parametrize(
    ("fault", "until"),
    [
        ({"status": 403}, False),
        ({"status": 502}, False),
        ({"drop": True}, False),
        ({"status": 429, "headers": {"Retry-After": "60"}}, True),
    ],
)
def test_a_comment_that_fails_leaves_the_verdict(
    sandbox: Sandbox, service: PullRequests, pull: Pull, fault: dict[str, object], until: bool
) -> None:
    """The check is published; the comment is tried again, at the time that GitHub names."""
    sandbox.faults.add("POST", "/comments$", **fault)  # type: ignore[arg-type]  # the faults above
    outcome = service.evaluate(ref_of(sandbox), pull.number)
    assert (outcome.verdict, bool(outcome.refused), outcome.refused_until is not None) == (
        "fail",
        True,
        until,
    )
    assert sandbox.check_runs(LIST, pull.head_sha)[-1].conclusion == "failure"
