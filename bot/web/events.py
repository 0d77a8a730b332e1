"""Read a delivery at the edge: its event, its repository, and the work it asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ValidationError

from bot.database.identity import RepositoryRef
from bot.jobs.handlers import Work
from bot.web.payloads import (
    ButtonPressed,
    CheckRunRerequested,
    CheckSuiteRerequested,
    CommentCreated,
    CommentEdited,
    Id,
    InstallationGone,
    InstallationNarrowed,
    InstallationPaused,
    InstallationStarted,
    MergeGroupEnded,
    MergeGroupRequested,
    Payload,
    PullRequestChanged,
    PullRequestClosed,
    Pushed,
    RepositoryMoved,
    ReviewSubmitted,
)


class PayloadError(ValueError):
    """The body is not JSON, or not of its event's shape."""


class _Installation(BaseModel):
    id: Id


class _Envelope(BaseModel):
    action: str | None = None
    installation: _Installation | None = None


_EVENTS: dict[tuple[str, str | None], type[Payload]] = {
    **{
        ("pull_request", action): PullRequestChanged
        for action in ("opened", "reopened", "synchronize", "edited", "ready_for_review")
    },
    ("pull_request", "closed"): PullRequestClosed,
    ("merge_group", "checks_requested"): MergeGroupRequested,
    ("merge_group", "destroyed"): MergeGroupEnded,
    ("push", None): Pushed,
    ("check_run", "rerequested"): CheckRunRerequested,
    ("check_run", "requested_action"): ButtonPressed,
    ("check_suite", "rerequested"): CheckSuiteRerequested,
    ("issue_comment", "created"): CommentCreated,
    ("issue_comment", "edited"): CommentEdited,
    ("pull_request_review", "submitted"): ReviewSubmitted,
    ("repository", "renamed"): RepositoryMoved,
    ("repository", "transferred"): RepositoryMoved,
    **{
        ("installation", action): InstallationStarted
        for action in ("created", "unsuspend", "new_permissions_accepted")
    },
    ("installation", "suspend"): InstallationPaused,
    ("installation", "deleted"): InstallationGone,
    ("installation_repositories", "added"): InstallationStarted,
    ("installation_repositories", "removed"): InstallationNarrowed,
}


@dataclass(frozen=True, slots=True)
class Read:
    """A delivery's body, read."""

    action: str | None
    work: Work | None
    """``None`` when there is nothing to do."""
    repository: RepositoryRef | None
    """The repository of the work; None where it is about an installation."""
    reason: Literal["asks for work", "event not used", "not from an installation", "asks for nothing"]


def read(event: str, body: bytes) -> Read:
    """Return what a delivery of this event asks for.

    Raises `PayloadError` when the body is not JSON or lacks what its event needs.
    """
    try:
        envelope = _Envelope.model_validate_json(body)
        shape = _EVENTS.get((event, envelope.action))
        if shape is None:
            return Read(envelope.action, None, None, "event not used")
        payload = shape.model_validate_json(body)
    except ValidationError as error:
        raise PayloadError(_explain(error)) from None  # the cause would quote a stranger's text
    if envelope.installation is None:
        return Read(envelope.action, None, None, "not from an installation")
    work, named = payload.work(), payload.repository
    if work is None:
        return Read(envelope.action, None, None, "asks for nothing")
    installation = envelope.installation.id
    repository = None if named is None else RepositoryRef(named.id, installation, named.full_name)
    return Read(envelope.action, work, repository, "asks for work")


def _explain(error: ValidationError) -> str:
    first = error.errors(include_input=False, include_url=False, include_context=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    return f"{place}: {first['type']}" if place else f"not a JSON object ({first['type']})"
