"""Repositories, and the git objects in them."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from tests.sandbox.http import Answer, RefusalError, Route, not_found
from tests.sandbox.representations import commits, pulls, repositories

if TYPE_CHECKING:
    from tests.sandbox.git import Git, TreeEntry
    from tests.sandbox.http import Call
    from tests.sandbox.model import Repository

READ = ("contents:read",)
SYMLINK = "120000"


def _here(call: Call, owner: str, repo: str) -> tuple[Repository, Git]:
    found = call.repository(owner, repo)
    return found, call.state.gits[found.full_name]


def _resolve(git: Git, ref: str) -> str | None:
    """Return the commit a ref names as the REST API reads it: a branch first, then whatever git finds."""
    return git.resolve(f"refs/heads/{ref}") or git.resolve(ref)


def get_repository(call: Call, owner: str, repo: str) -> Answer:
    """GET /repos/{owner}/{repo}."""
    found = call.repository(owner, repo)
    return Answer(
        200, repositories.full_repository(call.state, found, role="read" if call.covers(found) else "none")
    )


def get_content(call: Call, owner: str, repo: str, path: str = "") -> Answer:
    """GET /repos/{owner}/{repo}/contents/{path}."""
    found, git = _here(call, owner, repo)
    ref = call.request.args.get("ref") or found.default_branch
    commit = _resolve(git, ref)
    if commit is None:
        raise RefusalError(404, f"No commit found for the ref {ref}")
    path = path.strip("/")
    entries = git.entries(commit, path)
    if not entries and path:
        raise not_found()
    if path and entries[0].kind == "blob":
        return Answer(200, _file_content(call, found, commit, ref, entries[0]))
    if path and entries[0].kind == "commit":
        return Answer(200, commits.submodule_content(call.state, found.full_name, ref, entries[0]))
    inside = git.entries(commit, f"{path}/") if path else entries
    return Answer(200, [commits.entry_content(call.state, found.full_name, ref, item) for item in inside])


def _file_content(call: Call, found: Repository, commit: str, ref: str, entry: TreeEntry) -> object:
    """Return a file; a symlink to a file of the repository gives that file, any other one only its target."""
    git = call.state.gits[found.full_name]
    if entry.mode == SYMLINK:
        target = git.read_blob(entry.sha).decode()
        path = posixpath.normpath(posixpath.join(posixpath.dirname(entry.path), target))
        inside = git.entries(commit, path) if not path.startswith(("/", "..")) else ()
        if not inside or inside[0].kind != "blob":
            return commits.symlink_content(call.state, found.full_name, ref, entry, target)
        entry = inside[0]
    return commits.file_content(call.state, found.full_name, ref, entry)


def list_commits(call: Call, owner: str, repo: str) -> Answer:
    """GET /repos/{owner}/{repo}/commits: a commit (`sha`) and its ancestors, the newest first."""
    found, git = _here(call, owner, repo)
    sha = _resolve(git, call.request.args.get("sha") or found.default_branch)
    if sha is None:
        raise not_found()
    size = min(max(call.request.args.get("per_page", 30, int), 1), 100)
    number = max(call.request.args.get("page", 1, int), 1)
    history = git.history(sha)
    made: dict[int, object] = {
        place: commits.commit(call.state, found.full_name, history[place])
        for place in range((number - 1) * size, min(number * size, len(history)))
    }
    return call.page([made.get(place) for place in range(len(history))])


def get_blob(call: Call, owner: str, repo: str, sha: str) -> Answer:
    """GET /repos/{owner}/{repo}/git/blobs/{file_sha}."""
    found, git = _here(call, owner, repo)
    if not _is_sha(sha):
        raise RefusalError(422, "The sha parameter must be exactly 40 characters and contain only [0-9a-f].")
    if git.kind(sha) != "blob":
        raise not_found()
    return Answer(200, commits.blob(call.state, found.full_name, sha))


def get_ref(call: Call, owner: str, repo: str, ref: str) -> Answer:
    """GET /repos/{owner}/{repo}/git/ref/{ref}."""
    found, git = _here(call, owner, repo)
    sha = git.resolve(f"refs/{ref}")
    if sha is None:
        raise not_found()
    return Answer(200, commits.reference(call.state, found.full_name, f"refs/{ref}", sha))


def get_commit(call: Call, owner: str, repo: str, ref: str) -> Answer:
    """GET /repos/{owner}/{repo}/commits/{ref}."""
    found, git = _here(call, owner, repo)
    sha = _resolve(git, ref)
    if sha is None:
        raise RefusalError(422, f"No commit found for SHA: {ref}")
    return Answer(200, commits.commit_with_files(call.state, found.full_name, sha))


def list_commit_pulls(call: Call, owner: str, repo: str, sha: str) -> Answer:
    """GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls.

    As on GitHub: the pull requests a commit was merged by, or else the open ones that hold it.
    """
    found, git = _here(call, owner, repo)
    commit = git.resolve(sha)
    if commit is None:
        raise RefusalError(422, f"No commit found for SHA: {sha}")
    holding = [
        pull
        for pull in call.state.pulls.values()
        if pull.repository == found.full_name
        and (pull.state == "open" or pull.merged_at)
        and commit in {*git.commits_between(pull.base_sha, pull.head_sha), pull.merge_commit_sha}
    ]
    return call.page([pulls.simple_pull(call.state, pull) for pull in holding])


def compare(call: Call, owner: str, repo: str, basehead: str) -> Answer:
    """GET /repos/{owner}/{repo}/compare/{basehead}; ends may name a fork's branch as `owner:branch`."""
    found, git = _here(call, owner, repo)
    ends = basehead.split("...")
    if len(ends) != 2:
        raise not_found()
    base, head = (_end(call, found, git, end) for end in ends)
    if base is None or head is None:
        raise not_found()
    merge_base = git.merge_base(base, head)
    if merge_base is None:
        raise RefusalError(404, f"No common ancestor between {ends[0]} and {ends[1]}.")
    first_page = call.request.args.get("page", 1, int) <= 1
    return Answer(
        200, commits.comparison(call.state, found.full_name, base, head, merge_base, first_page=first_page)
    )


