"""A commit is made only on top of the head that was evaluated."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Thread

import pytest
from github.Repository import Repository

from bot.github.app import App as Client
from bot.github.errors import GitHubUnavailable
from bot.github.push import Change, PushRefused, commit_change, message_of
from tests.bot.github.conftest import LIST, POLICY, README
from tests.sandbox import Pull, Sandbox
from tests.sandbox.app import WRITING_PERMISSIONS, App
from tests.sandbox.contract import load_contract

MESSAGE = "Correct 1 entry\n\nCo-authored-by: sam <7+sam@users.noreply.github.com>\n"
TEXT = "\ufeff# List\r\n\r\n- один\r\n- two"
CHANGE = Change("README.md", TEXT, MESSAGE)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A sandbox whose App may write to contents."""
    with Sandbox(app=App(permissions=WRITING_PERMISSIONS), contract=load_contract()) as running:
        running.create_repository(
            LIST,
            {"README.md": README, "docs/list.md": README, ".github/papergate.yml": POLICY},
        )
        yield running
        assert running.violations == []


@pytest.fixture
def app(sandbox: Sandbox) -> Client:
    """The App."""
    return Client(sandbox.app.id, sandbox.app.private_key, api_url=sandbox.url, timeout=5)


@pytest.fixture
def pull(sandbox: Sandbox) -> Pull:
    """A pull request from a branch of the repository itself."""
    return sandbox.open_pull(LIST, {"README.md": README + "- two\n"}, author="curator", from_fork=False)


def test_commit_becomes_the_branch_head(sandbox: Sandbox, repository: Repository, pull: Pull) -> None:
    """One commit on top, the file byte for byte as given, by the App with the maintainer as co-author."""
    sha = commit_change(repository, pull.head_ref, pull.head_sha, CHANGE)
    assert sandbox.pull(pull).head_sha == sha
    assert sandbox.parent(LIST, sha) == pull.head_sha
    assert repository.get_contents("README.md", ref=sha).decoded_content == TEXT.encode()  # type: ignore[union-attr]  # a file
    commit = repository.get_git_commit(sha)
    assert commit.author.name == sandbox.app.bot_login
    assert message_of(repository, sha).strip() == MESSAGE.strip()


def test_commit_changes_only_the_given_file(sandbox: Sandbox, repository: Repository, pull: Pull) -> None:
    """Files beside it, also in the same folder, stay as they are."""
    sha = commit_change(repository, pull.head_ref, pull.head_sha, Change("docs/list.md", "new\n", MESSAGE))
    assert [file.filename for file in repository.get_commit(sha).files] == ["docs/list.md"]
    assert sandbox.read_file(LIST, "docs/list.md", ref=sha) == "new\n"


def test_nothing_is_committed_when_the_branch_has_moved(
    sandbox: Sandbox, repository: Repository, pull: Pull
) -> None:
    """The branch's head is not the one that was evaluated."""
    pushed = sandbox.push(pull, {"README.md": README + "- three\n"})
    before = len(sandbox.log.writes())
    with pytest.raises(PushRefused, match="the branch moved on"):
        commit_change(repository, pull.head_ref, pull.head_sha, CHANGE)
    assert sandbox.pull(pull).head_sha == pushed.head_sha
    assert len(sandbox.log.writes()) == before


def test_push_between_reading_and_writing_is_kept(
    sandbox: Sandbox, repository: Repository, pull: Pull
) -> None:
    """A push that arrives at the last moment stays the head."""
    gate = sandbox.hold("/git/refs/", method="PATCH")
    raised: list[str] = []

    def commit() -> None:
        try:
            commit_change(repository, pull.head_ref, pull.head_sha, CHANGE)
        except PushRefused as refused:
            raised.append(refused.why)

    committing = Thread(target=commit)
    committing.start()
    assert gate.waiting.wait(10)
    pushed = sandbox.push(pull, {"README.md": README + "- three\n"})
    gate.release()
    committing.join(10)
    assert raised == ["the branch moved on"]
    assert sandbox.pull(pull).head_sha == pushed.head_sha


def test_deleted_branch_is_not_recreated(repository: Repository, pull: Pull) -> None:
    """Nothing is committed to a branch that does not exist."""
    with pytest.raises(PushRefused, match="the branch moved on"):
        commit_change(repository, "no-such-branch", pull.head_sha, CHANGE)


def test_read_only_app_commits_nothing(sandbox: Sandbox, repository: Repository, pull: Pull) -> None:
    """The reason says that the permission is missing."""
    sandbox.grant(LIST, {**WRITING_PERMISSIONS, "contents": "read"})
    with pytest.raises(PushRefused, match="no permission"):
        commit_change(repository, pull.head_ref, pull.head_sha, CHANGE)
    assert sandbox.pull(pull).head_sha == pull.head_sha


def test_branch_protection_is_reported(sandbox: Sandbox, repository: Repository, pull: Pull) -> None:
    """The reason says that a rule of the branch refused the commit."""
    sandbox.faults.add(
        "PATCH", "/git/refs/", status=422, body='{"message": "Repository rule violations found"}'
    )
    with pytest.raises(PushRefused, match="a rule of the branch"):
        commit_change(repository, pull.head_ref, pull.head_sha, CHANGE)


def test_server_error_is_not_a_refusal(sandbox: Sandbox, repository: Repository, pull: Pull) -> None:
    """The caller can try again later."""
    sandbox.faults.add("POST", "/git/trees", status=502)
    with pytest.raises(GitHubUnavailable):
        commit_change(repository, pull.head_ref, pull.head_sha, CHANGE)
