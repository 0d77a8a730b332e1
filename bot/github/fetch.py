"""Read a pull request and what it changes, from the base repository only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Protocol

from pydantic import BaseModel

from bot.github.errors import GitHubRefused, GitHubUnavailable
from bot.github.reading import Account, Id, Sha, quoted, read, read_pages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from github.Repository import Repository

GHOST = "ghost"
"""The login under which GitHub shows what a deleted account wrote."""
MOST_FILES = 300
"""Files that a comparison lists: https://docs.github.com/en/rest/commits/commits#compare-two-commits"""
MOST_COMMITS = 1_000
"""Commits of each side searched for a common one, if GitHub cannot compare them: ten pages each."""


class Span(Protocol):
    """A change: the base it goes to, its head, and the merge base of both."""

    @property
    def merge_base_sha(self) -> str:
        """SHA of the last commit that base and head have in common."""

    @property
    def base_sha(self) -> str:
        """SHA of the base branch's current head."""

    @property
    def head_sha(self) -> str:
        """SHA of the last commit of the change."""

    @property
    def files(self) -> tuple[ChangedFile, ...] | None:
        """The files that the change touches; None if GitHub does not list all of them."""


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """A file that differs between merge base and head.

    ``previous_path`` is its path before a rename, else None. ``patch`` is GitHub's diff, "" if GitHub gives
    none.
    """

    path: str
    previous_path: str | None
    status: str
    """GitHub's word: added, removed, modified, renamed, copied or changed."""
    patch: str


@dataclass(frozen=True, slots=True)
class PullRequest:
    """The current state of a pull request.

    ``base_sha`` is the head of the branch it goes to; ``updated_at`` has a time zone. ``files`` is None if
    GitHub does not list all of them.
    """

    number: int
    title: str
    body: str
    author: str
    """Login; `GHOST` if the account was deleted."""
    author_id: int | None
    draft: bool
    open: bool
    head_sha: str
    base_sha: str
    base_ref: str
    head_ref: str
    merge_base_sha: str
    repository_id: int
    """Id of the base repository."""
    repository_name: str
    """Full name of the base repository, for display."""
    head_repository: str | None
    """Full name of the repository that the branch is in; None if it was deleted."""
    head_repository_id: int | None
    repository_url: str
    """Page of the base repository."""
    updated_at: datetime | None
    files: tuple[ChangedFile, ...] | None

    @property
    def from_fork(self) -> bool:
        """True if the branch is not in the base repository."""
        return self.head_repository_id != self.repository_id


@dataclass(frozen=True, slots=True)
class Comparison:
    """Merge base of two commits, and the files that differ between it and the head (None: not known)."""

    merge_base_sha: str
    files: tuple[ChangedFile, ...] | None


@dataclass(frozen=True, slots=True)
class CommitRange:
    """The commits that one commit has and another has not, and the files that they change."""

    shas: frozenset[str]
    files: tuple[ChangedFile, ...] | None


class NoCommonCommit(GitHubRefused):
    """Two commits have no history in common, so there is no change to evaluate."""


class _Repository(BaseModel):
    id: Id
    full_name: str
    html_url: str


class _Base(BaseModel):
    ref: str
    repo: _Repository


class _Head(BaseModel):
    ref: str
    sha: Sha
    repo: _Repository | None


class _Pull(BaseModel):
    title: str
    body: str | None
    user: Account | None
    draft: bool = False
    state: str
    base: _Base
    head: _Head
    updated_at: datetime | None


class _Commit(BaseModel):
    sha: Sha


class _Branch(BaseModel):
    commit: _Commit


class _File(BaseModel):
    filename: str
    previous_filename: str | None = None
    status: str
    patch: str | None = None


class _Comparison(BaseModel):
    merge_base_commit: _Commit
    files: list[_File] | None = None
    commits: list[_Commit] = []


