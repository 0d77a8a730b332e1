"""What the jobs ask of the rest of the shell, as a protocol, so that they need know nothing of GitHub."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
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
class HeadRef:
    """A commit whose pull requests are to be made right; which ones they are, only GitHub knows."""

    installation_id: int
    repository: str
    """Full name, ``owner/name``."""
    sha: str


@dataclass(frozen=True, slots=True)
class CommandRef:
    """A slash command found in a comment on a pull request; nothing is known yet of its author's rights."""

    installation_id: int
    repository: str
    """Full name, ``owner/name``."""
    number: int
    comment_id: int
    author: str
    """Login of the comment's author."""
    command: str
    """Name of the command, without slash: ``recheck``."""


Work = PullRequestRef | HeadRef | CommandRef


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


class TransientError(Exception):
    """The work could not be done now, through no fault of its own, and is to be tried again."""

    def __init__(self, message: str, *, retry_at: datetime | None = None) -> None:
        super().__init__(message)
        self.retry_at = retry_at
        """Earliest time, with time zone, at which to try again, where the other side named one."""


class Handlers(Protocol):
    """The work itself. Called in threads, several at once, but never twice at once for one pull request.

    Every method may raise `TransientError`; it is then called again later. All of them must be safe to
    repeat: a worker that dies in mid-call is replaced by one that calls again from the start.
    """

    def validate(self, pull: PullRequestRef) -> Outcome:
        """Make the pull request's check and comment say what is true now; return how that ended."""
        ...

    def pulls_of_head(self, repository: RepositoryRef, sha: str) -> tuple[int, ...]:
        """Return the numbers of the open pull requests whose head is this commit, forks included."""
        ...

    def run_command(self, command: CommandRef) -> bool:
        """Check its author's permission, answer, do it; return whether to validate the pull request again."""
        ...
