"""What the jobs ask of the rest of the shell, as protocols, so that they need not know GitHub."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from bot.database.identity import PullKey, RepositoryRef

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class PullRequestEvent:
    """A pull request that an event reports as changed."""

    pull: PullKey
    event_time: datetime
    """When the pull request last changed, by the event: an older answer of the API is out of date."""
    head: str | None = None
    """SHA of its head, by the event."""


@dataclass(frozen=True, slots=True)
class HeadRef:
    """A commit whose pull requests are to be evaluated; only GitHub knows which ones they are."""

    repository_id: int
    sha: str
    beside: int | None = None
    """Number of a pull request to leave out."""


@dataclass(frozen=True, slots=True)
class CommandRef:
    """A comment or review on a pull request that gives commands; its author's role is not known yet."""

    repository_id: int
    number: int
    source: Literal["comment", "review"]
    comment_id: int
    author_id: int
    by_author: bool
    """Whether the pull request's author wrote it."""
    stranger: bool
    """Whether GitHub names no relation of its author to the repository."""
    digest: str
    """Of the text in the event: an edited comment runs nothing."""
    written_at: datetime
    received_at: datetime | None = None
    """When its event arrived; None before it is kept."""


@dataclass(frozen=True, slots=True)
class RepositoryRenamed:
    """A repository has another name or owner; nothing but the name changes."""

    repository_id: int


@dataclass(frozen=True, slots=True)
class InstallationActive:
    """An installation was created, unsuspended, or covers more: its open pull requests are due."""

    installation_id: int


@dataclass(frozen=True, slots=True)
class InstallationSuspended:
    """An installation was suspended: work on its repositories stops."""

    installation_id: int


@dataclass(frozen=True, slots=True)
class InstallationDeleted:
    """An installation was deleted, and its data has to go."""

    installation_id: int


@dataclass(frozen=True, slots=True)
class RepositoriesRemoved:
    """An installation no longer covers some repositories."""

    installation_id: int
    repository_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ButtonPress:
    """A check run's button that somebody pressed; their role is not known yet."""

    repository_id: int
    sha: str
    """The check's commit."""
    check_run_id: int
    button: str
    """Its identifier."""
    login: str
    user_id: int


@dataclass(frozen=True, slots=True)
class ForeignEdit:
    """Somebody edited another person's comment that has or had commands. It runs nothing."""

    repository_id: int
    number: int
    author: str
    editor: str
    comment_url: str


@dataclass(frozen=True, slots=True)
class MergeGroupRef:
    """Pull requests that a merge queue wants to merge together: one commit on top of another."""

    repository_id: int
    head_sha: str
    base_sha: str
    head_ref: str
    """Branch of the queue, ``gh-readonly-queue/main/pr-12-<sha>``."""


@dataclass(frozen=True, slots=True)
class MergeGroupDestroyed:
    """A merge group that no longer exists: merged, or taken apart."""

    group: MergeGroupRef


@dataclass(frozen=True, slots=True)
class PushRef:
    """A push to a branch; ``before`` is None when the branch is new."""

    repository_id: int
    branch: str
    before: str | None
    after: str


Record = (
    ForeignEdit
    | MergeGroupDestroyed
    | RepositoryRenamed
    | InstallationSuspended
    | InstallationDeleted
    | RepositoriesRemoved
)
"""Work that is done when its delivery is accepted."""

