"""What is read of a pull request is what it changes, whatever its branch lacks."""

from __future__ import annotations

import json

import pytest
import requests
from github.Repository import Repository

from bot.github.errors import GitHubRefused
from bot.github.fetch import (
    POLICY_PATH,
    PolicyUnreadable,
    TooLarge,
    file_at,
    list_files,
    policy_text,
    pull_request,
)
from tests.bot.github.conftest import LIST, POLICY, README
from tests.sandbox import Pull, Sandbox


def test_pull_request_of_a_fork_is_read_in_the_base_repository(
    sandbox: Sandbox, repository: Repository, pull: Pull
) -> None:
    """Title, author, commits and where it comes from."""
    read = pull_request(repository, pull.number)
    assert (read.number, read.title, read.author) == (pull.number, pull.title, "ann")
    assert (read.head_sha, read.head_repository) == (pull.head_sha, "ann/list")
    assert read.base_sha == read.merge_base_sha == sandbox.head(LIST)
    assert read.open
    assert not read.draft
    assert read.body == (pull.body or "")
    assert read.repository_url.endswith(f"/{LIST}")
    files = list_files(repository, "README.md", read)
    assert (files.merge_base, files.base, files.head) == (
        README.encode(),
        README.encode(),
        (README + "- two\n").encode(),
    )
    assert files.changed


def test_branch_behind_its_base_has_its_own_merge_base(sandbox: Sandbox, repository: Repository) -> None:
    """What the base gained meanwhile is no change of the pull request."""
    start = sandbox.head(LIST)
    tip = sandbox.commit(LIST, {"README.md": README + "- base\n"})
    pull = sandbox.open_pull(LIST, {"README.md": README + "- two\n"}, author="ann", start=start)
    read = pull_request(repository, pull.number)
    assert (read.merge_base_sha, read.base_sha) == (start, tip)
    files = list_files(repository, "README.md", read)
    assert (files.merge_base, files.base) == (README.encode(), (README + "- base\n").encode())


def test_base_is_the_tip_of_its_branch(sandbox: Sandbox, repository: Repository, pull: Pull) -> None:
    """GitHub's own base.sha stays behind when the branch moves on; the evaluation does not."""
    tip = sandbox.commit(LIST, {"README.md": README + "- base\n"})
    assert sandbox.pull(pull).base_sha != tip
    assert pull_request(repository, pull.number).base_sha == tip


def test_draft_and_closed_are_told(sandbox: Sandbox, repository: Repository, pull: Pull) -> None:
    """A draft is marked as one, a closed pull request is not open."""
    sandbox.convert_to_draft(pull)
    assert pull_request(repository, pull.number).draft
    sandbox.close_pull(pull)
    assert not pull_request(repository, pull.number).open


def test_deleted_fork_is_survived(sandbox: Sandbox, repository: Repository, pull: Pull) -> None:
    """A head repository that is gone leaves the commits readable and the name unknown."""
    token = next(iter(sandbox.state.tokens), None) or repository._requester.auth.token  # type: ignore[union-attr]  # set
    address = f"{sandbox.url}/repos/{LIST}/pulls/{pull.number}"
    body = requests.get(address, headers={"Authorization": f"Bearer {token}"}, timeout=5).json()
    body["head"]["repo"] = None
    sandbox.faults.add("GET", f"/pulls/{pull.number}$", status=200, body=json.dumps(body))
    read = pull_request(repository, pull.number)
    assert read.head_repository is None
    assert list_files(repository, "README.md", read).changed


def test_other_files_leave_the_list_unchanged(sandbox: Sandbox, repository: Repository) -> None:
    """A pull request that does not touch the list says so."""
    pull = sandbox.open_pull(LIST, {"docs/note.md": "x"}, author="ann")
    assert not list_files(repository, "README.md", pull_request(repository, pull.number)).changed


