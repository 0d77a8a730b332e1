"""The payloads of the events used: the few fields needed of each, and the work it asks for.

https://docs.github.com/en/webhooks/webhook-events-and-payloads
"""

from __future__ import annotations

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, Field, StringConstraints

from bot.database.identity import PullKey
from bot.jobs.handlers import (
    ButtonPress,
    CommandRef,
    ForeignEdit,
    HeadRef,
    InstallationActive,
    InstallationDeleted,
    InstallationSuspended,
    MergeGroupDestroyed,
    MergeGroupRef,
    PullRequestEvent,
    PushRef,
    RepositoriesRemoved,
    RepositoryRenamed,
    Work,
)
from bot.slash.parse import digest, parse

Login = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.\[\]-]+$", max_length=255)]
FullName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$", max_length=255)]
Sha = Annotated[str, StringConstraints(pattern=r"^(?:[0-9a-f]{40}|[0-9a-f]{64})$")]
Ref = Annotated[str, StringConstraints(pattern=r"^refs/[^\x00-\x20\x7f]+$", max_length=1024)]
BRANCH = "refs/heads/"
QUEUE = "gh-readonly-queue/"
"""The prefix of merge queues' branches; no pull request goes there."""
# PostgreSQL's bigint and integer.
Id = Annotated[int, Field(gt=0, lt=2**63)]
Number = Annotated[int, Field(gt=0, lt=2**31)]


class Repository(BaseModel):
    """The repository of an event; its name is for display."""

    id: Id
    full_name: FullName


class _Head(BaseModel):
    sha: Sha


class _PullRequest(BaseModel):
    head: _Head
    updated_at: AwareDatetime | None = None


class PullRequestChanged(BaseModel):
    """A pull request changed."""

    number: Number
    pull_request: _PullRequest
    repository: Repository

    def work(self) -> Work:
        """Return an evaluation of the pull request."""
        pull = PullKey(self.repository.id, self.number)
        event_time = self.pull_request.updated_at
        return PullRequestEvent(pull, event_time, self.pull_request.head.sha) if event_time else pull


class _ClosedPullRequest(BaseModel):
    head: _Head


class PullRequestClosed(BaseModel):
    """Its check may have hidden the verdict of another PR with the same head: re-check those."""

    pull_request: _ClosedPullRequest
    repository: Repository

    def work(self) -> Work:
        """Return an evaluation of the other pull requests with its head."""
        return HeadRef(self.repository.id, self.pull_request.head.sha)


class _Check(BaseModel):
    head_sha: Sha


class CheckRunRerequested(BaseModel):
    """Somebody requested a check run again."""

    check_run: _Check
    repository: Repository

    def work(self) -> Work:
        """Return an evaluation of the pull requests of its commit."""
        return HeadRef(self.repository.id, self.check_run.head_sha)


class _PressedCheck(_Check):
    id: Id


class _Presser(BaseModel):
    id: Id
    login: Login
    type: str


class _Action(BaseModel):
    identifier: Annotated[str, StringConstraints(max_length=20)]


class ButtonPressed(BaseModel):
    """Somebody pressed a button of a check run."""

    check_run: _PressedCheck
    requested_action: _Action
    repository: Repository
    sender: _Presser

    def work(self) -> Work | None:
        """Return the press of the button, if by a person."""
        run, sender = self.check_run, self.sender
        if sender.type == "Bot":
            return None
        return ButtonPress(
            self.repository.id,
            run.head_sha,
            run.id,
            self.requested_action.identifier,
            sender.login,
            sender.id,
        )


class CheckSuiteRerequested(BaseModel):
    """Somebody requested all checks of a commit again."""

    check_suite: _Check
    repository: Repository

    def work(self) -> Work:
        """Return an evaluation of the pull requests of its commit."""
        return HeadRef(self.repository.id, self.check_suite.head_sha)


class _User(BaseModel):
    id: Id
    login: Login
    type: str


_KNOWN = {"COLLABORATOR", "MEMBER", "OWNER"}
"""Authors who may have a role in the repository, by GitHub's ``author_association``."""


class _Comment(BaseModel):
    id: Id
    body: str
    html_url: Annotated[str, StringConstraints(pattern=r"^https?://[!-~]+$", max_length=2048)]
    created_at: AwareDatetime
    author_association: str = "NONE"
    user: _User | None
    """``None`` when the account was deleted."""


class _PullRequestLink(BaseModel):
    pass


class _Issue(BaseModel):
    number: Number
    user: _User | None = None
    pull_request: _PullRequestLink | None = None
    """Only present when the issue is a pull request."""


class CommentCreated(BaseModel):
    """A comment may hold commands."""

    comment: _Comment
    issue: _Issue
    repository: Repository

    def work(self) -> Work | None:
        """Return the commands of a person's comment on a pull request."""
        author, body = self.comment.user, self.comment.body
        if self.issue.pull_request is None or author is None or author.type == "Bot" or not parse(body):
            return None
        opener = self.issue.user
        by_author = opener is not None and opener.id == author.id
        return CommandRef(
            self.repository.id,
            self.issue.number,
            "comment",
            self.comment.id,
            author.id,
            by_author,
            not by_author and self.comment.author_association not in _KNOWN,
            digest(body),
            self.comment.created_at,
        )


