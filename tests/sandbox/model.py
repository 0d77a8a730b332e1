"""What the stand-in remembers, as frozen values; a change replaces one value by another."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from datetime import datetime

Json: TypeAlias = "dict[str, object]"


@dataclass(frozen=True)
class Account:
    """A user, an organization or an App's bot."""

    id: int
    login: str
    type: str
    created_at: datetime


@dataclass(frozen=True)
class Repository:
    """A repository; `parent` is the full name of what it was forked from."""

    id: int
    owner: str
    name: str
    default_branch: str
    created_at: datetime
    pushed_at: datetime
    description: str | None = None
    private: bool = False
    parent: str | None = None

    @property
    def full_name(self) -> str:
        """Return `owner/name`."""
        return f"{self.owner}/{self.name}"


@dataclass(frozen=True)
class Pull:
    """A pull request of `repository`.

    `base_sha` is the base branch's commit when the pull request was opened or last pushed to, as on GitHub:
    it does not follow the base branch.
    """

    id: int
    repository: str
    number: int
    title: str
    body: str | None
    author: str
    head_repository: str
    head_ref: str
    head_sha: str
    base_ref: str
    base_sha: str
    created_at: datetime
    updated_at: datetime
    draft: bool = False
    state: str = "open"
    closed_at: datetime | None = None
    merged_at: datetime | None = None
    merged_by: str | None = None
    merge_commit_sha: str | None = None

    @property
    def key(self) -> tuple[str, int]:
        """Return the repository's full name and the number."""
        return (self.repository, self.number)


@dataclass(frozen=True)
class Comment:
    """A comment on a pull request; `app` says that the App wrote it."""

    id: int
    repository: str
    number: int
    author: str
    body: str
    created_at: datetime
    updated_at: datetime
    app: bool = False


@dataclass(frozen=True)
class Reaction:
    """A reaction to a comment."""

    id: int
    comment: int
    author: str
    content: str
    created_at: datetime


@dataclass(frozen=True)
class Review:
    """A review of a pull request; `state` is COMMENTED, APPROVED, CHANGES_REQUESTED or PENDING."""

    id: int
    repository: str
    number: int
    author: str
    body: str
    state: str
    commit: str
    submitted_at: datetime


@dataclass(frozen=True)
class Place:
    """The lines of a diff that a review comment is on: `side` LEFT is the old file, RIGHT the new one.

    `start_line` is None for a single line; `position` counts the patch's lines below its first `@@`.
    """

    path: str
    side: str
    line: int
    position: int
    hunk: str
    start_side: str | None = None
    start_line: int | None = None


@dataclass(frozen=True)
class ReviewComment:
    """A comment on lines of a diff, written when that led from `base` to `commit`."""

    id: int
    review: int
    repository: str
    number: int
    author: str
    body: str
    place: Place
    base: str
    commit: str
    created_at: datetime
    updated_at: datetime
    in_reply_to: int | None = None


@dataclass(frozen=True)
class MergeGroup:
    """A merge queue's entry: the pull request's merge into its base and all entries before it.

    `head_ref` is a full ref name; `state` is waiting, merged, invalidated or dequeued.
    """

    id: int
    repository: str
    number: int
    base_ref: str
    base_sha: str
    head_ref: str
    head_sha: str
    state: str = "waiting"


@dataclass(frozen=True)
class Annotation:
    """A note of a check run on lines of a file."""

    path: str
    start_line: int
    end_line: int
    annotation_level: str
    message: str
    title: str | None = None
    raw_details: str | None = None
    start_column: int | None = None
    end_column: int | None = None


@dataclass(frozen=True)
class Action:
    """A button of a check run."""

    label: str
    description: str
    identifier: str


@dataclass(frozen=True)
class Output:
    """What a check run shows."""

    title: str | None = None
    summary: str | None = None
    text: str | None = None
    annotations: tuple[Annotation, ...] = ()


@dataclass(frozen=True)
class CheckSuite:
    """The App's check runs on one commit; those up to the id `stale_until` came before a re-request."""

    id: int
    repository: str
    head_sha: str
    head_branch: str | None
    created_at: datetime
    stale_until: int = 0


@dataclass(frozen=True)
class CheckRun:
    """A check run; `history` holds the bodies of the requests that made it, the creating one first."""

    id: int
    repository: str
    suite: int
    head_sha: str
    name: str
    status: str
    conclusion: str | None
    started_at: datetime
    completed_at: datetime | None
    output: Output = field(default_factory=Output)
    external_id: str | None = None
    details_url: str | None = None
    actions: tuple[Action, ...] = ()
    history: tuple[Json, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Installation:
    """The App's installation on an account; `repositories` are full names, or None for all.

    `permissions` are those its owner accepted, None those the App asks for; `suspended_at` is None while
    it is in force.
    """

    id: int
    account: str
    repositories: frozenset[str] | None
    created_at: datetime
    permissions: tuple[tuple[str, str], ...] | None = None
    suspended_at: datetime | None = None


@dataclass(frozen=True)
class Token:
    """An installation token."""

    value: str
    installation: int
    expires_at: datetime
    permissions: tuple[tuple[str, str], ...]
    repositories: frozenset[str] | None

    def allows(self, name: str, level: str) -> bool:
        """Say whether the token may act at `level` (read, write) on the permission `name`."""
        held = dict(self.permissions).get(name)
        return held in {"write", level}
