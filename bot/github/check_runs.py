"""Read and write check runs. Not through PyGithub's objects, which fail on a check run without a suite."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from bot.github.reading import Id, Sha, checked_object, read, read_pages

if TYPE_CHECKING:
    from github.Repository import Repository


class _Reference(BaseModel):
    id: Id


class _Output(BaseModel):
    annotations_count: int


class CheckRun(BaseModel, frozen=True):
    """A check run as GitHub shows it. ``app`` and ``check_suite`` may be missing."""

    id: Id
    head_sha: Sha
    status: str
    conclusion: str | None
    external_id: str | None
    output: _Output
    app: _Reference | None
    check_suite: _Reference | None


class _Runs(BaseModel):
    check_runs: list[CheckRun]


class _Suite(BaseModel):
    status: str | None


def latest_run(repository: Repository, head_sha: str, name: str, app_id: int) -> CheckRun | None:
    """Return an App's latest check run of a name on a commit, None if there is none.

    Raises:
        GitHubUnavailable: GitHub cannot be asked now.
        GitHubRefused: the commit does not exist, or the App may not read checks.
    """
    pages = read_pages(repository, f"/commits/{head_sha}/check-runs", _Runs, check_name=name, filter="all")
    own = [run for page in pages for run in page.check_runs if run.app is not None and run.app.id == app_id]
    return max(own, key=lambda run: run.id, default=None)


def is_requested_again(repository: Repository, run: CheckRun) -> bool:
    """Return True if somebody pressed *Re-run*: then only a new run completes the check suite.

    https://docs.github.com/en/rest/checks/runs#rerequest-a-check-run

    Raises as `latest_run` does.
    """
    if run.status != "completed" or run.check_suite is None:
        return False
    return read(repository, f"/check-suites/{run.check_suite.id}", _Suite).status == "queued"


def write_run(repository: Repository, run_id: int | None, head_sha: str, fields: dict[str, Any]) -> int:
    """Update a check run, or create one on a commit if ``run_id`` is None; return its id.

    Raises:
        GitHubUnavailable: GitHub cannot be used now; it may have taken effect.
        GitHubRefused: the App may not write checks, or the commit does not exist.
    """
    verb, path = "PATCH", f"/check-runs/{run_id}"
    if run_id is None:
        verb, path, fields = "POST", "/check-runs", {**fields, "head_sha": head_sha}
    _, body = repository.requester.requestJsonAndCheck(verb, f"{repository.url}{path}", input=fields)
    return checked_object(_Reference, body, path).id
