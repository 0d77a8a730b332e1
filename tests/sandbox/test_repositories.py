"""Files, refs, commits and comparisons come from real git."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import requests
from github import GithubException, UnknownObjectException

from tests.sandbox.conftest import LIST, README

if TYPE_CHECKING:
    from github.Repository import Repository

    from tests.sandbox import Sandbox


def test_a_file_is_read_at_a_branch_and_at_a_commit(sandbox: Sandbox, repository: Repository) -> None:
    """The same path gives the old content and the current one."""
    before = sandbox.head(LIST)
    sandbox.commit(LIST, {"README.md": "# Now\n"})
    old, new = (
        repository.get_contents("README.md", ref=before),
        repository.get_contents("README.md", ref="master"),
    )
    assert not isinstance(old, list)
    assert not isinstance(new, list)
    assert (old.decoded_content, new.decoded_content) == (README.encode(), b"# Now\n")


def test_a_path_with_a_space_and_a_folder_are_read(repository: Repository) -> None:
    """A folder lists its entries, and a quoted path finds its file."""
    found = repository.get_contents("docs/read me.md")
    listed = repository.get_contents("docs")
    assert not isinstance(found, list)
    assert isinstance(listed, list)
    assert (found.size, [item.path for item in listed]) == (2, ["docs/read me.md"])


def test_the_root_folder_is_listed(repository: Repository) -> None:
    """The empty path is the root."""
    listed = repository.get_contents("")
    assert isinstance(listed, list)
    assert [(item.path, item.type) for item in listed] == [("README.md", "file"), ("docs", "dir")]


def test_a_missing_file_and_a_missing_ref_are_not_found(repository: Repository) -> None:
    """Both are 404."""
    for path, ref in (("nothing.md", "master"), ("README.md", "no-such-branch")):
        with pytest.raises(GithubException) as caught:
            repository.get_contents(path, ref=ref)
        assert caught.value.status == 404


@pytest.mark.parametrize("path", [":(glob)*", "-r", "docs/read me.md/x"])
def test_a_strange_path_is_just_not_there(repository: Repository, path: str) -> None:
    """Nothing in a path or a ref is taken for an option or a pattern."""
    with pytest.raises(GithubException) as caught:
        repository.get_contents(path)
    assert caught.value.status == 404
    with pytest.raises(GithubException) as caught:
        repository.get_contents("README.md", ref=path)
    assert caught.value.status == 404


def test_a_file_over_a_megabyte_comes_without_its_content(sandbox: Sandbox, repository: Repository) -> None:
    """Its encoding is `none`; the blob gives the bytes."""
    big = "x" * 1_000_001
    sandbox.commit(LIST, {"big.txt": big})
    found = repository.get_contents("big.txt")
    assert not isinstance(found, list)
    assert (found.encoding, found.content, found.size) == ("none", "", len(big))
    assert repository.get_git_blob(found.sha).size == len(big)


def test_an_unknown_blob_is_not_found(repository: Repository) -> None:
    """A SHA nothing has is 404, text that is no SHA is 422."""
    for sha, status in (("0" * 40, 404), ("abc", 422)):
        with pytest.raises(GithubException) as caught:
            repository.get_git_blob(sha)
        assert caught.value.status == status


def test_a_branch_with_a_slash_is_found(sandbox: Sandbox, repository: Repository) -> None:
    """Refs, branches and commits all take a name with a slash."""
    sha = sandbox.commit(LIST, {"a.md": "a\n"}, branch="feature/one")
    assert repository.get_git_ref("heads/feature/one").object.sha == sha
    assert repository.get_branch("feature/one").commit.sha == sha
    assert repository.get_commit("feature/one").sha == sha
    with pytest.raises(GithubException):
        repository.get_branch("feature/two")


def test_a_commit_shows_its_files(sandbox: Sandbox, repository: Repository) -> None:
    """Added, changed and removed lines are counted as git counts them."""
    sha = sandbox.commit(LIST, {"README.md": README + "- four\n", "docs/read me.md": None})
    commit = repository.get_commit(sha)
    assert {item.filename: item.status for item in commit.files} == {
        "README.md": "modified",
        "docs/read me.md": "removed",
    }
    assert (commit.stats.additions, commit.stats.deletions) == (1, 1)


def test_a_branch_behind_its_base_compares_from_its_merge_base(
    sandbox: Sandbox, repository: Repository
) -> None:
    """What the base gained since is no part of the comparison."""
    start = sandbox.head(LIST)
    sandbox.commit(LIST, {"README.md": README + "- base's own\n"})
    pull = sandbox.open_pull(LIST, {"docs/new.md": "new\n"}, start=start)
    comparison = repository.compare("master", pull.head_sha)
    assert (comparison.status, comparison.ahead_by, comparison.behind_by) == ("diverged", 1, 1)
    assert comparison.merge_base_commit.sha == start
    assert [item.filename for item in comparison.files] == ["docs/new.md"]


def test_a_forks_branch_can_be_compared_by_its_label(sandbox: Sandbox, repository: Repository) -> None:
    """`owner:branch` names the branch of a fork."""
    pull = sandbox.open_pull(LIST, {"README.md": README + "- four\n"}, author="ann", branch="topic")
    assert repository.compare("master", "ann:topic").ahead_by == 1
    assert repository.compare("curator:master", "ann:topic").commits[0].sha == pull.head_sha


def test_a_comparison_with_nothing_is_not_found(repository: Repository) -> None:
    """Either end unknown is 404."""
    with pytest.raises(UnknownObjectException):
        repository.compare("master", "nowhere")


def test_a_rename_is_shown_with_its_old_name(sandbox: Sandbox, repository: Repository) -> None:
    """Git's rename detection is GitHub's."""
    before = sandbox.head(LIST)
    sha = sandbox.commit(LIST, {"docs/read me.md": None, "docs/renamed.md": "x\n"})
    changed = repository.compare(before, sha).files[0]
    assert (changed.status, changed.filename, changed.previous_filename) == (
        "renamed",
        "docs/renamed.md",
        "docs/read me.md",
    )


def test_a_known_etag_is_answered_not_modified_and_costs_nothing(
    sandbox: Sandbox, repository: Repository
) -> None:
    """A conditional request gets an empty 304 until the answer changes."""
    token = sandbox.installation_token(LIST)
    headers = {"Authorization": f"token {token}"}
    url = f"{repository.url}/contents/README.md"
    first = requests.get(url, headers=headers, timeout=10)
    again = requests.get(url, headers=headers | {"If-None-Match": first.headers["ETag"]}, timeout=10)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["X-RateLimit-Used"] == first.headers["X-RateLimit-Used"]
    sandbox.commit(LIST, {"README.md": "# New\n"})
    changed = requests.get(url, headers=headers | {"If-None-Match": first.headers["ETag"]}, timeout=10)
    assert changed.status_code == 200
    assert int(changed.headers["X-RateLimit-Remaining"]) == int(first.headers["X-RateLimit-Remaining"]) - 1
