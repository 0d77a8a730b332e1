"""Commits by the App: allowed by permission, bound to what was read, announced as pushes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from github import GithubException, GithubIntegration, InputGitAuthor, InputGitTreeElement

from tests.sandbox import App, Sandbox
from tests.sandbox.app import PERMISSIONS, WRITING_PERMISSIONS
from tests.sandbox.conftest import LIST, README
from tests.sandbox.contract import load_contract

if TYPE_CHECKING:
    from github.ContentFile import ContentFile
    from github.Repository import Repository

    from tests.sandbox import Pull
    from tests.sandbox.receiver import Receiver

MESSAGE = "Fix the format\n\nCo-authored-by: ann <ann@example.org>"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A sandbox whose App was registered with the opt-in manifest."""
    with Sandbox(app=App(permissions=WRITING_PERMISSIONS), contract=load_contract()) as made:
        made.create_repository(LIST, {"README.md": README, "docs/read me.md": "x\n"})
        yield made
        made.webhooks.settle()
        assert made.violations == []


@pytest.fixture
def pull(sandbox: Sandbox) -> Pull:
    """A pull request from a branch of the repository itself."""
    files = {"README.md": README + "- four\n"}
    return sandbox.open_pull(LIST, files, from_fork=False, branch="topic", author="ann")


def readme(repository: Repository, ref: str) -> ContentFile:
    found = repository.get_contents("README.md", ref=ref)
    assert not isinstance(found, list)
    return found


def refused(ask: Callable[[], object], status: int, message: str) -> None:
    with pytest.raises(GithubException) as caught:
        ask()
    assert (caught.value.status, message in str(caught.value.data["message"])) == (status, True)


def sent(receiver: Receiver) -> list[tuple[str, Any]]:
    return [(item.headers["x-github-event"], json.loads(item.body)) for item in receiver.received]


def test_a_file_is_committed_to_the_pull_requests_branch(
    sandbox: Sandbox, repository: Repository, pull: Pull, receiver: Receiver
) -> None:
    """The bot is the author and trailers are kept; the events have the bot as sender."""
    made = repository.update_file(
        "README.md", MESSAGE, README + "- 4\n", readme(repository, "topic").sha, branch="topic"
    )
    assert made["commit"].sha == sandbox.pull(pull).head_sha
    commits = list(repository.get_pull(pull.number).get_commits())
    assert [item.sha for item in commits] == [pull.head_sha, made["commit"].sha]
    assert (commits[-1].author.login, commits[-1].commit.author.name) == ("papergate[bot]",) * 2
    assert (commits[-1].commit.committer.name, commits[-1].commit.message) == ("GitHub", MESSAGE)
    assert sandbox.read_file(LIST, "README.md", ref="topic") == README + "- 4\n"
    assert sandbox.read_file(LIST, "docs/read me.md", ref="topic") == "x\n"
    sandbox.webhooks.settle()
    kinds = [(event, body.get("action"), body["sender"]["login"]) for event, body in sent(receiver)]
    assert kinds == [
        ("push", None, "papergate[bot]"),
        ("check_suite", "requested", "papergate[bot]"),
        ("pull_request", "synchronize", "papergate[bot]"),
    ]
    assert sent(receiver)[0][1]["commits"][0]["modified"] == ["README.md"]


def test_a_file_that_changed_meanwhile_is_not_overwritten(
    sandbox: Sandbox, repository: Repository, pull: Pull
) -> None:
    """The blob's SHA has to be the current one: else 409; without one, 422."""
    read = readme(repository, "topic").sha
    moved = sandbox.push(pull, {"README.md": README + "- five\n"})
    refused(
        lambda: repository.update_file("README.md", "m", "x", read, branch="topic"), 409, "does not match"
    )
    refused(lambda: repository.create_file("README.md", "m", "x", branch="topic"), 422, '"sha" wasn\'t')
    assert sandbox.pull(pull) == moved


def test_a_new_file_names_its_people(repository: Repository) -> None:
    """A named author and committer are kept; a branch that is not there is 404."""
    ann, bob = InputGitAuthor("ann", "a@example.org"), InputGitAuthor("Bob B.", "b@example.org")
    made = repository.create_file("new/a b.md", "Add", "x", author=ann, committer=bob)
    found = repository.get_git_commit(made["commit"].sha)
    assert (found.author.email, found.committer.name) == ("a@example.org", "Bob B.")
    refused(lambda: repository.create_file("a.md", "Add", "x", branch="absent"), 404, "Branch absent")


