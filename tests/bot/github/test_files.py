"""A file is missing only if the commit says so; anything else than a file is named for what it is."""

from __future__ import annotations

from typing import Any

import pytest
from github.Repository import Repository

from bot.github.errors import GitHubOutdated, GitHubRefused, GitHubUnavailable
from bot.github.fetch import pull_request
from bot.github.files import (
    POLICY_PATH,
    NotAFile,
    PolicyUnreadable,
    TooLarge,
    companion_files,
    file_at,
    hides_list,
    list_files,
    policy_text,
    similar_path,
)
from tests.bot.github.conftest import LIST, POLICY, README
from tests.sandbox import Pull, Sandbox

POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"


def test_list_is_read_at_merge_base_base_and_head(sandbox: Sandbox, repository: Repository) -> None:
    """Entries that the base gained meanwhile are not part of the change."""
    start = sandbox.head(LIST)
    sandbox.commit(LIST, {"README.md": README + "- base\n"})
    pull = sandbox.open_pull(LIST, {"README.md": README + "- two\n"}, author="ann", start=start)
    files = list_files(repository, "README.md", pull_request(repository, pull.number))
    assert (files.merge_base, files.base, files.head) == (
        README.encode(),
        (README + "- base\n").encode(),
        (README + "- two\n").encode(),
    )
    assert files.changed
    assert files.path == "README.md"


def test_list_of_a_deleted_fork_is_read(sandbox: Sandbox, repository: Repository, pull: Pull) -> None:
    """Its commits are in the base repository."""
    sandbox.faults.add(
        "GET", f"/pulls/{pull.number}$", edit=lambda body: body | {"head": body["head"] | {"repo": None}}
    )
    assert list_files(repository, "README.md", pull_request(repository, pull.number)).changed


def test_other_files_leave_the_list_unchanged(sandbox: Sandbox, repository: Repository) -> None:
    """A pull request that does not touch the list says so."""
    pull = sandbox.open_pull(LIST, {"docs/note.md": "x"}, author="ann")
    assert not list_files(repository, "README.md", pull_request(repository, pull.number)).changed


def test_missing_list_is_none_on_its_side(sandbox: Sandbox, repository: Repository) -> None:
    """A list may be added or deleted, also one in a folder and with a space in its name."""
    added = sandbox.open_pull(LIST, {"deep/list of papers.md": "x"}, author="ann")
    files = list_files(repository, "deep/list of papers.md", pull_request(repository, added.number))
    assert (files.merge_base, files.base, files.head) == (None, None, b"x")
    removed = sandbox.open_pull(LIST, {"README.md": None}, author="bob")
    assert list_files(repository, "README.md", pull_request(repository, removed.number)).head is None


def test_list_renamed_on_the_base_is_followed(sandbox: Sandbox, repository: Repository) -> None:
    """A branch that left before the rename changes the file under its former path, as git merges it."""
    start = sandbox.head(LIST)
    sandbox.commit(LIST, {"README.md": None, "papers/LIST.md": README})
    pull = sandbox.open_pull(LIST, {"README.md": README + "- two\n"}, author="ann", start=start)
    files = list_files(repository, "papers/LIST.md", pull_request(repository, pull.number))
    assert files.path == "README.md"
    assert (files.merge_base, files.base, files.head) == (
        README.encode(),
        README.encode(),
        (README + "- two\n").encode(),
    )


def test_list_added_on_the_base_is_not_a_rename(sandbox: Sandbox, repository: Repository) -> None:
    """The branch has no such list, and none is invented."""
    start = sandbox.head(LIST)
    sandbox.commit(LIST, {"LIST.md": "another text altogether\n"})
    pull = sandbox.open_pull(LIST, {"README.md": README + "- two\n"}, author="ann", start=start)
    files = list_files(repository, "LIST.md", pull_request(repository, pull.number))
    assert (files.path, files.merge_base, files.head) == ("LIST.md", None, None)


def test_large_list_is_compared_by_its_hash(sandbox: Sandbox, repository: Repository) -> None:
    """GitHub sends no content over a megabyte; two such files are told apart all the same."""
    large = "x" * 1_100_000
    sandbox.commit(LIST, {"README.md": large})
    same = sandbox.open_pull(LIST, {"other.md": "x"}, author="ann")
    files = list_files(repository, "README.md", pull_request(repository, same.number))
    assert isinstance(files.head, TooLarge)
    assert files.head.size == 1_100_000
    assert not files.changed
    other = sandbox.open_pull(LIST, {"README.md": large + "y"}, author="bob")
    assert list_files(repository, "README.md", pull_request(repository, other.number)).changed