Work = (
    PullKey
    | PullRequestEvent
    | HeadRef
    | CommandRef
    | ButtonPress
    | MergeGroupRef
    | PushRef
    | InstallationActive
    | Record
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an evaluation ended."""

    verdict: str
    """``pass``, ``fail``, ``decision``, ``unverified``, or another word that says why there is no report."""
    retry_at: datetime | None = None
    """Earliest time, with time zone, of another evaluation; ``None`` when the verdict is final."""
    head: str | None = None
    """SHA of the evaluated head."""
    base: str | None = None
    """SHA of the evaluated base."""
    refused: str | None = None
    """Why no comment or review was published after the check; it is tried again."""
    refused_until: datetime | None = None
    """Earliest time, with time zone, for another try; None where GitHub names none."""


HELD = "held"
"""The verdict on a pull request that cannot be evaluated now."""
UNCHANGED = "unchanged"
"""The verdict on a pull request that does not change the list."""


@dataclass(frozen=True, slots=True)
class AffectedPulls:
    """The open pull requests whose verdict a push to their base may change."""

    pulls: tuple[tuple[int, str], ...]
    """Number and head of each."""
    by_policy: bool = False
    """True when the policy changed, and not only the files it names."""


class TransientError(Exception):
    """The work cannot be done now and has to be tried again later."""

    def __init__(self, message: str, *, retry_at: datetime | None = None) -> None:
        super().__init__(message)
        self.retry_at = retry_at
        """Earliest time, with time zone, of the next try, where the other side named one."""


class OutdatedError(TransientError):
    """GitHub's answer is older than the event; it catches up within seconds."""


class RefusedError(TransientError):
    """GitHub refuses. In the first seconds after an event that is a lag; later the check says why.

    ``lasting`` is True where another try makes no difference, so that the check says why at once; ``missing``
    where GitHub says that there is no such thing.
    """

    def __init__(self, message: str, *, lasting: bool = False, missing: bool = False) -> None:
        super().__init__(message)
        self.lasting = lasting
        self.missing = missing


class PullRequestHandlers(Protocol):
    """Evaluating pull requests. Never called twice at once for one pull request."""

    def evaluate(
        self, repository: RepositoryRef, number: int, event_time: datetime | None, *, patient: bool
    ) -> Outcome:
        """Update the pull request's check and comment; return how that ended.

        Without patience, a question that no source answers becomes a maintainer's decision.
        Raises `OutdatedError` when GitHub's answer is older than ``event_time``.
        """
        ...

    def hold(self, repository: RepositoryRef, number: int, head: str | None, reason: str) -> None:
        """Publish a check that holds the merge because the pull request cannot be evaluated now.

        ``head`` is the SHA of its last event; ``reason`` says why, as plain text.
        """
        ...

    def pulls_of_head(self, repository: RepositoryRef, sha: str) -> tuple[int, ...]:
        """Return the numbers of the open pull requests whose head is this commit, forks included."""
        ...


@dataclass(frozen=True, slots=True)
class CommandOutcome:
    """How a comment's commands ended."""

    again: bool
    """Whether to evaluate the pull request again."""
    answered: bool = True
    """Whether their author sees what came of them; if not, the answer is tried again."""


class CommandHandlers(Protocol):
    """Running commands from comments and from a check's buttons."""

    def run_command(self, repository: RepositoryRef, command: CommandRef) -> CommandOutcome:
        """Run what the comment's author may run and answer; to repeat it runs nothing twice."""
        ...

    def give_up_command(self, repository: RepositoryRef, command: CommandRef) -> None:
        """Answer that the comment's commands could not be run."""
        ...

    def press_button(self, repository: RepositoryRef, press: ButtonPress) -> tuple[int, ...]:
        """Run the button's command; return the pull requests to evaluate again."""
        ...


class MergeQueueHandlers(Protocol):
    """Evaluating merge groups."""

    def evaluate_group(
        self, repository: RepositoryRef, group: MergeGroupRef, *, ended: Callable[[], bool], patient: bool
    ) -> Outcome:
        """Update the check of a merge group's head by what the combined tree holds.

        Nothing is written once ``ended`` returns True. Without patience, an open question fails.
        """
        ...

    def hold_group(self, repository: RepositoryRef, group: MergeGroupRef, reason: str) -> None:
        """Publish a check that keeps the group from merging because it cannot be evaluated."""
        ...


class BasePushHandlers(Protocol):
    """Pushes to base branches."""

    def affected_pulls(self, repository: RepositoryRef, push: PushRef) -> AffectedPulls:
        """Return the open pull requests into a branch whose verdict its push may change."""
        ...


class CatchUpHandlers(Protocol):
    """Work for events that no delivery reported."""

    def redeliver(self) -> int:
        """Ask GitHub to repeat the deliveries that failed; return how many."""
        ...

    def installations(self) -> tuple[int, ...]:
        """Return the ids of the App's installations."""
        ...

    def open_pulls(self, installation_id: int) -> Mapping[RepositoryRef, tuple[int, ...]]:
        """Return the repositories of an installation, each with the numbers of its open pull requests."""
        ...


@dataclass(frozen=True, slots=True)
class Handlers:
    """All the work that jobs call for.

    Methods are called in threads, several at once. Each may raise `TransientError` and is then called again
    later. Each must be safe to repeat: when a worker dies during a call, another one starts it again.
    """

    pull_requests: PullRequestHandlers
    commands: CommandHandlers
    merge_queue: MergeQueueHandlers
    base_pushes: BasePushHandlers
    catch_up: CatchUpHandlers