def test_list_may_appear_and_disappear(sandbox: Sandbox, repository: Repository) -> None:
    """A missing file is None on the side where it is missing."""
    added = sandbox.open_pull(LIST, {"deep/list of papers.md": "x"}, author="ann")
    files = list_files(repository, "deep/list of papers.md", pull_request(repository, added.number))
    assert (files.merge_base, files.base, files.head) == (None, None, b"x")
    removed = sandbox.open_pull(LIST, {"README.md": None}, author="bob")
    assert list_files(repository, "README.md", pull_request(repository, removed.number)).head is None


def test_large_list_is_marked_and_told_apart(sandbox: Sandbox, repository: Repository) -> None:
    """Over a megabyte GitHub hands out no content; two such files are still told apart."""
    large = "x" * 1_100_000
    sandbox.commit(LIST, {"README.md": large})
    same = sandbox.open_pull(LIST, {"other.md": "x"}, author="ann")
    files = list_files(repository, "README.md", pull_request(repository, same.number))
    assert isinstance(files.head, TooLarge)
    assert files.head.size == 1_100_000
    assert not files.changed
    other = sandbox.open_pull(LIST, {"README.md": large + "y"}, author="bob")
    assert list_files(repository, "README.md", pull_request(repository, other.number)).changed


def test_huge_file_is_marked_too(sandbox: Sandbox, repository: Repository) -> None:
    """Over a hundred megabytes GitHub answers with an error of its own."""
    body = '{"message": "This API returns blobs up to 100 MB in size.", "errors": [{"code": "too_large"}]}'
    sandbox.faults.add("GET", "/contents/README.md$", status=403, body=body)
    assert isinstance(file_at(repository, "README.md", sandbox.head(LIST)), TooLarge)


def test_folder_is_no_file(sandbox: Sandbox, repository: Repository) -> None:
    """A folder in the list's place is no list."""
    assert file_at(repository, ".github", sandbox.head(LIST)) is None


def test_bytes_are_read_as_they_are(sandbox: Sandbox, repository: Repository) -> None:
    """Line ends, marks and bytes that are no UTF-8 come through."""
    content = b"\xef\xbb\xbfa\r\nb\xff"
    sha = sandbox.commit(LIST, {"README.md": content})
    assert file_at(repository, "README.md", sha) == content


def test_policy_comes_from_the_base_alone(sandbox: Sandbox, repository: Repository) -> None:
    """A pull request that rewrites the policy is judged by the one in force."""
    pull = sandbox.open_pull(LIST, {POLICY_PATH: "preset: none\n"}, author="eve")
    assert policy_text(repository, pull_request(repository, pull.number)) == POLICY


def test_missing_policy_is_none(sandbox: Sandbox, repository: Repository) -> None:
    """A repository without a policy is not configured."""
    sandbox.commit(LIST, {POLICY_PATH: None})
    pull = sandbox.open_pull(LIST, {"README.md": "x"}, author="ann")
    assert policy_text(repository, pull_request(repository, pull.number)) is None


@pytest.mark.parametrize(("content", "reason"), [(b"\xff\xfe", "not UTF-8"), ("#" * 1_100_000, "too large")])
def test_policy_that_is_no_text_is_explained(
    sandbox: Sandbox, repository: Repository, content: str | bytes, reason: str
) -> None:
    """Whoever keeps the policy is told what is wrong with the file."""
    sandbox.commit(LIST, {POLICY_PATH: content})
    pull = sandbox.open_pull(LIST, {"README.md": "x"}, author="ann")
    with pytest.raises(PolicyUnreadable, match=reason):
        policy_text(repository, pull_request(repository, pull.number))


def test_missing_pull_request_is_refused(repository: Repository) -> None:
    """A pull request that is not there is an answer, not a failure to ask again."""
    with pytest.raises(GitHubRefused) as refusal:
        pull_request(repository, 99)
    assert refusal.value.status == 404


def test_contents_that_may_not_be_read_are_refused(sandbox: Sandbox, repository: Repository) -> None:
    """A missing permission is not taken for a missing file."""
    sandbox.faults.add(
        "GET", "/contents/", status=403, body='{"message": "Resource not accessible by integration"}'
    )
    with pytest.raises(GitHubRefused):
        file_at(repository, "README.md", sandbox.head(LIST))
