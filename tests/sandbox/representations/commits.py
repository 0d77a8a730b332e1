"""Commits, diffs, files, refs and comparisons, read from git."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING
from urllib.parse import quote

from tests.sandbox.git import EMPTY_TREE
from tests.sandbox.representations.accounts import WEB, account, node_id, stamp
from tests.sandbox.representations.repositories import api_url

if TYPE_CHECKING:
    from tests.sandbox.diff import FileChange
    from tests.sandbox.git import Commit, Git, Signature, TreeEntry
    from tests.sandbox.model import Json
    from tests.sandbox.state import State

# REST, "Get repository content": between 1 and 100 MB `content` is empty and `encoding` none.
MAX_INLINE_BYTES = 1_000_000


def _person(signature: Signature) -> Json:
    return {"name": signature.name, "email": signature.email, "date": stamp(signature.when)}


def _known(state: State, signature: Signature) -> Json | None:
    return account(state, signature.name) if state.find_account(signature.name) else None


def commit(state: State, full_name: str, sha: str) -> Json:
    """Return a commit as `commit`, without its files."""
    found = state.gits[full_name].read_commit(sha)
    api = api_url(state, full_name)
    verification = {
        "verified": False,
        "reason": "unsigned",
        "signature": None,
        "payload": None,
        "verified_at": None,
    }
    return {
        "sha": sha,
        "node_id": node_id("Commit", sha),
        "url": f"{api}/commits/{sha}",
        "html_url": f"{WEB}/{full_name}/commit/{sha}",
        "comments_url": f"{api}/commits/{sha}/comments",
        "commit": {
            "url": f"{api}/git/commits/{sha}",
            "author": _person(found.author),
            "committer": _person(found.committer),
            "message": found.message,
            "comment_count": 0,
            "tree": {"sha": found.tree, "url": f"{api}/git/trees/{found.tree}"},
            "verification": verification,
        },
        "author": _known(state, found.author),
        "committer": _known(state, found.committer),
        "parents": [
            {"sha": item, "url": f"{api}/commits/{item}", "html_url": f"{WEB}/{full_name}/commit/{item}"}
            for item in found.parents
        ],
    }


def commit_with_files(state: State, full_name: str, sha: str) -> Json:
    """Return a commit as `commit`, with its files and their counts."""
    git = state.gits[full_name]
    parents = git.read_commit(sha).parents
    changed = git.changes(parents[0] if parents else EMPTY_TREE, sha)
    added, removed = sum(item.additions for item in changed), sum(item.deletions for item in changed)
    return commit(state, full_name, sha) | {
        "stats": {"additions": added, "deletions": removed, "total": added + removed},
        "files": [file_change(state, full_name, sha, item) for item in changed],
    }


def file_change(state: State, full_name: str, head: str, change: FileChange) -> Json:
    """Return a file of a diff as `diff-entry`."""
    path = quote(change.path)
    body: Json = {
        "sha": change.sha,
        "filename": change.path,
        "status": change.status,
        "additions": change.additions,
        "deletions": change.deletions,
        "changes": change.additions + change.deletions,
        "blob_url": f"{WEB}/{full_name}/blob/{head}/{path}",
        "raw_url": f"{WEB}/{full_name}/raw/{head}/{path}",
        "contents_url": f"{api_url(state, full_name)}/contents/{path}?ref={head}",
    }
    if change.patch is not None:
        body["patch"] = change.patch
    if change.previous:
        body["previous_filename"] = change.previous
    return body


def comparison(
    state: State, full_name: str, base: str, head: str, merge_base: str, *, first_page: bool
) -> Json:
    """Return `commit-comparison` of two commits; as on GitHub, files come on the first page only."""
    git = state.gits[full_name]
    ahead, behind = git.commits_between(base, head), git.commits_between(head, base)
    status = {(False, False): "identical", (True, False): "ahead", (False, True): "behind"}
    api, web = f"{api_url(state, full_name)}/compare", f"{WEB}/{full_name}/compare"
    span = f"{base}...{head}"
    body: Json = {
        "url": f"{api}/{span}",
        "html_url": f"{web}/{span}",
        "permalink_url": f"{web}/{span}",
        "diff_url": f"{web}/{span}.diff",
        "patch_url": f"{web}/{span}.patch",
        "base_commit": commit(state, full_name, base),
        "merge_base_commit": commit(state, full_name, merge_base),
        "status": status.get((bool(ahead), bool(behind)), "diverged"),
        "ahead_by": len(ahead),
        "behind_by": len(behind),
        "total_commits": len(ahead),
        "commits": [commit(state, full_name, sha) for sha in ahead],
    }
    if first_page:
        changed = git.changes(merge_base, head)[:300]
        body["files"] = [file_change(state, full_name, head, item) for item in changed]
    return body


def file_content(state: State, full_name: str, ref: str, entry: TreeEntry) -> Json:
    """Return a file as `content-file`, its bytes in base64 unless there are too many."""
    body = entry_content(state, full_name, ref, entry)
    if entry.size > MAX_INLINE_BYTES:
        return body | {"encoding": "none", "content": ""}
    raw = state.gits[full_name].read_blob(entry.sha)
    return body | {"encoding": "base64", "content": base64.encodebytes(raw).decode()}


def symlink_content(state: State, full_name: str, ref: str, entry: TreeEntry, target: str) -> Json:
    """Return a symlink that GitHub does not follow as `content-symlink`."""
    return entry_content(state, full_name, ref, entry) | {"type": "symlink", "target": target}


def submodule_content(state: State, full_name: str, ref: str, entry: TreeEntry) -> Json:
    """Return a submodule as `content-submodule`."""
    url = "https://github.com/other/repository.git"
    return entry_content(state, full_name, ref, entry) | {"type": "submodule", "submodule_git_url": url}


def entry_content(state: State, full_name: str, ref: str, entry: TreeEntry) -> Json:
    """Return a file or folder as a folder's listing names it."""
    path, api = quote(entry.path), api_url(state, full_name)
    is_file = entry.kind == "blob"
    here = f"{api}/contents/{path}?ref={quote(ref, safe='')}"
    git_url = f"{api}/git/{'blobs' if is_file else 'trees'}/{entry.sha}"
    web = f"{WEB}/{full_name}/{'blob' if is_file else 'tree'}/{quote(ref)}/{path}"
    raw = f"https://raw.githubusercontent.com/{full_name}/{quote(ref)}/{path}" if is_file else None
    return {
        "type": "file" if is_file else "dir",
        "name": entry.path.rpartition("/")[2],
        "path": entry.path,
        "sha": entry.sha,
        "size": entry.size,
        "url": here,
        "html_url": web,
        "git_url": git_url,
        "download_url": raw,
        "_links": {"self": here, "git": git_url, "html": web},
    }


