"""Check runs, their annotations and their suites."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from tests.sandbox.representations import pulls
from tests.sandbox.representations.accounts import WEB, node_id, optional_stamp, stamp
from tests.sandbox.representations.apps import app
from tests.sandbox.representations.commits import summary_commit
from tests.sandbox.representations.repositories import api_url, full_repository

if TYPE_CHECKING:
    from tests.sandbox.model import Annotation, CheckRun, CheckSuite, Json
    from tests.sandbox.state import State


def check_run(state: State, run: CheckRun) -> Json:
    """Return a check run as `check-run`; its pull requests are those from the repository's own branches."""
    here = f"{api_url(state, run.repository)}/check-runs/{run.id}"
    web = f"{WEB}/{run.repository}/runs/{run.id}"
    own = state.pulls_with_head(run.repository, run.head_sha, own_branches=True)
    return {
        "id": run.id,
        "name": run.name,
        "node_id": node_id("CheckRun", run.id),
        "head_sha": run.head_sha,
        "external_id": run.external_id or "",
        "url": here,
        "html_url": web,
        "details_url": run.details_url or app(state)["external_url"],
        "status": run.status,
        "conclusion": run.conclusion,
        "started_at": stamp(run.started_at),
        "completed_at": optional_stamp(run.completed_at),
        "output": {
            "title": run.output.title,
            "summary": run.output.summary,
            "text": run.output.text,
            "annotations_count": len(run.output.annotations),
            "annotations_url": f"{here}/annotations",
        },
        "check_suite": {"id": run.suite},
        "app": app(state),
        "pull_requests": [pulls.reference(state, pull) for pull in own],
    }


def annotation(run: CheckRun, item: Annotation) -> Json:
    """Return a note of a check run as `check-annotation`."""
    return asdict(item) | {"blob_href": f"{WEB}/{run.repository}/blob/{run.head_sha}/{item.path}"}


def check_run_event(state: State, run: CheckRun) -> Json:
    """Return a check run as events carry it, with its suite in short."""
    suite = state.suites[run.suite]
    return check_run(state, run) | {"check_suite": _suite(state, suite)}


def check_suite_event(state: State, suite: CheckSuite) -> Json:
    """Return a check suite as its own events carry it."""
    found = state.gits[suite.repository].read_commit(suite.head_sha)
    api = f"{api_url(state, suite.repository)}/check-suites/{suite.id}"
    runs = _latest(state, suite)
    # GitHub's description of this event lists the events an App may have, and misses the merge queue's.
    owner = app(state) | {"events": [event for event in state.app.events if event != "merge_group"]}
    return _suite(state, suite) | {
        "app": owner,
        "check_runs_url": f"{api}/check-runs",
        "head_commit": summary_commit(found),
        "latest_check_runs_count": len(runs),
        "rerequestable": True,
        "runs_rerequestable": True,
    }


def check_suite(state: State, suite: CheckSuite) -> Json:
    """Return a check suite as `check-suite`."""
    event, repository = check_suite_event(state, suite), state.repositories[suite.repository]
    kept = {name: value for name, value in event.items() if not name.endswith("rerequestable")}
    return kept | {"app": app(state), "repository": full_repository(state, repository, role="read")}


def _latest(state: State, suite: CheckSuite) -> list[CheckRun]:
    return list({run.name: run for run in state.check_runs.values() if _counts(suite, run)}.values())


def _counts(suite: CheckSuite, run: CheckRun) -> bool:
    return run.suite == suite.id and run.id > suite.stale_until


def _suite(state: State, suite: CheckSuite) -> Json:
    runs = _latest(state, suite)
    parents = state.gits[suite.repository].read_commit(suite.head_sha).parents
    done = bool(runs) and all(run.status == "completed" for run in runs)
    worst = next((run.conclusion for run in runs if run.conclusion != "success"), "success") if done else None
    own = state.pulls_with_head(suite.repository, suite.head_sha, own_branches=True)
    made = stamp(suite.created_at)
    return {
        "id": suite.id,
        "node_id": node_id("CheckSuite", suite.id),
        "head_branch": suite.head_branch,
        "head_sha": suite.head_sha,
        "status": "completed" if done else "in_progress" if runs else "queued",
        "conclusion": worst,
        "url": f"{api_url(state, suite.repository)}/check-suites/{suite.id}",
        "before": parents[0] if parents else None,
        "after": suite.head_sha,
        "pull_requests": [pulls.reference(state, pull) for pull in own],
        "app": app(state),
        "created_at": made,
        "updated_at": made,
    }