def test_a_commit_is_built_from_objects(sandbox: Sandbox, repository: Repository, pull: Pull) -> None:
    """Blob, tree, commit, ref: on a tree that keeps what is not named and loses what is removed."""
    parent = repository.get_git_commit(pull.head_sha)
    blob = repository.create_git_blob("new\n", "utf-8")
    entries = [
        InputGitTreeElement("README.md", "100644", "blob", sha=blob.sha),
        InputGitTreeElement("docs/read me.md", "100644", "blob", sha=None),
        InputGitTreeElement("docs/b.md", "100644", "blob", content="b\n"),
    ]
    tree = repository.create_git_tree(entries, parent.tree)
    assert [(item.path, item.type) for item in tree.tree] == [("README.md", "blob"), ("docs", "tree")]
    listed = repository.get_git_tree(tree.sha, recursive=True).tree
    assert [item.path for item in listed] == ["README.md", "docs", "docs/b.md"]
    commit = repository.create_git_commit(MESSAGE, tree, [parent])
    assert sandbox.pull(pull).head_sha == pull.head_sha
    repository.get_git_ref("heads/topic").edit(commit.sha)
    assert sandbox.pull(pull).head_sha == commit.sha
    assert sandbox.read_file(LIST, "README.md", ref="topic") == "new\n"


def test_a_branch_only_moves_forward(sandbox: Sandbox, repository: Repository, pull: Pull) -> None:
    """A commit whose parent is not the tip any more is 422, unless forced."""
    ref = repository.get_git_ref("heads/topic")
    parent = repository.get_git_commit(pull.head_sha)
    late = repository.create_git_commit("Late", parent.tree, [parent])
    moved = sandbox.push(pull, {"docs/c.md": "c\n"})
    refused(lambda: ref.edit(late.sha), 422, "Update is not a fast forward")
    refused(lambda: ref.edit("0" * 40), 422, "Object does not exist")
    assert sandbox.pull(pull) == moved
    ref.edit(late.sha, force=True)
    assert sandbox.pull(pull).head_sha == late.sha


def test_objects_that_are_not_there_are_refused(repository: Repository) -> None:
    """A tree of an unknown blob is 422, an unknown tree and commit 404."""
    unknown = InputGitTreeElement("a.md", "100644", "blob", sha="1" * 40)
    refused(lambda: repository.create_git_tree([unknown]), 422, "not a valid blob")
    refused(lambda: repository.get_git_tree("1" * 40), 404, "Not Found")
    refused(lambda: repository.get_git_commit("1" * 40), 404, "Not Found")


def test_a_fork_cannot_be_written_to(sandbox: Sandbox, repository: Repository) -> None:
    """Whatever its owner allows maintainers to do: the App is not installed there."""
    pull = sandbox.open_pull(LIST, {"README.md": README + "- four\n"}, author="ann")
    fork = repository.get_pull(pull.number).head.repo
    sha = readme(fork, pull.head_ref).sha
    refused(lambda: fork.update_file("README.md", "m", "x", sha, branch=pull.head_ref), 403, "not accessible")
    refused(lambda: fork.create_git_blob("x", "utf-8"), 403, "not accessible")
    refused(lambda: fork.get_git_ref(f"heads/{pull.head_ref}").edit(pull.head_sha), 403, "not accessible")


def test_an_installation_may_not_have_accepted_the_permission(
    sandbox: Sandbox, integration: GithubIntegration, receiver: Receiver
) -> None:
    """Its token is refused with 403 until the owner accepts; then an event is sent and it may write."""
    installation = integration.get_repo_installation("curator", "list")
    for permissions, allowed in ((PERMISSIONS, False), (WRITING_PERMISSIONS, True)):
        sandbox.grant(LIST, permissions)
        assert sent(receiver)[-1][1]["action"] == "new_permissions_accepted"
        with integration.get_github_for_installation(installation.id) as github:
            repository = github.get_repo(LIST)
            if allowed:
                assert repository.create_file("a.md", "Add", "x")["commit"].sha == sandbox.head(LIST)
            else:
                refused(lambda: repository.create_file("a.md", "Add", "x"), 403, "not accessible")  # noqa: B023
