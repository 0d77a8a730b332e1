"""The git database: blobs, trees, commits, and the refs that make them a branch."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

from tests.sandbox.commit_input import signatures
from tests.sandbox.http import Answer, RefusalError, Route, invalid, not_found
from tests.sandbox.pushes import announce_push
from tests.sandbox.representations import commits, git_data

if TYPE_CHECKING:
    from tests.sandbox.git import Git
    from tests.sandbox.http import Call
    from tests.sandbox.model import Repository

MODES = {"100644": "blob", "100755": "blob", "120000": "blob", "040000": "tree", "160000": "commit"}


def _here(call: Call, owner: str, repo: str) -> tuple[Repository, Git]:
    found = call.repository(owner, repo)
    return found, call.state.gits[found.full_name]


def create_blob(call: Call, owner: str, repo: str) -> Answer:
    """POST /repos/{owner}/{repo}/git/blobs."""
    (found, git), body = _here(call, owner, repo), call.body()
    text = str(body.get("content", ""))
    try:
        raw = base64.b64decode(text) if body.get("encoding") == "base64" else text.encode()
    except binascii.Error as error:
        raise invalid("content is not valid Base64", resource="Blob", name="content") from error
    return Answer(201, git_data.short_blob(call.state, found.full_name, git.write_blob(raw)))


def get_tree(call: Call, owner: str, repo: str, sha: str) -> Answer:
    """GET /repos/{owner}/{repo}/git/trees/{tree_sha}; a commit or branch will do for its tree."""
    found, git = _here(call, owner, repo)
    commit = git.resolve(f"refs/heads/{sha}") or git.resolve(sha)
    tree = git.read_commit(commit).tree if commit else sha
    if git.kind(tree) != "tree":
        raise not_found()
    recursive = "recursive" in call.request.args
    return Answer(200, git_data.tree(call.state, found.full_name, tree, recursive=recursive))


def create_tree(call: Call, owner: str, repo: str) -> Answer:
    """POST /repos/{owner}/{repo}/git/trees, on top of `base_tree` if there is one."""
    (found, git), body = _here(call, owner, repo), call.body()
    base, asked = body.get("base_tree"), body.get("tree")
    if base is not None and git.kind(str(base)) not in {"tree", "commit"}:
        raise RefusalError(422, "base_tree is not a valid tree oid")
    if not isinstance(asked, list) or not asked:
        raise RefusalError(422, "Invalid tree info")
    changes = dict(_tree_change(git, item) for item in asked)
    sha = git.write_tree(str(base) if base else None, changes)
    return Answer(201, git_data.tree(call.state, found.full_name, sha))


def _tree_change(git: Git, item: object) -> tuple[str, tuple[str, str] | None]:
    """Return a path and what shall be there, None to remove it."""
    if not isinstance(item, dict) or not item.get("path") or item.get("mode") not in MODES:
        raise RefusalError(422, "Invalid tree info")
    path, mode = str(item["path"]), str(item["mode"])
    if "content" in item:
        return path, (mode, git.write_blob(str(item["content"]).encode()))
    sha = item.get("sha")
    if sha is None:
        return path, None
    if git.kind(str(sha)) != MODES[mode]:
        raise RefusalError(422, f"tree.sha {sha} is not a valid {MODES[mode]}")
    return path, (mode, str(sha))


def get_git_commit(call: Call, owner: str, repo: str, sha: str) -> Answer:
    """GET /repos/{owner}/{repo}/git/commits/{commit_sha}."""
    found, git = _here(call, owner, repo)
    if git.kind(sha) != "commit":
        raise not_found()
    return Answer(200, git_data.git_commit(call.state, found.full_name, sha))


def create_commit(call: Call, owner: str, repo: str) -> Answer:
    """POST /repos/{owner}/{repo}/git/commits: a commit on no branch."""
    (found, git), body = _here(call, owner, repo), call.body()
    message, tree, parents = body.get("message"), str(body.get("tree")), body.get("parents") or []
    if not isinstance(message, str) or not message.strip():
        raise invalid("message wasn't supplied", resource="Commit", name="message", code="missing_field")
    if git.kind(tree) != "tree":
        raise RefusalError(422, "Tree SHA does not exist")
    if not isinstance(parents, list) or any(git.kind(str(item)) != "commit" for item in parents):
        raise RefusalError(422, "Parent SHA does not exist or is not a commit object")
    sha = git.write_commit(tree, [str(item) for item in parents], message, *signatures(call.state, body))
    return Answer(201, git_data.git_commit(call.state, found.full_name, sha))


def update_ref(call: Call, owner: str, repo: str, ref: str) -> Answer:
    """PATCH /repos/{owner}/{repo}/git/refs/{ref}: a push; only forward unless `force` is true."""
    (found, git), body = _here(call, owner, repo), call.body()
    before, after = git.resolve(f"refs/{ref}"), str(body.get("sha"))
    if before is None:
        raise RefusalError(422, "Reference does not exist")
    if git.kind(after) != "commit":
        raise RefusalError(422, "Object does not exist")
    if body.get("force") is not True and git.merge_base(before, after) != before:
        raise RefusalError(422, "Update is not a fast forward")
    git.set_ref(f"refs/{ref}", after)
    kind, _, branch = ref.partition("/")
    if kind == "heads" and before != after:
        announce_push(call.state, found, branch, before, after, call.state.app.bot_login)
    return Answer(200, commits.reference(call.state, found.full_name, f"refs/{ref}", after))


READ, WRITE = ("contents:read",), ("contents:write",)
GIT = "/repos/<owner>/<repo>/git"
ROUTES = (
    Route("POST", f"{GIT}/blobs", create_blob, needs=WRITE),
    Route("GET", f"{GIT}/trees/<path:sha>", get_tree, needs=READ),
    Route("POST", f"{GIT}/trees", create_tree, needs=WRITE),
    Route("GET", f"{GIT}/commits/<sha>", get_git_commit, needs=READ),
    Route("POST", f"{GIT}/commits", create_commit, needs=WRITE),
    Route("PATCH", f"{GIT}/refs/<path:ref>", update_ref, needs=WRITE),
)
