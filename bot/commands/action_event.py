"""The event that started a GitHub Actions run, and the runner's environment.

https://docs.github.com/en/actions/reference/workflows-and-actions/variables
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BaseModel, Field, ValidationError

from bot.commands.inputs import InputError

EVENTS = ("pull_request", "merge_group")

_Model = TypeVar("_Model", bound=BaseModel)
_Sha = Annotated[str, Field(pattern=r"^[0-9a-f]{40,64}$")]


class _Commit(BaseModel):
    sha: _Sha


class _PullRequest(BaseModel):
    base: _Commit
    head: _Commit
    body: str | None = None


class _PullRequestEvent(BaseModel):
    pull_request: _PullRequest


class _MergeGroup(BaseModel):
    base_sha: _Sha
    head_sha: _Sha


class _MergeGroupEvent(BaseModel):
    merge_group: _MergeGroup


class _WorkflowRun(BaseModel):
    event: str
    head_sha: _Sha


class _WorkflowRunEvent(BaseModel):
    workflow_run: _WorkflowRun


@dataclass(frozen=True, slots=True)
class Event:
    """The change that an event is about. ``description`` is the pull request's, empty for a merge group."""

    base_sha: str
    head_sha: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Runner:
    """What the runner says in environment variables; the files are None when it does not name them.

    ``merge_sha`` is the commit that the run is about: for a pull request its test merge into the base.
    """

    event: Event
    workspace: Path
    merge_sha: str
    repository_url: str | None
    summary: Path | None
    outputs: Path | None
    temporary: Path | None


def read_runner() -> Runner:
    """Return what the environment says. Raises `InputError` when this is no run that can be checked."""
    name = event_name()
    server, repository = os.environ.get("GITHUB_SERVER_URL"), os.environ.get("GITHUB_REPOSITORY")
    return Runner(
        event=_read_event(name, Path(_required("GITHUB_EVENT_PATH"))),
        workspace=Path(_required("GITHUB_WORKSPACE")),
        merge_sha=os.environ.get("GITHUB_SHA", ""),
        repository_url=f"{server or 'https://github.com'}/{repository}" if repository else None,
        summary=_path("GITHUB_STEP_SUMMARY"),
        outputs=_path("GITHUB_OUTPUT"),
        temporary=_path("RUNNER_TEMP"),
    )


@dataclass(frozen=True, slots=True)
class FinishedRun:
    """A run of the workflow that checks pull requests; ``head_sha`` is None if it was about none."""

    head_sha: str | None
    repository: str
    api_url: str
    token: str


def read_finished_run() -> FinishedRun:
    """Return what the environment says of a ``workflow_run``. Raises `InputError` when it says too little."""
    path = Path(_required("GITHUB_EVENT_PATH"))
    run = _payload(path, _WorkflowRunEvent, "workflow_run").workflow_run
    token = os.environ.get("INPUT_TOKEN")
    if not token:
        raise InputError("give the step `token: ${{ github.token }}`: without it no comment can be written")
    return FinishedRun(
        run.head_sha if run.event == "pull_request" else None,
        _required("GITHUB_REPOSITORY"),
        os.environ.get("GITHUB_API_URL") or "https://api.github.com",
        token,
    )


def event_name() -> str:
    """Return the name of the event. Raises `InputError` outside of GitHub Actions."""
    return _required("GITHUB_EVENT_NAME")


def _read_event(name: str, path: Path) -> Event:
    if name not in EVENTS:
        raise InputError(f"run Papergate on {' and '.join(EVENTS)}; the event {name} has no change to check")
    if name == "merge_group":
        group = _payload(path, _MergeGroupEvent, name).merge_group
        return Event(group.base_sha, group.head_sha)
    pull = _payload(path, _PullRequestEvent, name).pull_request
    return Event(pull.base.sha, pull.head.sha, pull.body or "")


def _payload(path: Path, model: type[_Model], name: str) -> _Model:
    try:
        return model.model_validate_json(path.read_bytes())
    except OSError as error:
        raise InputError(f"GITHUB_EVENT_PATH: {error.strerror or error}") from error
    except ValidationError as error:
        raise InputError(f"GITHUB_EVENT_PATH is not the payload of {name}") from error


def _required(name: str) -> str:
    value = os.environ.get(name)
    if not value:
        raise InputError(f"{name} is missing: `papergate action` runs as a step of GitHub Actions")
    return value


def _path(name: str) -> Path | None:
    value = os.environ.get(name)
    return Path(value) if value else None
