"""Git objects as the git database endpoints spell them, and the commit of a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from tests.sandbox.representations.accounts import node_id
from tests.sandbox.representations.commits import commit, entry_content
from tests.sandbox.representations.repositories import api_url

if TYPE_CHECKING:
    from tests.sandbox.model import Json
    from tests.sandbox.state import State


def git_commit(state: State, full_name: str, sha: str) -> Json:
    """Return a commit as `git-commit`."""
    whole = commit(state, full_name, sha)
    inner = cast("Json", whole["commit"])
    kept = {name: inner[name] for name in ("author", "committer", "message", "tree", "verification", "url")}
    return kept | {name: whole[name] for name in ("sha", "node_id", "html_url", "parents")}


def short_blob(state: State, full_name: str, sha: str) -> Json:
    """Return a new blob as `short-blob`."""
    return {"sha": sha, "url": f"{api_url(state, full_name)}/git/blobs/{sha}"}


def tree(state: State, full_name: str, sha: str, *, recursive: bool = False) -> Json:
    """Return a tree as `git-tree`, with all that is below it if `recursive`."""
    api = f"{api_url(state, full_name)}/git"
    return {
        "sha": sha,
        "url": f"{api}/trees/{sha}",
        "truncated": False,
        "tree": [
            {
                "path": item.path,
                "mode": item.mode,
                "type": item.kind,
                "sha": item.sha,
                "url": f"{api}/{item.kind}s/{item.sha}",
            }
            | ({"size": item.size} if item.kind == "blob" else {})
            for item in state.gits[full_name].tree(sha, recursive=recursive)
        ],
    }


def file_commit(state: State, full_name: str, branch: str, path: str, sha: str) -> Json:
    """Return the commit that wrote a file, with the file, as `file-commit`."""
    entry = state.gits[full_name].entries(sha, path)[0]
    return {
        "content": entry_content(state, full_name, branch, entry),
        "commit": git_commit(state, full_name, sha) | {"node_id": node_id("Commit", sha)},
    }
