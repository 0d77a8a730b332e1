"""A pull request is read as it is now, whatever GitHub leaves out."""

from __future__ import annotations

from typing import Any

import pytest
from github.Repository import Repository

from bot.github import fetch
from bot.github.errors import GitHubRefused, GitHubUnavailable
from bot.github.fetch import GHOST, ChangedFile, NoCommonCommit, compare, pull_request
from tests.bot.github.conftest import LIST, README
from tests.sandbox import Pull, Sandbox

COMPARE = "/compare/"


def test_pull_request_of_a_fork_is_read_in_the_base_repository(
    sandbox: Sandbox, repository: Repository, pull: Pull
) -> None:
    """Title, author, commits, changed files, and the repositories by name and id."""
    read = pull_request(repository, pull.number)
    assert (read.number, read.title, read.author) == (pull.number, pull.title, "ann")
    assert read.author_id == sandbox.state.account("ann").id
    assert (read.head_sha, read.head_repository, read.head_ref) == (pull.head_sha, "ann/list", pull.head_ref)
    assert read.base_sha == read.merge_base_sha == sandbox.head(LIST)
    assert (read.repository_id, read.repository_name) == (sandbox.state.repositories[LIST].id, LIST)
    assert read.head_repository_id == sandbox.state.repositories["ann/list"].id
    assert read.from_fork
    assert read.open
    assert not read.draft
    assert read.body == (pull.body or "")
    assert read.repository_url.endswith(f"/{LIST}")
    assert read.files is not None
    (file,) = read.files
    assert (file.path, file.previous_path, file.status) == ("README.md", None, "modified")
    assert "+- two" in file.patch


def test_branch_of_the_repository_itself_is_not_a_fork(sandbox: Sandbox, repository: Repository) -> None:
    """Head and base repository have the same id."""
    pull = sandbox.open_pull(LIST, {"README.md": "x"}, from_fork=False)
    assert not pull_request(repository, pull.number).from_fork


def test_branch_behind_its_base_has_its_own_merge_base(sandbox: Sandbox, repository: Repository) -> None:
    """Commits that the base gained meanwhile are not part of the change."""
    start = sandbox.head(LIST)
    tip = sandbox.commit(LIST, {"README.md": README + "- base\n"})
    pull = sandbox.open_pull(LIST, {"README.md": README + "- two\n"}, author="ann", start=start)
    read = pull_request(repository, pull.number)
    assert (read.merge_base_sha, read.base_sha) == (start, tip)


def test_base_is_the_head_of_its_branch(sandbox: Sandbox, repository: Repository, pull: Pull) -> None:
    """GitHub's own base.sha does not follow the branch."""
    tip = sandbox.commit(LIST, {"README.md": README + "- base\n"})
    assert sandbox.pull(pull).base_sha != tip
    assert pull_request(repository, pull.number).base_sha == tip


def test_draft_and_closed_pull_requests_are_marked(
    sandbox: Sandbox, repository: Repository, pull: Pull
) -> None:
    """A draft is marked as one; a closed pull request is not open."""
    sandbox.convert_to_draft(pull)
    assert pull_request(repository, pull.number).draft
    sandbox.close_pull(pull)
    assert not pull_request(repository, pull.number).open


def test_missing_pull_request_is_refused(repository: Repository) -> None:
    """The status is 404."""
    with pytest.raises(GitHubRefused) as refusal:
        pull_request(repository, 99)
    assert refusal.value.status == 404


@pytest.mark.parametrize(
    ("edit", "field", "value"),
    [
        (lambda body: body | {"user": None}, "author", GHOST),
        (lambda body: body | {"user": None}, "author_id", None),
        (lambda body: body | {"body": None}, "body", ""),
        (lambda body: body | {"head": body["head"] | {"repo": None}}, "head_repository", None),
        (lambda body: body | {"head": body["head"] | {"repo": None}}, "from_fork", True),
    ],
)
def test_null_is_read_where_github_allows_it(
    sandbox: Sandbox, repository: Repository, pull: Pull, edit: Any, field: str, value: object
) -> None:
    """The author, the fork and the description may be deleted; the change is read all the same."""
    sandbox.faults.add("GET", f"/pulls/{pull.number}$", edit=edit)
    read = pull_request(repository, pull.number)
    assert getattr(read, field) == value
    assert read.head_sha == pull.head_sha


@pytest.mark.parametrize(
    ("path", "edit"),
    [
        ("/pulls/1$", lambda body: {"number": body["number"]}),
        ("/pulls/1$", lambda body: body | {"head": None}),
        ("/pulls/1$", lambda body: body | {"head": body["head"] | {"sha": "master"}}),
        ("/pulls/1$", lambda _body: []),
        ("/branches/master$", lambda body: body | {"commit": {}}),
        (COMPARE, lambda body: body | {"merge_base_commit": None}),
        (COMPARE, lambda body: body | {"files": [{"filename": 7}]}),
    ],
)
@pytest.mark.usefixtures("pull")
def test_incomplete_answer_is_unavailable(
    sandbox: Sandbox, repository: Repository, path: str, edit: Any
) -> None:
    """An answer without the fields needed is an outage, not a crash."""
    sandbox.faults.add("GET", path, edit=edit, times=None)
    sandbox.faults.add("GET", "/commits$", status=503, times=None)
    with pytest.raises(GitHubUnavailable):
        pull_request(repository, 1)


