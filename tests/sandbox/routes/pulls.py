"""Pull requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.sandbox.http import Answer, Route
from tests.sandbox.representations import commits, pulls

if TYPE_CHECKING:
    from tests.sandbox.http import Call
    from tests.sandbox.model import Pull

# REST, "List pull requests files": at most 3,000 files.
MAX_FILES = 3_000


def list_pulls(call: Call, owner: str, repo: str) -> Answer:
    """GET /repos/{owner}/{repo}/pulls."""
    name = call.repository(owner, repo).full_name
    wanted = [
        pull for pull in call.state.pulls.values() if pull.repository == name and _asked_for(call, pull)
    ]
    order = call.request.args.get("sort", "created")
    newest_first = call.request.args.get("direction", "desc" if order == "created" else "asc") == "desc"
    wanted.sort(key=lambda pull: (pull.updated_at if order == "updated" else pull.created_at, pull.number))
    return call.page(
        [pulls.simple_pull(call.state, pull) for pull in (wanted[::-1] if newest_first else wanted)]
    )


def _asked_for(call: Call, pull: Pull) -> bool:
    asked = call.request.args
    head = f"{pull.head_repository.partition('/')[0]}:{pull.head_ref}"
    return (
        asked.get("state", "open") in {"all", pull.state}
        and asked.get("base", pull.base_ref) == pull.base_ref
        and asked.get("head", head) == head
    )


def get_pull(call: Call, owner: str, repo: str, number: int) -> Answer:
    """GET /repos/{owner}/{repo}/pulls/{pull_number}."""
    return Answer(200, pulls.pull_request(call.state, call.pull(owner, repo, number)))


def list_files(call: Call, owner: str, repo: str, number: int) -> Answer:
    """GET /repos/{owner}/{repo}/pulls/{pull_number}/files."""
    pull = call.pull(owner, repo, number)
    changed = pulls.changes(call.state, pull)[:MAX_FILES]
    return call.page(
        [commits.file_change(call.state, pull.repository, pull.head_sha, item) for item in changed]
    )


def list_commits(call: Call, owner: str, repo: str, number: int) -> Answer:
    """GET /repos/{owner}/{repo}/pulls/{pull_number}/commits."""
    pull = call.pull(owner, repo, number)
    shas = call.state.gits[pull.repository].commits_between(pull.base_sha, pull.head_sha)
    return call.page([commits.commit(call.state, pull.repository, sha) for sha in shas])


def get_issue(call: Call, owner: str, repo: str, number: int) -> Answer:
    """GET /repos/{owner}/{repo}/issues/{issue_number}: the issue behind a pull request."""
    return Answer(200, pulls.issue(call.state, call.pull(owner, repo, number)) | {"closed_by": None})


READ = ("pull_requests:read",)
PULLS = "/repos/<owner>/<repo>/pulls"
ROUTES = (
    Route("GET", PULLS, list_pulls, needs=READ),
    Route("GET", f"{PULLS}/<int:number>", get_pull, needs=READ),
    Route("GET", f"{PULLS}/<int:number>/files", list_files, needs=READ),
    Route("GET", f"{PULLS}/<int:number>/commits", list_commits, needs=READ),
    Route("GET", "/repos/<owner>/<repo>/issues/<int:number>", get_issue, needs=("issues:read", *READ)),
)