class _Before(BaseModel):
    before: str = Field(alias="from")


class _Changes(BaseModel):
    body: _Before | None = None


class CommentEdited(CommentCreated):
    """A comment with commands may have been edited by somebody else."""

    changes: _Changes
    sender: _User

    def work(self) -> Work | None:
        """Return an entry for the audit log, where the editor is not the author."""
        author, was = self.comment.user, self.changes.body
        if self.issue.pull_request is None or author is None or was is None or author.id == self.sender.id:
            return None
        if author.type == "Bot" or not (parse(was.before) or parse(self.comment.body)):
            return None
        return ForeignEdit(
            self.repository.id,
            self.issue.number,
            author.login,
            self.sender.login,
            self.comment.html_url,
        )


class _Review(BaseModel):
    id: Id
    body: str | None
    submitted_at: AwareDatetime | None = None
    author_association: str = "NONE"
    user: _User | None


class _ReviewedPull(BaseModel):
    number: Number
    user: _User | None


class ReviewSubmitted(BaseModel):
    """The text of a review may hold commands."""

    review: _Review
    pull_request: _ReviewedPull
    repository: Repository

    def work(self) -> Work | None:
        """Return the commands of a person's review."""
        author, body = self.review.user, self.review.body or ""
        if author is None or author.type == "Bot" or self.review.submitted_at is None or not parse(body):
            return None
        opener = self.pull_request.user
        by_author = opener is not None and opener.id == author.id
        return CommandRef(
            self.repository.id,
            self.pull_request.number,
            "review",
            self.review.id,
            author.id,
            by_author,
            not by_author and self.review.author_association not in _KNOWN,
            digest(body),
            self.review.submitted_at,
        )


class RepositoryMoved(BaseModel):
    """A repository was renamed or transferred."""

    repository: Repository

    def work(self) -> Work:
        """Return the rename, which is kept with the delivery."""
        return RepositoryRenamed(self.repository.id)


class _Installation(BaseModel):
    id: Id


class _InstallationEvent(BaseModel):
    installation: _Installation

    @property
    def repository(self) -> None:
        """It is about no single repository."""


class InstallationStarted(_InstallationEvent):
    """An installation was created, unsuspended, given more permissions, or covers more repositories."""

    def work(self) -> Work:
        """Return an evaluation of all its open pull requests."""
        return InstallationActive(self.installation.id)


class InstallationPaused(_InstallationEvent):
    """An installation was suspended."""

    def work(self) -> Work:
        """Return the end of the work on its repositories."""
        return InstallationSuspended(self.installation.id)


class InstallationGone(_InstallationEvent):
    """An installation was deleted."""

    def work(self) -> Work:
        """Return the deletion of its data."""
        return InstallationDeleted(self.installation.id)


class _RemovedRepository(BaseModel):
    id: Id


class InstallationNarrowed(_InstallationEvent):
    """An installation no longer covers some repositories."""

    repositories_removed: tuple[_RemovedRepository, ...]

    def work(self) -> Work:
        """Return the end of the work on these repositories."""
        return RepositoriesRemoved(self.installation.id, tuple(each.id for each in self.repositories_removed))


class _MergeGroup(BaseModel):
    head_sha: Sha
    base_sha: Sha
    head_ref: Ref


class MergeGroupRequested(BaseModel):
    """A merge queue waits for the check of a group."""

    merge_group: _MergeGroup
    repository: Repository

    def group(self) -> MergeGroupRef:
        """Return the group."""
        group = self.merge_group
        return MergeGroupRef(self.repository.id, group.head_sha, group.base_sha, group.head_ref)

    def work(self) -> Work:
        """Return an evaluation of the group."""
        return self.group()


class MergeGroupEnded(MergeGroupRequested):
    """A merge group no longer exists."""

    def work(self) -> Work:
        """Return the end of the work on the group."""
        return MergeGroupDestroyed(self.group())


class Pushed(BaseModel):
    """A push to a branch, which may be a base."""

    ref: Ref
    before: Sha
    after: Sha
    deleted: bool = False
    repository: Repository

    def work(self) -> Work | None:
        """Return the push, if to a branch that pull requests can go to."""
        branch = self.ref.removeprefix(BRANCH)
        if branch == self.ref or branch.startswith(QUEUE) or self.deleted:
            return None
        before = self.before if self.before.strip("0") else None
        return PushRef(self.repository.id, branch, before, self.after)


Payload = (
    PullRequestChanged
    | PullRequestClosed
    | CheckRunRerequested
    | ButtonPressed
    | CheckSuiteRerequested
    | CommentCreated
    | CommentEdited
    | MergeGroupRequested
    | MergeGroupEnded
    | Pushed
    | ReviewSubmitted
    | RepositoryMoved
    | InstallationStarted
    | InstallationPaused
    | InstallationGone
    | InstallationNarrowed
)
