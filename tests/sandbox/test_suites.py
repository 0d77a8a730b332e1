"""Check suites: their status follows the App's runs, and starts over when asked for again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from github import UnknownObjectException

from tests.sandbox.conftest import LIST

if TYPE_CHECKING:
    from github.Repository import Repository

    from tests.sandbox import Sandbox


def states(repository: Repository, sha: str) -> list[tuple[str, str | None]]:
    found = [repository.get_check_suite(item.id) for item in repository.get_commit(sha).get_check_suites()]
    return [(item.status, item.raw_data["conclusion"]) for item in found]


def test_a_suite_follows_its_runs(sandbox: Sandbox, repository: Repository) -> None:
    """None before the first run, then in progress, then concluded as the worst of them."""
    sha = sandbox.head(LIST)
    assert states(repository, sha) == []
    run = repository.create_check_run("papergate", sha, status="in_progress")
    assert states(repository, sha) == [("in_progress", None)]
    run.edit(status="completed", conclusion="action_required")
    assert states(repository, "master") == [("completed", "action_required")]


@pytest.mark.parametrize("whole", [True, False])
def test_a_suite_is_queued_again_until_a_new_run(
    sandbox: Sandbox, repository: Repository, whole: bool
) -> None:
    """Re-running one check or all of them resets the suite and leaves the old run as it was."""
    sha = sandbox.head(LIST)
    old = repository.create_check_run("papergate", sha, status="completed", conclusion="failure")
    if whole:
        sandbox.rerequest_suite(LIST, sha, by="curator")
    else:
        sandbox.rerequest_run(sandbox.check_runs(LIST, sha)[0], by="curator")
    assert states(repository, sha) == [("queued", None)]
    assert repository.get_check_run(old.id).conclusion == "failure"
    repository.create_check_run("papergate", sha, status="completed", conclusion="success")
    assert states(repository, sha) == [("completed", "success")]


def test_suites_of_another_app_and_repository_are_not_there(sandbox: Sandbox, repository: Repository) -> None:
    """The list can be narrowed to an App, and a suite belongs to its repository."""
    sha = sandbox.head(LIST)
    repository.create_check_run("papergate", sha)
    (suite,) = repository.get_commit(sha).get_check_suites(app_id=sandbox.app.id)
    assert list(repository.get_commit(sha).get_check_suites(app_id=7)) == []
    sandbox.create_repository("curator/other", {"README.md": "x"})
    with pytest.raises(UnknownObjectException):
        repository.get_check_suite(suite.id + 1)
