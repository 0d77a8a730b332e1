"""The merge queue: entries are stacked, announced to the App, and merged only after its check."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.sandbox.conftest import LIST, README
from tests.sandbox.queue_actions import REQUIRED_CHECK

if TYPE_CHECKING:
    from github.Repository import Repository

    from tests.sandbox import Pull, Sandbox
    from tests.sandbox.model import MergeGroup
    from tests.sandbox.receiver import Receiver


@pytest.fixture
def pulls(sandbox: Sandbox) -> list[Pull]:
    """Two pull requests that do not conflict, one of them from a fork."""
    first = sandbox.open_pull(LIST, {"README.md": "- zero\n" + README}, author="ann")
    return [first, sandbox.open_pull(LIST, {"docs/b.md": "b\n"}, author="bob", from_fork=False)]


def judge(repository: Repository, group: MergeGroup, conclusion: str = "success") -> None:
    repository.create_check_run(REQUIRED_CHECK, group.head_sha, status="completed", conclusion=conclusion)


def sent(sandbox: Sandbox, receiver: Receiver) -> list[tuple[str, Any]]:
    """Return the events so far, those about check suites and runs left out."""
    sandbox.webhooks.settle()
    taken = [(item.headers["x-github-event"], json.loads(item.body)) for item in receiver.received]
    receiver.received.clear()
    return [(event, body) for event, body in taken if not event.startswith("check")]


def names(events: list[tuple[str, Any]]) -> list[tuple[str, str | None]]:
    return [(event, body.get("action")) for event, body in events]


def test_an_entry_is_the_merge_with_all_before_it(
    sandbox: Sandbox, repository: Repository, pulls: list[Pull]
) -> None:
    """The second is built on the first: its tree has the changes of both."""
    one, two = [sandbox.enqueue(pull) for pull in pulls]
    assert one.base_sha == sandbox.head(LIST)
    assert two.base_sha == one.head_sha
    assert one.head_ref == f"refs/heads/gh-readonly-queue/master/pr-{pulls[0].number}-{one.base_sha}"
    seen = repository.get_commit(two.head_sha)
    assert [item.sha for item in seen.parents] == [one.head_sha, pulls[1].head_sha]
    assert sandbox.read_file(LIST, "README.md", ref=two.head_sha).startswith("- zero\n")
    assert sandbox.read_file(LIST, "docs/b.md", ref=two.head_sha) == "b\n"
    assert repository.get_git_ref(two.head_ref.removeprefix("refs/")).object.sha == two.head_sha
    (suite,) = seen.get_check_suites()
    assert f"refs/heads/{suite.head_branch}" == two.head_ref
    assert sandbox.merge_groups(LIST) == [one, two]


def test_the_app_is_asked_for_its_checks(sandbox: Sandbox, pulls: list[Pull], receiver: Receiver) -> None:
    """The branch is pushed, then `checks_requested` names its head, base and commit."""
    group = sandbox.enqueue(pulls[0], by="curator")
    events = sent(sandbox, receiver)
    assert names(events) == [
        ("pull_request", "enqueued"),
        ("push", None),
        ("merge_group", "checks_requested"),
    ]
    asked = events[-1][1]
    assert asked["sender"]["type"] == "Bot"
    assert asked["merge_group"]["head_commit"]["id"] == asked["merge_group"]["head_sha"] == group.head_sha
    assert (asked["merge_group"]["base_sha"], asked["merge_group"]["base_ref"]) == (
        sandbox.head(LIST),
        "refs/heads/master",
    )
    assert asked["merge_group"]["head_ref"] == group.head_ref


def test_an_entry_merges_after_the_required_check(
    sandbox: Sandbox, repository: Repository, pulls: list[Pull], receiver: Receiver
) -> None:
    """Not before, not after a failure, and not ahead of the first."""
    one, two = [sandbox.enqueue(pull) for pull in pulls]
    judge(repository, two)
    with pytest.raises(ValueError, match="not the first"):
        sandbox.merge_group(two)
    with pytest.raises(ValueError, match="is missing"):
        sandbox.merge_group(one)
    judge(repository, one, "failure")
    with pytest.raises(ValueError, match="is failure"):
        sandbox.merge_group(one)
    judge(repository, one)
    sent(sandbox, receiver)
    assert sandbox.merge_group(one).merge_commit_sha == one.head_sha
    events = sent(sandbox, receiver)
    assert names(events) == [("pull_request", "closed"), ("push", None), ("merge_group", "destroyed")]
    assert events[0][1]["pull_request"]["merged"]
    assert events[1][1]["ref"] == "refs/heads/master"
    assert events[2][1]["reason"] == "merged"
    sandbox.merge_group(two)
    assert sandbox.head(LIST) == two.head_sha
    assert sandbox.merge_groups(LIST) == []
    assert all(repository.get_pull(pull.number).merged for pull in pulls)


@pytest.mark.parametrize(("reason", "why"), [("dequeued", "MANUAL"), ("invalidated", "CI_FAILURE")])
def test_those_behind_a_destroyed_entry_are_built_anew(
    sandbox: Sandbox, repository: Repository, pulls: list[Pull], receiver: Receiver, reason: str, why: str
) -> None:
    """They stand on the base again, under another head, and their old ones are gone."""
    one, two = [sandbox.enqueue(pull) for pull in pulls]
    sent(sandbox, receiver)
    (again,) = sandbox.destroy_group(one, reason)
    assert again.base_sha == sandbox.head(LIST)
    assert again.head_sha != two.head_sha
    assert sandbox.read_file(LIST, "README.md", ref=again.head_sha) == README
    events = sent(sandbox, receiver)
    assert names(events) == [
        ("pull_request", "dequeued"),
        ("merge_group", "destroyed"),
        ("merge_group", "destroyed"),
        ("push", None),
        ("merge_group", "checks_requested"),
    ]
    assert events[0][1]["reason"] == why
    assert [body["reason"] for _, body in events[1:3]] == [reason, "invalidated"]
    assert sandbox.state.gits[LIST].resolve(two.head_ref) is None
    judge(repository, again)
    assert sandbox.merge_group(again).number == pulls[1].number


def test_an_entry_whose_base_moved_on_cannot_merge(
    sandbox: Sandbox, repository: Repository, pulls: list[Pull]
) -> None:
    """A commit past the queue is not lost."""
    group = sandbox.enqueue(pulls[0])
    judge(repository, group)
    moved = sandbox.commit(LIST, {"docs/c.md": "c\n"})
    with pytest.raises(ValueError, match="moved on"):
        sandbox.merge_group(group)
    assert sandbox.head(LIST) == moved


def test_a_conflict_with_the_queue_is_refused(sandbox: Sandbox, pulls: list[Pull]) -> None:
    """Also if there is no conflict with the base."""
    sandbox.enqueue(pulls[0])
    other = sandbox.open_pull(LIST, {"README.md": "- nought\n" + README}, author="cat")
    with pytest.raises(ValueError, match="conflicts"):
        sandbox.enqueue(other)
    assert len(sandbox.merge_groups(LIST)) == 1