def test_huge_file_is_too_large(sandbox: Sandbox, repository: Repository) -> None:
    """Over a hundred megabytes GitHub answers with an error of its own."""
    body = '{"message": "This API returns blobs up to 100 MB in size.", "errors": [{"code": "too_large"}]}'
    sandbox.faults.add("GET", "/contents/README.md$", status=403, body=body)
    assert isinstance(file_at(repository, "README.md", sandbox.head(LIST)), TooLarge)


def test_folder_is_not_a_file(sandbox: Sandbox, repository: Repository) -> None:
    """It is named, and not taken for a missing file."""
    found = file_at(repository, ".github", sandbox.head(LIST))
    assert isinstance(found, NotAFile)
    assert found.kind == "folder"


@pytest.mark.parametrize("target", ["../outside.md", "/etc/passwd", ".github", "nowhere.md"])
def test_symlink_that_github_does_not_follow_is_named(
    sandbox: Sandbox, repository: Repository, target: str
) -> None:
    """It leads out of the repository, to a folder or to nothing."""
    sha = sandbox.commit_link(LIST, "LIST.md", target)
    found = file_at(repository, "LIST.md", sha)
    assert isinstance(found, NotAFile)
    assert found.kind == "symlink"


def test_symlink_to_a_file_is_followed(sandbox: Sandbox, repository: Repository) -> None:
    """GitHub itself returns the file it leads to."""
    sha = sandbox.commit_link(LIST, "docs/LIST.md", "../README.md")
    assert file_at(repository, "docs/LIST.md", sha) == README.encode()


def test_submodule_is_named(sandbox: Sandbox, repository: Repository) -> None:
    """It is another repository's commit."""
    found = file_at(repository, "papers", sandbox.commit_submodule(LIST, "papers"))
    assert isinstance(found, NotAFile)
    assert found.kind == "submodule"


def test_lfs_pointer_is_named(sandbox: Sandbox, repository: Repository) -> None:
    """Its text is not the list; a long text that begins like a pointer is a file."""
    found = file_at(repository, "LIST.md", sandbox.commit(LIST, {"LIST.md": POINTER}))
    assert isinstance(found, NotAFile)
    assert found.kind == "Git LFS pointer"
    longest = POINTER + "x" * (1024 - len(POINTER))
    assert isinstance(file_at(repository, "a.md", sandbox.commit(LIST, {"a.md": longest})), NotAFile)
    assert (
        file_at(repository, "a.md", sandbox.commit(LIST, {"a.md": longest + "x"})) == (longest + "x").encode()
    )


def test_bytes_are_read_as_they_are(sandbox: Sandbox, repository: Repository) -> None:
    """Line endings, byte order marks and bytes that are not UTF-8 are kept; a file may be empty."""
    content = b"\xef\xbb\xbfa\r\nb\xff"
    assert file_at(repository, "README.md", sandbox.commit(LIST, {"README.md": content})) == content
    assert file_at(repository, "README.md", sandbox.commit(LIST, {"README.md": ""})) == b""


def test_wrong_404_is_not_a_missing_file(sandbox: Sandbox, repository: Repository) -> None:
    """GitHub does not find a file that is in the commit: it is asked again later."""
    for path in ("README.md", POLICY_PATH):
        sandbox.faults.add("GET", f"/contents/{path}$", status=404)
        with pytest.raises(GitHubOutdated, match=path):
            file_at(repository, path, sandbox.head(LIST))


def test_missing_file_is_confirmed_by_the_tree(sandbox: Sandbox, repository: Repository) -> None:
    """If the tree cannot be read either, nothing is known."""
    sha = sandbox.head(LIST)
    assert file_at(repository, "LIST.md", sha) is None
    assert file_at(repository, "deep/LIST.md", sha) is None
    assert file_at(repository, ".github/LIST.md", sha) is None
    sandbox.faults.add("GET", "/git/trees/", status=404)
    with pytest.raises(GitHubRefused):
        file_at(repository, "LIST.md", sha)
    sandbox.faults.add("GET", "/git/trees/", edit=lambda body: body | {"truncated": True})
    with pytest.raises(GitHubUnavailable, match="all files"):
        file_at(repository, "LIST.md", sha)