def blob(state: State, full_name: str, sha: str) -> Json:
    """Return a blob as `blob`, its bytes in base64 with a line feed every 76 characters."""
    raw = state.gits[full_name].read_blob(sha)
    return {
        "sha": sha,
        "node_id": node_id("Blob", sha),
        "size": len(raw),
        "url": f"{api_url(state, full_name)}/git/blobs/{sha}",
        "content": base64.encodebytes(raw).decode(),
        "encoding": "base64",
    }


def reference(state: State, full_name: str, ref: str, sha: str) -> Json:
    """Return a full ref name and its commit as `git-ref`."""
    api = api_url(state, full_name)
    target = {"type": "commit", "sha": sha, "url": f"{api}/git/commits/{sha}"}
    return {"ref": ref, "node_id": node_id("Ref", ref), "url": f"{api}/git/{ref}", "object": target}


def branch(state: State, full_name: str, name: str, sha: str) -> Json:
    """Return a branch as `branch-with-protection`."""
    api = f"{api_url(state, full_name)}/branches/{quote(name)}"
    off = {
        "enabled": False,
        "required_status_checks": {"enforcement_level": "off", "contexts": [], "checks": []},
    }
    return {
        "name": name,
        "commit": commit(state, full_name, sha),
        "_links": {"self": api, "html": f"{WEB}/{full_name}/tree/{quote(name)}"},
        "protected": False,
        "protection": off,
        "protection_url": f"{api}/protection",
    }


def pushed_commit(state: State, full_name: str, git: Git, sha: str) -> Json:
    """Return a commit as the `push` event lists it; a renamed file is one removed and one added."""
    found = git.read_commit(sha)
    changed = git.changes(found.parents[0] if found.parents else EMPTY_TREE, sha)
    return summary_commit(found) | {
        "distinct": True,
        "url": f"{WEB}/{full_name}/commit/{sha}",
        "author": _pusher(state, found.author),
        "committer": _pusher(state, found.committer),
        "added": [item.path for item in changed if item.status in {"added", "renamed"}],
        "removed": [item.previous or item.path for item in changed if item.status in {"removed", "renamed"}],
        "modified": [item.path for item in changed if item.status in {"modified", "changed"}],
    }


def _pusher(state: State, signature: Signature) -> Json:
    person: Json = {"name": signature.name, "email": signature.email}
    return person | {"username": signature.name} if state.find_account(signature.name) else person


def summary_commit(found: Commit) -> Json:
    """Return a commit as check suites carry it (`simple-commit`)."""
    return {
        "id": found.sha,
        "tree_id": found.tree,
        "message": found.message,
        "timestamp": stamp(found.committer.when),
        "author": {"name": found.author.name, "email": found.author.email},
        "committer": {"name": found.committer.name, "email": found.committer.email},
    }
