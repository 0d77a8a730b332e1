"""What a pull request is and what it changes, read from the base repository alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bot.github.errors import GitHubRefused

if TYPE_CHECKING:
    from datetime import datetime

    from github.Repository import Repository

POLICY_PATH = ".github/papergate.yml"


class Span(Protocol):
    """A change: from where it left its base to its head, and the base as it stands."""

    @property
    def merge_base_sha(self) -> str:
        """Where it left its base."""

    @property
    def base_sha(self) -> str:
        """The base as it stands."""

    @property
    def head_sha(self) -> str:
        """What it comes to."""


@dataclass(frozen=True, slots=True)
class PullRequest:
    """A pull request as it stands now.

    ``base_sha`` is the tip of the branch it goes to, ``merge_base_sha`` where it left that branch. ``author``
    is a login; ``head_repository`` is the full name of where it comes from, None when that was deleted;
    ``repository_url`` is the page of the base repository. ``updated_at`` has a time zone.
    """

    number: int
    title: str
    body: str
    author: str
    draft: bool
    open: bool
    head_sha: str
    base_sha: str
    base_ref: str
    head_ref: str
    merge_base_sha: str
    head_repository: str | None
    repository_url: str
    updated_at: datetime | None


@dataclass(frozen=True, slots=True)
class TooLarge:
    """A file too large for GitHub to hand out, by the id of its content; ``size`` is in bytes."""

    sha: str
    size: int


File = bytes | TooLarge | None
"""The content of a file; None where there is no such file."""


@dataclass(frozen=True, slots=True)
class ListFiles:
    """The list at the three commits that matter."""

    merge_base: File
    base: File
    head: File

    @property
    def changed(self) -> bool:
        """True when the pull request changes the list."""
        return self.merge_base != self.head


class PolicyUnreadable(ValueError):  # noqa: N818 - it says what is the matter
    """The policy file is there but is no text. The message is for its maintainer."""


def pull_request(repository: Repository, number: int) -> PullRequest:
    """Return the pull request, its base and its merge base.

    Raises:
        GitHubUnavailable: GitHub cannot be asked now.
        GitHubRefused: there is no such pull request, or its base branch is gone.
    """
    pull = repository.get_pull(number)
    # The pull request's own base.sha stays behind when its branch moves on.
    base_sha = repository.get_branch(pull.base.ref).commit.sha
    comparison = repository.compare(base_sha, pull.head.sha, comparison_commits_per_page=1)
    source = pull.head.repo
    return PullRequest(
        number=number,
        title=pull.title,
        body=pull.body or "",
        author=pull.user.login,
        draft=pull.draft,
        open=pull.state == "open",
        head_sha=pull.head.sha,
        base_sha=base_sha,
        base_ref=pull.base.ref,
        head_ref=pull.head.ref,
        merge_base_sha=comparison.merge_base_commit.sha,
        head_repository=source.full_name if source else None,
        repository_url=pull.base.repo.html_url,
        updated_at=pull.updated_at,
    )


def policy_text(repository: Repository, span: Span) -> str | None:
    """Return the policy on the branch the change goes to, or None where there is none.

    Raises:
        PolicyUnreadable: it is too large or not UTF-8.
        GitHubUnavailable: GitHub cannot be asked now.
        GitHubRefused: GitHub does not let the App read it.
    """
    content = file_at(repository, POLICY_PATH, span.base_sha)
    if isinstance(content, TooLarge):
        raise PolicyUnreadable(f"{POLICY_PATH} is too large: {content.size:,} bytes")
    if content is None:
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PolicyUnreadable(f"{POLICY_PATH} is not UTF-8") from error


def list_files(repository: Repository, path: str, span: Span) -> ListFiles:
    """Return the list at the merge base, the base and the head.

    Raises:
        GitHubUnavailable: GitHub cannot be asked now.
        GitHubRefused: GitHub does not let the App read it.
    """
    merge_base = file_at(repository, path, span.merge_base_sha)
    behind = span.merge_base_sha != span.base_sha
    return ListFiles(
        merge_base,
        file_at(repository, path, span.base_sha) if behind else merge_base,
        file_at(repository, path, span.head_sha),
    )


def companion_files(repository: Repository, path: str, span: Span) -> tuple[File, File]:
    """Return the file that accompanies the list, at the merge base and at the head.

    Raises:
        GitHubUnavailable: GitHub cannot be asked now.
        GitHubRefused: GitHub does not let the App read it.
    """
    return file_at(repository, path, span.merge_base_sha), file_at(repository, path, span.head_sha)


def file_at(repository: Repository, path: str, sha: str) -> File:
    """Return the file at ``path`` of the commit ``sha``; None where there is none or it is no plain file.

    A commit of a fork is found in the base repository once a pull request has been opened from it.
    """
    try:
        content = repository.get_contents(path, ref=sha)
    except GitHubRefused as refused:
        if refused.status == 404:
            return None
        if refused.code == "too_large":  # over 100 MB; the answer does not say how much
            return TooLarge(sha, 100_000_000)
        raise
    if isinstance(content, list) or content.type != "file":
        return None
    # Over 1 MB the answer comes without content:
    # https://docs.github.com/en/rest/repos/contents#get-repository-content
    return content.decoded_content if content.encoding == "base64" else TooLarge(content.sha, content.size)