def test_renamed_and_removed_files_are_listed(sandbox: Sandbox, repository: Repository) -> None:
    """A rename has both paths."""
    base = sandbox.head(LIST)
    head = sandbox.commit(LIST, {"README.md": None, "LIST.md": README, ".github/papergate.yml": None})
    files = compare(repository, base, head).files
    assert files is not None
    assert {(item.path, item.previous_path, item.status) for item in files} == {
        ("LIST.md", "README.md", "renamed"),
        (".github/papergate.yml", None, "removed"),
    }


def test_files_are_unknown_if_github_lists_the_maximum(
    sandbox: Sandbox, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There may be more; one file fewer is a complete list."""
    base = sandbox.head(LIST)
    head = sandbox.commit(LIST, {f"{number}.md": "x\n" for number in range(3)})
    monkeypatch.setattr(fetch, "MOST_FILES", 3)
    assert compare(repository, base, head).files is None
    monkeypatch.setattr(fetch, "MOST_FILES", 4)
    assert len(compare(repository, base, head).files or ()) == 3
    assert compare(repository, head, head).files == ()


@pytest.mark.parametrize("status", [422, 500, 503])
def test_merge_base_is_found_without_a_comparison(
    sandbox: Sandbox, repository: Repository, status: int
) -> None:
    """GitHub cannot compare two commits that differ too much; their histories are read instead."""
    start = sandbox.head(LIST)
    sandbox.commit(LIST, {"README.md": README + "- base\n"})
    pull = sandbox.open_pull(LIST, {"README.md": "x"}, author="ann", start=start)
    pull = sandbox.push(pull, {"README.md": "y"})
    sandbox.faults.add("GET", COMPARE, status=status, times=None)
    read = pull_request(repository, pull.number)
    assert (read.merge_base_sha, read.files) == (start, None)


def test_search_for_the_merge_base_is_limited(
    sandbox: Sandbox, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If no common commit is found, the author is told what to do."""
    start = sandbox.head(LIST)
    sandbox.commit(LIST, {"README.md": "base"})
    pull = sandbox.open_pull(LIST, {"README.md": "x"}, author="ann", start=start)
    sandbox.faults.add("GET", COMPARE, status=422, times=None)
    monkeypatch.setattr(fetch, "MOST_COMMITS", 1)
    with pytest.raises(NoCommonCommit, match="Rebase it on the base branch"):
        pull_request(repository, pull.number)
    monkeypatch.setattr(fetch, "MOST_COMMITS", 2)
    assert pull_request(repository, pull.number).merge_base_sha == start


def test_unrelated_history_is_explained(sandbox: Sandbox, repository: Repository, pull: Pull) -> None:
    """The message says what to do, and carries GitHub's request id."""
    git = sandbox.state.gits["ann/list"]
    signature = sandbox.state.signature("ann")
    orphan = git.write_commit(git.read_commit(pull.head_sha).tree, (), "Alone", signature, signature)
    sandbox.set_branch("ann/list", pull.head_ref, orphan)
    with pytest.raises(NoCommonCommit, match="no commit in common") as refusal:
        pull_request(repository, pull.number)
    assert refusal.value.request_id in str(refusal.value)


def test_rate_limit_of_a_comparison_is_not_worked_around(
    sandbox: Sandbox, repository: Repository, pull: Pull
) -> None:
    """GitHub asked to wait, so nothing else is requested."""
    sandbox.faults.add("GET", COMPARE, status=429, headers={"Retry-After": "1"})
    with pytest.raises(GitHubUnavailable) as limited:
        pull_request(repository, pull.number)
    assert limited.value.retry_at is not None
    assert sandbox.log.find("GET", "/commits$") == []


def test_missing_commit_is_refused(repository: Repository) -> None:
    """A comparison with an unknown commit is a refusal of its own."""
    with pytest.raises(GitHubRefused) as refusal:
        compare(repository, "1" * 40, "2" * 40)
    assert refusal.value.status == 404
    assert not isinstance(refusal.value, NoCommonCommit)


def test_changed_file_without_a_patch_has_an_empty_one(sandbox: Sandbox, repository: Repository) -> None:
    """GitHub sends no patch for large and binary files."""
    base = sandbox.head(LIST)
    head = sandbox.commit(LIST, {"a.bin": b"\0\1"})
    assert compare(repository, base, head).files == (ChangedFile("a.bin", None, "added", ""),)
