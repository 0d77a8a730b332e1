"""What a delivery says, read at the edge: the few fields needed, the work they ask for.

https://docs.github.com/en/webhooks/webhook-events-and-payloads
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, Field, StringConstraints, ValidationError

from bot.jobs.handlers import (
    CommandRef,
    ForeignEdit,
    HeadRef,
    MergeGroupEnd,
    MergeGroupRef,
    PressRef,
    PullRequestNews,
    PullRequestRef,
    PushRef,
    Work,
)
from bot.slash.parse import digest, parse

Login = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.\[\]-]+$", max_length=255)]
FullName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$", max_length=255)]
Sha = Annotated[str, StringConstraints(pattern=r"^(?:[0-9a-f]{40}|[0-9a-f]{64})$")]
Ref = Annotated[str, StringConstraints(pattern=r"^refs/[^\x00-\x20\x7f]+$", max_length=1024)]
BRANCH = "refs/heads/"
QUEUE = "gh-readonly-queue/"
"""How the branches of merge queues begin; no pull request goes there."""
# PostgreSQL's bigint and integer.
Id = Annotated[int, Field(gt=0, lt=2**63)]
Number = Annotated[int, Field(gt=0, lt=2**31)]


class PayloadError(ValueError):
    """The body is not JSON, or not of its event's shape."""


class _Installation(BaseModel):
    id: Id


class _Envelope(BaseModel):
    action: str | None = None
    installation: _Installation | None = None


class _Repository(BaseModel):
    full_name: FullName


class _Head(BaseModel):
    sha: Sha


class _PullRequest(BaseModel):
    updated_at: AwareDatetime | None = None


class _PullRequestEvent(BaseModel):
    number: Number
    pull_request: _PullRequest
    repository: _Repository

    def work(self, installation: int) -> Work:
        pull = PullRequestRef(installation, self.repository.full_name, self.number)
        told_at = self.pull_request.updated_at
        return PullRequestNews(pull, told_at) if told_at else pull


class _ClosedPullRequest(BaseModel):
    head: _Head


class _PullRequestClosedEvent(BaseModel):
    """Others with the same head may have been silent beside its worse verdict."""

    pull_request: _ClosedPullRequest
    repository: _Repository

    def work(self, installation: int) -> Work:
        return HeadRef(installation, self.repository.full_name, self.pull_request.head.sha)


class _Check(BaseModel):
    head_sha: Sha


class _CheckRunEvent(BaseModel):
    check_run: _Check
    repository: _Repository

    def work(self, installation: int) -> Work:
        return HeadRef(installation, self.repository.full_name, self.check_run.head_sha)


class _PressedCheck(_Check):
    id: Id


class _Presser(BaseModel):
    id: Id
    login: Login
    type: str


class _Action(BaseModel):
    identifier: Annotated[str, StringConstraints(max_length=20)]


class _ButtonEvent(BaseModel):
    check_run: _PressedCheck
    requested_action: _Action
    repository: _Repository
    sender: _Presser

    def work(self, installation: int) -> Work | None:
        run, sender = self.check_run, self.sender
        if sender.type == "Bot":
            return None
        return PressRef(
            installation,
            self.repository.full_name,
            run.head_sha,
            run.id,
            self.requested_action.identifier,
            sender.login,
            sender.id,
        )


class _CheckSuiteEvent(BaseModel):
    check_suite: _Check
    repository: _Repository

    def work(self, installation: int) -> Work:
        return HeadRef(installation, self.repository.full_name, self.check_suite.head_sha)


class _User(BaseModel):
    login: Login
    type: str


class _Comment(BaseModel):
    id: Id
    body: str
    html_url: Annotated[str, StringConstraints(pattern=r"^https?://[!-~]+$", max_length=2048)]
    user: _User | None
    """``None`` when the account is gone."""


class _PullRequestLink(BaseModel):
    pass


class _Issue(BaseModel):
    number: Number
    pull_request: _PullRequestLink | None = None
    """Only there when the issue is a pull request."""


class _IssueCommentEvent(BaseModel):
    comment: _Comment
    issue: _Issue
    repository: _Repository

    def work(self, installation: int) -> Work | None:
        author, body = self.comment.user, self.comment.body
        if self.issue.pull_request is None or author is None or author.type == "Bot" or not parse(body):
            return None
        return CommandRef(
            installation,
            self.repository.full_name,
            self.issue.number,
            self.comment.id,
            author.login,
            digest(body),
        )