def pull_request(repository: Repository, number: int) -> PullRequest:
    """Return the pull request, its base and its merge base.

    Raises:
        GitHubUnavailable: GitHub cannot be asked now.
        NoCommonCommit: the branch has no history in common with its base.
        GitHubRefused: the pull request or its base branch does not exist, or the App may not read it.
    """
    pull = read(repository, f"/pulls/{number}", _Pull)
    # The pull request's own base.sha does not follow its branch.
    base_sha = branch_head(repository, pull.base.ref)
    comparison = compare(repository, base_sha, pull.head.sha)
    source = pull.head.repo
    return PullRequest(
        number=number,
        title=pull.title,
        body=pull.body or "",
        author=pull.user.login if pull.user else GHOST,
        author_id=pull.user.id if pull.user else None,
        draft=pull.draft,
        open=pull.state == "open",
        head_sha=pull.head.sha,
        base_sha=base_sha,
        base_ref=pull.base.ref,
        head_ref=pull.head.ref,
        merge_base_sha=comparison.merge_base_sha,
        repository_id=pull.base.repo.id,
        repository_name=pull.base.repo.full_name,
        head_repository=source.full_name if source else None,
        head_repository_id=source.id if source else None,
        repository_url=pull.base.repo.html_url,
        updated_at=pull.updated_at,
        files=comparison.files,
    )


def branch_head(repository: Repository, branch: str) -> str:
    """Return the SHA of a branch's head. Raises as `bot.github.reading.read` does."""
    return read(repository, f"/branches/{quoted(branch)}", _Branch).commit.sha


def compare(repository: Repository, base_sha: str, head_sha: str) -> Comparison:
    """Return how two commits differ. If GitHub cannot compare them, the files are not known.

    Raises:
        GitHubUnavailable: GitHub cannot be asked now.
        NoCommonCommit: the commits have no history in common.
        GitHubRefused: one of the commits does not exist, or the App may not read it.
    """
    try:
        # GitHub lists the files on the first page, whatever the size of a page of commits is.
        found = read(repository, f"/compare/{base_sha}...{head_sha}", _Comparison, per_page=1)
    except GitHubRefused as refused:
        if refused.status == 404 and "common ancestor" in refused.why:
            raise _unrelated(refused) from refused
        if refused.status != 422:
            raise
    except GitHubUnavailable as unavailable:
        if unavailable.retry_at is not None:
            raise
    else:
        return Comparison(found.merge_base_commit.sha, _files(found.files))
    # GitHub fails for large differences: https://docs.github.com/en/rest/commits/commits#compare-two-commits
    return Comparison(_merge_base(repository, base_sha, head_sha), None)


def first_files(repository: Repository, base_sha: str, head_sha: str) -> tuple[ChangedFile, ...]:
    """Return the first `MOST_FILES` files that differ between merge base and head.

    Raises as `bot.github.reading.read` does, also if GitHub cannot compare the commits.
    """
    found = read(repository, f"/compare/{base_sha}...{head_sha}", _Comparison, per_page=1)
    return tuple(map(_changed, found.files or ()))


def commit_range(repository: Repository, base_sha: str, head_sha: str) -> CommitRange:
    """Return the commits and files between two commits. Raises as `bot.github.reading.read` does."""
    pages = list(read_pages(repository, f"/compare/{base_sha}...{head_sha}", _Comparison))
    shas = frozenset(commit.sha for page in pages for commit in page.commits)
    return CommitRange(shas, _files(pages[0].files))


def _files(files: list[_File] | None) -> tuple[ChangedFile, ...] | None:
    """Return the changed files, None if GitHub may have left some out."""
    return None if files is None or len(files) >= MOST_FILES else tuple(map(_changed, files))


def _changed(file: _File) -> ChangedFile:
    return ChangedFile(file.filename, file.previous_filename, file.status, file.patch or "")


def _merge_base(repository: Repository, base_sha: str, head_sha: str) -> str:
    """Return the newest commit of the head's history that is in the base's history too."""
    of_base = set(islice(_history(repository, base_sha), MOST_COMMITS))
    common = next(
        (sha for sha in islice(_history(repository, head_sha), MOST_COMMITS) if sha in of_base), None
    )
    if common is None:
        raise NoCommonCommit(
            "GitHub cannot compare this branch with its base. Rebase it on the base branch and push again.",
            422,
        )
    return common


def _history(repository: Repository, sha: str) -> Iterator[str]:
    for commit in repository.get_commits(sha=sha):
        yield commit.sha


def _unrelated(refused: GitHubRefused) -> NoCommonCommit:
    return NoCommonCommit(
        "This branch has no commit in common with its base branch, so GitHub cannot merge it. Start a new "
        f"branch from the base branch and add the change there. ({refused})",
        refused.status,
        why=refused.why,
        request_id=refused.request_id,
    )
