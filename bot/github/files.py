"""Read files of a repository at a commit. A file is missing only if the commit's tree says so."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, TypeAdapter

from bot.github.errors import GitHubOutdated, GitHubRefused, GitHubUnavailable
from bot.github.fetch import compare
from bot.github.reading import Sha, checked, quoted, read

if TYPE_CHECKING:
    from github.Repository import Repository

    from bot.github.fetch import Span

POLICY_PATH = ".github/papergate.yml"
SHOWN_INSTEAD = ".github/README.md"
"""GitHub shows this file on the repository's page in place of README.md."""

Kind = Literal["folder", "symlink", "submodule", "Git LFS pointer"]
_LFS = b"version https://git-lfs.github.com/spec/"
_LFS_LONGEST = 1024
"""Bytes of a pointer: https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md"""
_OVER_100_MB = 100_000_000


@dataclass(frozen=True, slots=True)
class TooLarge:
    """A file too large for GitHub to send, known by the SHA of its content; ``size`` is in bytes."""

    sha: str
    size: int


@dataclass(frozen=True, slots=True)
class NotAFile:
    """Something else at a file's path, known by its SHA."""

    sha: str
    kind: Kind


File = bytes | TooLarge | NotAFile | None
"""The content of a file; None if there is nothing at its path."""


@dataclass(frozen=True, slots=True)
class ListFiles:
    """The list at the three commits that matter.

    ``path`` is the list's path at the head: another one than the policy's if the list was renamed on the base
    branch after the pull request's branch had left it.
    """

    path: str
    merge_base: File
    base: File
    head: File

    @property
    def changed(self) -> bool:
        """True if the pull request changes the list."""
        return self.merge_base != self.head


class PolicyUnreadable(ValueError):  # noqa: N818 - named like UnicodeError's reasons
    """The policy file exists but is not text. The message is for its maintainer."""


class _Content(BaseModel):
    type: Literal["file", "dir", "symlink", "submodule"]
    sha: Sha
    size: int
    encoding: str = ""
    content: str = ""


class _Listed(BaseModel):
    path: str


class _Entry(BaseModel):
    path: str
    type: Literal["blob", "tree", "commit"]
    sha: Sha


class _Tree(BaseModel):
    tree: list[_Entry]
    truncated: bool


_FOLDER = TypeAdapter(list[_Listed])
_CONTENT = TypeAdapter(_Content)


def policy_text(repository: Repository, span: Span) -> str | None:
    """Return the policy on the branch the change goes to; None if there is none.

    Raises:
        PolicyUnreadable: it is too large, not a file, or not UTF-8.
        GitHubUnavailable: GitHub cannot be asked now.
        GitHubRefused: the App may not read it.
    """
    content = file_at(repository, POLICY_PATH, span.base_sha)
    if isinstance(content, TooLarge):
        raise PolicyUnreadable(f"{POLICY_PATH} is too large: {content.size:,} bytes")
    if isinstance(content, NotAFile):
        raise PolicyUnreadable(f"{POLICY_PATH} is a {content.kind}, not a file")
    if content is None:
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PolicyUnreadable(f"{POLICY_PATH} is not UTF-8") from error


def list_files(repository: Repository, path: str, span: Span) -> ListFiles:
    """Return the list at the merge base, the base and the head.

    If the base branch renamed the list meanwhile, the branch's list is read under its former path, because
    that is how git merges it.

    Raises:
        GitHubUnavailable: GitHub cannot be asked now.
        GitHubRefused: the App may not read it.
    """
    merge_base = file_at(repository, path, span.merge_base_sha)
    if span.merge_base_sha == span.base_sha:
        return ListFiles(path, merge_base, merge_base, file_at(repository, path, span.head_sha))
    base = file_at(repository, path, span.base_sha)
    head = file_at(repository, path, span.head_sha)
    files = ListFiles(path, merge_base, base, head)
    if merge_base is None and base is not None:
        return _renamed(repository, files, span)
    return files


