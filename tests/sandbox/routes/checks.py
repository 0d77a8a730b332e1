"""Check runs and check suites."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.sandbox import check_input
from tests.sandbox.http import Answer, RefusalError, Route, not_found
from tests.sandbox.model import CheckRun
from tests.sandbox.representations import checks
from tests.sandbox.writes import save_check_run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.sandbox.http import Call


def _run(call: Call, owner: str, repo: str, number: int) -> CheckRun:
    name = call.repository(owner, repo).full_name
    found = call.state.check_runs.get(number)
    if found is None or found.repository != name:
        raise not_found()
    return found


def create_check_run(call: Call, owner: str, repo: str) -> Answer:
    """POST /repos/{owner}/{repo}/check-runs."""
    name, body = call.repository(owner, repo).full_name, call.body()
    for field in ("name", "head_sha"):
        if not isinstance(body.get(field), str) or not body[field]:
            raise check_input.refused(field, f"{field} wasn't supplied", "missing_field")
    sha = str(body["head_sha"])
    if call.state.gits[name].resolve(sha) != sha:
        raise RefusalError(422, f"No commit found for SHA: {sha}")
    suite = call.state.suite(name, sha)
    number = call.state.next_id("check run", 20_001)
    blank = CheckRun(number, name, suite.id, sha, str(body["name"]), "queued", None, call.state.now(), None)
    run = check_input.apply(call.state, blank, body)
    save_check_run(call.state, run)
    return Answer(201, checks.check_run(call.state, run))


def update_check_run(call: Call, owner: str, repo: str, number: int) -> Answer:
    """PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}."""
    run = check_input.apply(call.state, _run(call, owner, repo, number), call.body())
    save_check_run(call.state, run)
    return Answer(200, checks.check_run(call.state, run))


def get_check_run(call: Call, owner: str, repo: str, number: int) -> Answer:
    """GET /repos/{owner}/{repo}/check-runs/{check_run_id}."""
    return Answer(200, checks.check_run(call.state, _run(call, owner, repo, number)))


def list_annotations(call: Call, owner: str, repo: str, number: int) -> Answer:
    """GET /repos/{owner}/{repo}/check-runs/{check_run_id}/annotations."""
    run = _run(call, owner, repo, number)
    return call.page([checks.annotation(run, item) for item in run.output.annotations])


def list_check_runs(call: Call, owner: str, repo: str, ref: str) -> Answer:
    """GET /repos/{owner}/{repo}/commits/{ref}/check-runs; `filter=latest` (the default) gives one a name."""
    name = call.repository(owner, repo).full_name
    sha = _resolved(call, name, ref)
    asked = call.request.args
    found = [
        run
        for run in call.state.check_runs.values()
        if (run.repository, run.head_sha) == (name, sha)
        and asked.get("check_name", run.name) == run.name
        and asked.get("status", run.status) == run.status
        and asked.get("app_id", call.state.app.id, int) == call.state.app.id
    ]
    if asked.get("filter", "latest") == "latest":
        found = list({run.name: run for run in found}.values())

    def wrap(page: Sequence[object], total: int) -> object:
        return {"total_count": total, "check_runs": page}

    return call.page([checks.check_run(call.state, run) for run in reversed(found)], wrap)


def get_check_suite(call: Call, owner: str, repo: str, number: int) -> Answer:
    """GET /repos/{owner}/{repo}/check-suites/{check_suite_id}."""
    name, found = call.repository(owner, repo).full_name, call.state.suites.get(number)
    if found is None or found.repository != name:
        raise not_found()
    return Answer(200, checks.check_suite(call.state, found))


def list_check_suites(call: Call, owner: str, repo: str, ref: str) -> Answer:
    """GET /repos/{owner}/{repo}/commits/{ref}/check-suites."""
    name = call.repository(owner, repo).full_name
    sha = _resolved(call, name, ref)
    mine = call.request.args.get("app_id", call.state.app.id, int) == call.state.app.id
    found = [item for item in call.state.suites.values() if (item.repository, item.head_sha) == (name, sha)]

    def wrap(page: Sequence[object], total: int) -> object:
        return {"total_count": total, "check_suites": page}

    return call.page([checks.check_suite(call.state, item) for item in found if mine], wrap)


def _resolved(call: Call, name: str, ref: str) -> str:
    git = call.state.gits[name]
    sha = git.resolve(f"refs/heads/{ref}") or git.resolve(ref)
    if sha is None:
        raise RefusalError(422, f"No commit found for SHA: {ref}")
    return sha


READ, WRITE = ("checks:read",), ("checks:write",)
REPO = "/repos/<owner>/<repo>"
RUN = f"{REPO}/check-runs/<int:number>"
ROUTES = (
    Route("POST", f"{REPO}/check-runs", create_check_run, needs=WRITE),
    Route("PATCH", RUN, update_check_run, needs=WRITE),
    Route("GET", RUN, get_check_run, needs=READ),
    Route("GET", f"{RUN}/annotations", list_annotations, needs=READ),
    Route("GET", f"{REPO}/commits/<path:ref>/check-runs", list_check_runs, needs=READ),
    Route("GET", f"{REPO}/check-suites/<int:number>", get_check_suite, needs=READ),
    Route("GET", f"{REPO}/commits/<path:ref>/check-suites", list_check_suites, needs=READ),
)
