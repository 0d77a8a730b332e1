"""What the jobs ask of the rest of the shell, as a protocol, so that they need know nothing of GitHub."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class RepositoryRef:
    """A repository, seen through one installation of the App."""

    installation_id: int
    repository: str
    """Full name, ``owner/name``."""


@dataclass(frozen=True, slots=True)
class PullRequestRef:
    """A pull request to be made right."""

    installation_id: int
    repository: str
    """Full name, ``owner/name``."""
    number: int


@dataclass(frozen=True, slots=True)
class PullRequestNews:
    """A pull request about which GitHub told something new."""

    pull: PullRequestRef
    told_at: datetime
    """When the pull request last changed, as the event has it: an older answer of the API is out of date."""


@dataclass(frozen=True, slots=True)
class HeadRef:
    """A commit whose pull requests are to be made right; which ones they are, only GitHub knows."""

    installation_id: int
    repository: str
    """Full name, ``owner/name``."""
    sha: str
    beside: int | None = None
    """Number of a pull request that needs no look itself."""


@dataclass(frozen=True, slots=True)
class CommandRef:
    """A comment on a pull request that gives commands; nothing is known yet of its author's rights."""

    installation_id: int
    repository: str
    """Full name, ``owner/name``."""
    number: int
    comment_id: int
    author: str
    """Login of the comment's author."""
    digest: str
    """Of the text that was announced: an edited comment runs nothing."""


@dataclass(frozen=True, slots=True)
class PressRef:
    """A button of a check run that somebody pressed; nothing is known yet of their rights."""

    installation_id: int
    repository: str
    """Full name, ``owner/name``."""
    sha: str
    """The commit the check is of."""
    check_run_id: int
    button: str
    """Its identifier."""
    login: str
    user_id: int


@dataclass(frozen=True, slots=True)
class ForeignEdit:
    """Somebody edited somebody else's comment that gave commands, or now does. It runs nothing."""

    repository: str
    """Full name, ``owner/name``."""
    number: int
    author: str
    editor: str
    comment_url: str


@dataclass(frozen=True, slots=True)
class MergeGroupRef:
    """Pull requests that a merge queue wants to merge together: one commit on top of another."""

    installation_id: int
    repository: str
    """Full name, ``owner/name``."""
    head_sha: str
    base_sha: str
    head_ref: str
    """Branch of the queue, ``gh-readonly-queue/main/pr-12-<sha>``."""


@dataclass(frozen=True, slots=True)
class MergeGroupEnd:
    """A merge group that is no more: merged, or taken apart."""

    group: MergeGroupRef


@dataclass(frozen=True, slots=True)
class PushRef:
    """A branch that moved; ``before`` is None when it is new."""

    installation_id: int
    repository: str
    """Full name, ``owner/name``."""
    branch: str
    before: str | None
    after: str


Work = (
    PullRequestRef
    | PullRequestNews
    | HeadRef
    | CommandRef
    | PressRef
    | ForeignEdit
    | MergeGroupRef
    | MergeGroupEnd
    | PushRef
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a validation ended."""

    verdict: str
    """``pass``, ``fail``, ``decision``, ``unverified``, or another word that says why nothing was judged."""
    retry_at: datetime | None = None
    """Earliest time, with time zone, at which another look makes sense; ``None`` when all is settled."""
    head: str | None = None
    """SHA of the head that was judged."""
    base: str | None = None
    """SHA of the base that was judged."""


UNCHANGED = "unchanged"
"""The verdict on a pull request that leaves the list alone."""


@dataclass(frozen=True, slots=True)
class Affected:
    """The open pull requests whose verdict a push to their base may change."""

    pulls: tuple[tuple[int, str], ...]
    """Number and head of each."""
    by_policy: bool = False
    """True when the rules changed, and not only the files they are about."""


class TransientError(Exception):
    """The work could not be done now, through no fault of its own, and is to be tried again."""

    def __init__(self, message: str, *, retry_at: datetime | None = None) -> None:
        super().__init__(message)
        self.retry_at = retry_at
        """Earliest time, with time zone, at which to try again, where the other side named one."""


class OutdatedError(TransientError):
    """GitHub's answer is older than what its event told; a moment later it will not be."""


class Handlers(Protocol):
    """The work itself. Called in threads, several at once, but never twice at once for one pull request.

    Every method may raise `TransientError`; it is then called again later. All of them must be safe to
    repeat: a worker that dies in mid-call is replaced by one that calls again from the start.
    """

    def validate(self, pull: PullRequestRef, told_at: datetime | None, *, patient: bool) -> Outcome:
        """Make the pull request's check and comment say what is true now; return how that ended.

        Without patience what a silent source leaves open becomes a maintainer's decision.
        Raises `OutdatedError` when GitHub still answers with what was before ``told_at``.
        """
        ...

    def pulls_of_head(self, repository: RepositoryRef, sha: str) -> tuple[int, ...]:
        """Return the numbers of the open pull requests whose head is this commit, forks included."""
        ...

    def run_command(self, command: CommandRef) -> bool:
        """Do what its author may, answer; return whether to validate the pull request again."""
        ...

    def press(self, press: PressRef) -> tuple[int, ...]:
        """Do what the button says, if who pressed it may; return the pull requests to validate again."""
        ...


class GateHandlers(Protocol):
    """The work beside single pull requests, called as `Handlers` is: in threads, and again after an error."""

    def judge_group(self, group: MergeGroupRef, *, ended: Callable[[], bool], patient: bool) -> Outcome:
        """Make the check of a merge group's head say what is true of the combined tree.

        Nothing is written once ``ended`` returns True. Without patience whatever is still open fails.
        """
        ...

    def affected(self, push: PushRef) -> Affected:
        """Return the open pull requests into a branch whose verdict its push may change."""
        ...

    def redeliver(self) -> int:
        """Ask GitHub to repeat the deliveries that failed; return how many."""
        ...

    def installations(self) -> tuple[int, ...]:
        """Return the ids of the App's installations."""
        ...

    def open_pulls(self, installation_id: int) -> tuple[PullRequestRef, ...]:
        """Return every open pull request that an installation covers."""
        ...