def companion_files(repository: Repository, path: str, span: Span) -> tuple[File, File]:
    """Return the file that accompanies the list, at merge base and head. Raises as `list_files` does."""
    return file_at(repository, path, span.merge_base_sha), file_at(repository, path, span.head_sha)


def file_at(repository: Repository, path: str, sha: str) -> File:
    """Return what is at ``path`` in the commit ``sha``; None if there is nothing. Raises as `list_files`.

    GitHub follows a symlink to a file of the same repository. A commit of a fork is found in the base
    repository once a pull request was opened from it.
    """
    where = f"/contents/{quoted(path)}"
    try:
        _, body = repository.requester.requestJsonAndCheck("GET", f"{repository.url}{where}", {"ref": sha})
    except GitHubRefused as refused:
        if refused.code == "too_large":  # over 100 MB; the answer does not say how much
            return TooLarge(sha, _OVER_100_MB)
        if refused.status != 404:
            raise
        if _in_tree(repository, path, sha):
            raise GitHubOutdated(f"GitHub does not find {path}, which is in commit {sha}") from refused
        return None
    if isinstance(body, list):
        checked(_FOLDER, body, where)
        return NotAFile(sha, "folder")
    content = checked(_CONTENT, body, where)
    if content.type != "file":
        kind: Kind = "folder" if content.type == "dir" else content.type
        return NotAFile(content.sha, kind)
    # Over 1 MB the answer comes without content:
    # https://docs.github.com/en/rest/repos/contents#get-repository-content
    if content.encoding != "base64":
        return TooLarge(content.sha, content.size)
    return _decoded(content, path)


def similar_path(repository: Repository, path: str, sha: str) -> str | None:
    """Return a path in the commit that differs from ``path`` only in upper and lower case, None if none does.

    Raises as `list_files` does.
    """
    found: list[str] = []
    tree = sha
    for name in path.split("/"):
        entries = read(repository, f"/git/trees/{tree}", _Tree).tree
        near = next((item for item in entries if item.path.casefold() == name.casefold()), None)
        if near is None:
            return None
        found.append(near.path)
        tree = near.sha
    similar = "/".join(found)
    return similar if similar != path else None


def hides_list(path: str, span: Span) -> bool:
    """Return True if the change makes GitHub show another file than the list on the repository's page."""
    return path == "README.md" and any(
        file.path == SHOWN_INSTEAD and file.status in {"added", "renamed", "copied"}
        for file in span.files or ()
    )


def _decoded(content: _Content, path: str) -> bytes | NotAFile:
    try:
        raw = base64.b64decode(content.content)
    except binascii.Error as error:
        raise GitHubUnavailable(f"GitHub's answer for {path} is not complete: content") from error
    if content.size and not raw:
        raise GitHubUnavailable(f"GitHub's answer for {path} is not complete: content")
    if len(raw) <= _LFS_LONGEST and raw.startswith(_LFS):
        return NotAFile(content.sha, "Git LFS pointer")
    return raw


def _in_tree(repository: Repository, path: str, sha: str) -> bool:
    """Return True if the commit has something at this path."""
    tree = sha
    for name in path.split("/"):
        found = read(repository, f"/git/trees/{tree}", _Tree)
        entry = next((item for item in found.tree if item.path == name), None)
        if entry is None:
            if found.truncated:
                raise GitHubUnavailable(f"GitHub does not list all files of commit {sha}")
            return False
        tree = entry.sha
    return True


def _renamed(repository: Repository, files: ListFiles, span: Span) -> ListFiles:
    """Return the list with merge base and head read under the path it had before the base renamed it."""
    changed = compare(repository, span.merge_base_sha, span.base_sha).files or ()
    former = next((item.previous_path for item in changed if item.path == files.path), None)
    if former is None:
        return files
    return replace(
        files,
        path=former,
        merge_base=file_at(repository, former, span.merge_base_sha),
        head=file_at(repository, former, span.head_sha),
    )