class _Before(BaseModel):
    before: str = Field(alias="from")


class _Changes(BaseModel):
    body: _Before | None = None


class _CommentEditedEvent(_IssueCommentEvent):
    changes: _Changes
    sender: _User

    def work(self, installation: int) -> Work | None:  # noqa: ARG002 - the books are one for all installations
        author, was = self.comment.user, self.changes.body
        if self.issue.pull_request is None or author is None or was is None or author == self.sender:
            return None
        if author.type == "Bot" or not (parse(was.before) or parse(self.comment.body)):
            return None
        return ForeignEdit(
            self.repository.full_name,
            self.issue.number,
            author.login,
            self.sender.login,
            self.comment.html_url,
        )


class _MergeGroup(BaseModel):
    head_sha: Sha
    base_sha: Sha
    head_ref: Ref


class _MergeGroupEvent(BaseModel):
    merge_group: _MergeGroup
    repository: _Repository

    def group(self, installation: int) -> MergeGroupRef:
        group = self.merge_group
        return MergeGroupRef(
            installation, self.repository.full_name, group.head_sha, group.base_sha, group.head_ref
        )

    def work(self, installation: int) -> Work:
        return self.group(installation)


class _MergeGroupDestroyedEvent(_MergeGroupEvent):
    def work(self, installation: int) -> Work:
        return MergeGroupEnd(self.group(installation))


class _PushEvent(BaseModel):
    ref: Ref
    before: Sha
    after: Sha
    deleted: bool = False
    repository: _Repository

    def work(self, installation: int) -> Work | None:
        branch = self.ref.removeprefix(BRANCH)
        if branch == self.ref or branch.startswith(QUEUE) or self.deleted:
            return None
        before = self.before if self.before.strip("0") else None
        return PushRef(installation, self.repository.full_name, branch, before, self.after)


_Event = type[
    _PullRequestEvent
    | _PullRequestClosedEvent
    | _CheckRunEvent
    | _ButtonEvent
    | _CheckSuiteEvent
    | _IssueCommentEvent
    | _CommentEditedEvent
    | _MergeGroupEvent
    | _PushEvent
]

_EVENTS: dict[tuple[str, str | None], _Event] = {
    **{
        ("pull_request", action): _PullRequestEvent
        for action in ("opened", "reopened", "synchronize", "edited", "ready_for_review")
    },
    ("pull_request", "closed"): _PullRequestClosedEvent,
    ("merge_group", "checks_requested"): _MergeGroupEvent,
    ("merge_group", "destroyed"): _MergeGroupDestroyedEvent,
    ("push", None): _PushEvent,
    ("check_run", "rerequested"): _CheckRunEvent,
    ("check_run", "requested_action"): _ButtonEvent,
    ("check_suite", "rerequested"): _CheckSuiteEvent,
    ("issue_comment", "created"): _IssueCommentEvent,
    ("issue_comment", "edited"): _CommentEditedEvent,
}


@dataclass(frozen=True, slots=True)
class Read:
    """A delivery's body, read."""

    action: str | None
    work: Work | None
    """``None`` when there is nothing to do."""
    reason: Literal["asks for work", "event not used", "not from an installation", "asks for nothing"]


def read(event: str, body: bytes) -> Read:
    """Return what a delivery of this event asks for.

    Raises `PayloadError` when the body is not JSON or lacks what its event needs.
    """
    try:
        envelope = _Envelope.model_validate_json(body)
        shape = _EVENTS.get((event, envelope.action))
        if shape is None:
            return Read(envelope.action, None, "event not used")
        payload = shape.model_validate_json(body)
    except ValidationError as error:
        raise PayloadError(_explain(error)) from None  # the cause would quote a stranger's text
    if envelope.installation is None:
        return Read(envelope.action, None, "not from an installation")
    work = payload.work(envelope.installation.id)
    return Read(envelope.action, work, "asks for nothing" if work is None else "asks for work")


def _explain(error: ValidationError) -> str:
    first = error.errors(include_input=False, include_url=False, include_context=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    return f"{place}: {first['type']}" if place else f"not a JSON object ({first['type']})"