def _end(call: Call, repository: Repository, git: Git, end: str) -> str | None:
    owner, colon, branch = end.rpartition(":")
    if not colon:
        return _resolve(git, end)
    for name, other in call.state.gits.items():
        kin = call.state.repositories[name]
        if kin.owner.lower() == owner.lower() and repository.full_name in {kin.full_name, kin.parent}:
            sha = other.resolve(f"refs/heads/{branch}")
            return git.resolve(sha) if sha else None
    return None


def get_branch(call: Call, owner: str, repo: str, branch: str) -> Answer:
    """GET /repos/{owner}/{repo}/branches/{branch}."""
    found, git = _here(call, owner, repo)
    sha = git.resolve(f"refs/heads/{branch}")
    if sha is None:
        raise RefusalError(404, "Branch not found")
    return Answer(200, commits.branch(call.state, found.full_name, branch, sha))


def _is_sha(text: str) -> bool:
    return len(text) == 40 and all(letter in "0123456789abcdef" for letter in text)


REPO = "/repos/<owner>/<repo>"
ROUTES = (
    Route("GET", REPO, get_repository),
    Route("GET", f"{REPO}/contents", get_content, needs=READ),
    Route("GET", f"{REPO}/contents/", get_content, needs=READ),
    Route("GET", f"{REPO}/contents/<path:path>", get_content, needs=READ),
    Route("GET", f"{REPO}/git/blobs/<sha>", get_blob, needs=READ),
    Route("GET", f"{REPO}/git/ref/<path:ref>", get_ref, needs=READ),
    Route("GET", f"{REPO}/commits", list_commits, needs=READ),
    Route("GET", f"{REPO}/commits/<path:ref>", get_commit, needs=READ),
    Route(
        "GET", f"{REPO}/commits/<sha>/pulls", list_commit_pulls, needs=("contents:read", "pull_requests:read")
    ),
    Route("GET", f"{REPO}/compare/<path:basehead>", compare, needs=READ),
    Route("GET", f"{REPO}/branches/<path:branch>", get_branch, needs=READ),
)