def test_unknown_commit_is_refused(repository: Repository) -> None:
    """A commit that GitHub does not know has no missing files."""
    with pytest.raises(GitHubRefused):
        file_at(repository, "README.md", "1" * 40)


@pytest.mark.parametrize(
    "edit",
    [
        lambda _body: {"message": "ok"},
        lambda body: body | {"type": "unknown"},
        lambda body: body | {"content": "a"},
        lambda body: body | {"content": ""},
        lambda _body: ["README.md"],
    ],
)
def test_incomplete_answer_is_unavailable(sandbox: Sandbox, repository: Repository, edit: Any) -> None:
    """An odd answer is never a missing or an empty file."""
    sandbox.faults.add("GET", "/contents/", edit=edit, times=None)
    with pytest.raises(GitHubUnavailable):
        file_at(repository, "README.md", sandbox.head(LIST))


def test_contents_without_permission_are_refused(sandbox: Sandbox, repository: Repository) -> None:
    """A missing permission is not a missing file."""
    sandbox.faults.add("GET", "/contents/", status=403)
    with pytest.raises(GitHubRefused):
        file_at(repository, "README.md", sandbox.head(LIST))


@pytest.mark.parametrize(
    ("wanted", "similar"),
    [
        ("readme.md", "README.md"),
        (".GitHub/Papergate.yml", POLICY_PATH),
        ("README.md", None),
        ("LIST.md", None),
        ("docs/LIST.md", None),
    ],
)
def test_path_in_another_case_is_suggested(
    sandbox: Sandbox, repository: Repository, wanted: str, similar: str | None
) -> None:
    """A policy may name the list in the wrong case."""
    assert similar_path(repository, wanted, sandbox.head(LIST)) == similar


def test_readme_that_github_shows_instead_is_noticed(sandbox: Sandbox, repository: Repository) -> None:
    """A pull request that adds it takes the list off the repository's page."""
    hiding = sandbox.open_pull(LIST, {".github/README.md": "x"}, author="eve")
    span = pull_request(repository, hiding.number)
    assert hides_list("README.md", span)
    assert not hides_list("LIST.md", span)
    sandbox.commit(LIST, {".github/README.md": "x"})
    later = sandbox.open_pull(LIST, {".github/README.md": "y"}, author="eve")
    assert not hides_list("README.md", pull_request(repository, later.number))


def test_policy_comes_from_the_base_only(sandbox: Sandbox, repository: Repository) -> None:
    """A pull request that changes the policy is evaluated by the one in force."""
    pull = sandbox.open_pull(LIST, {POLICY_PATH: "preset: none\n"}, author="eve")
    assert policy_text(repository, pull_request(repository, pull.number)) == POLICY


def test_missing_policy_is_none(sandbox: Sandbox, repository: Repository) -> None:
    """A repository without a policy is not configured."""
    sandbox.commit(LIST, {POLICY_PATH: None})
    pull = sandbox.open_pull(LIST, {"README.md": "x"}, author="ann")
    assert policy_text(repository, pull_request(repository, pull.number)) is None


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({POLICY_PATH: b"\xff\xfe"}, "not UTF-8"),
        ({POLICY_PATH: "#" * 1_100_000}, "too large"),
        ({POLICY_PATH: None, f"{POLICY_PATH}/a": "x"}, "is a folder"),
        ({POLICY_PATH: POINTER}, "is a Git LFS pointer"),
    ],
)
def test_policy_that_is_not_text_is_explained(
    sandbox: Sandbox, repository: Repository, files: dict[str, str | bytes | None], reason: str
) -> None:
    """The message names what is wrong with the file."""
    sandbox.commit(LIST, files)
    pull = sandbox.open_pull(LIST, {"README.md": "x"}, author="ann")
    with pytest.raises(PolicyUnreadable, match=reason):
        policy_text(repository, pull_request(repository, pull.number))


def test_companion_is_read_at_merge_base_and_head(sandbox: Sandbox, repository: Repository) -> None:
    """What the base gained meanwhile is not part of the change; a missing file is None."""
    start = sandbox.head(LIST)
    sandbox.commit(LIST, {"list.bib": "base"})
    pull = sandbox.open_pull(LIST, {"list.bib": "head"}, author="ann", start=start)
    span = pull_request(repository, pull.number)
    assert companion_files(repository, "list.bib", span) == (None, b"head")
