"""Pull requests, and the issues behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.sandbox.representations.accounts import WEB, account, association, node_id, optional_stamp, stamp
from tests.sandbox.representations.repositories import api_url, repository, repository_reference

if TYPE_CHECKING:
    from tests.sandbox.diff import FileChange
    from tests.sandbox.model import Json, Pull
    from tests.sandbox.state import State

REACTIONS = ("+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes")


def merge_base(state: State, pull: Pull, head: str) -> str | None:
    """Return where a commit of a pull request left its base branch, or None of unrelated histories."""
    git = state.gits[pull.repository]
    tip = pull.base_sha if pull.merged_at else git.resolve(f"refs/heads/{pull.base_ref}")
    return git.merge_base(tip or pull.base_sha, head)


def changes(state: State, pull: Pull, head: str | None = None) -> tuple[FileChange, ...]:
    """Return the files a pull request changes: from its merge base to its head, or to an earlier `head`."""
    end = head or pull.head_sha
    base = merge_base(state, pull, end)
    return state.gits[pull.repository].changes(base, end) if base else ()


def _end(state: State, full_name: str, ref: str, sha: str) -> Json:
    owner = full_name.partition("/")[0]
    return {
        "label": f"{owner}:{ref}",
        "ref": ref,
        "sha": sha,
        "user": account(state, owner),
        "repo": repository(state, state.repositories[full_name], role=None),
    }


def _links(state: State, pull: Pull) -> Json:
    api = api_url(state, pull.repository)
    here, issue = f"{api}/pulls/{pull.number}", f"{api}/issues/{pull.number}"
    web = f"{WEB}/{pull.repository}/pull/{pull.number}"
    urls: Json = {
        "url": here,
        "html_url": web,
        "diff_url": f"{web}.diff",
        "patch_url": f"{web}.patch",
        "issue_url": issue,
        "commits_url": f"{here}/commits",
        "review_comments_url": f"{here}/comments",
        "review_comment_url": f"{api}/pulls/comments{{/number}}",
        "comments_url": f"{issue}/comments",
        "statuses_url": f"{api}/statuses/{pull.head_sha}",
    }
    names = ("html", "issue", "comments", "review_comments", "review_comment", "commits", "statuses")
    links = {"self": {"href": here}} | {name: {"href": urls[f"{name}_url"]} for name in names}
    return urls | {"_links": links}


def simple_pull(state: State, pull: Pull) -> Json:
    """Return a pull request as lists give it (`pull-request-simple`)."""
    body: Json = {
        "id": pull.id,
        "node_id": node_id("PullRequest", pull.id),
        "number": pull.number,
        "state": pull.state,
        "locked": False,
        "active_lock_reason": None,
        "title": pull.title,
        "body": pull.body,
        "user": account(state, pull.author),
        "author_association": association(state, pull.repository, pull.author),
        "draft": pull.draft,
        "created_at": stamp(pull.created_at),
        "updated_at": stamp(pull.updated_at),
        "closed_at": optional_stamp(pull.closed_at),
        "merged_at": optional_stamp(pull.merged_at),
        "merge_commit_sha": pull.merge_commit_sha or _test_merge(state, pull),
        "head": _end(state, pull.head_repository, pull.head_ref, pull.head_sha),
        "base": _end(state, pull.repository, pull.base_ref, pull.base_sha),
    }
    nobody: Json = {"assignee": None, "milestone": None, "auto_merge": None}
    empty: Json = {name: [] for name in ("assignees", "labels", "requested_reviewers", "requested_teams")}
    return body | nobody | empty | _links(state, pull)


def pull_request(state: State, pull: Pull) -> Json:
    """Return a pull request in full (`pull-request`), as single answers and webhooks give it."""
    git = state.gits[pull.repository]
    changed = changes(state, pull)
    clean = None if pull.state == "closed" else _test_merge(state, pull) is not None
    merged_by = account(state, pull.merged_by) if pull.merged_by else None
    return simple_pull(state, pull) | {
        "merged": pull.merged_at is not None,
        "merged_by": merged_by,
        "mergeable": clean,
        "rebaseable": clean,
        "mergeable_state": {None: "unknown", True: "clean", False: "dirty"}[clean],
        "maintainer_can_modify": pull.head_repository != pull.repository,
        "comments": sum((item.repository, item.number) == pull.key for item in state.comments.values()),
        "review_comments": sum(
            (item.repository, item.number) == pull.key for item in state.review_comments.values()
        ),
        "commits": len(git.commits_between(pull.base_sha, pull.head_sha)),
        "additions": sum(item.additions for item in changed),
        "deletions": sum(item.deletions for item in changed),
        "changed_files": len(changed),
    }


def _test_merge(state: State, pull: Pull) -> str | None:
    """Return the commit GitHub would call `refs/pull/N/merge`, or None of a conflict."""
    git = state.gits[pull.repository]
    tip = git.resolve(f"refs/heads/{pull.base_ref}")
    merged = (
        git.test_merge(tip, pull.head_sha, state.merge_signature()) if tip and pull.state == "open" else None
    )
    if merged and state.test_merges.get(pull.key) != merged:
        state.test_merges[pull.key] = merged
        git.set_ref(f"refs/pull/{pull.number}/merge", merged)
    return merged


def reference(state: State, pull: Pull) -> Json:
    """Return a pull request as check runs and suites name it (`pull-request-minimal`)."""
    head, base = state.repositories[pull.head_repository], state.repositories[pull.repository]
    return {
        "id": pull.id,
        "number": pull.number,
        "url": f"{api_url(state, pull.repository)}/pulls/{pull.number}",
        "head": {"ref": pull.head_ref, "sha": pull.head_sha, "repo": repository_reference(state, head)},
        "base": {"ref": pull.base_ref, "sha": pull.base_sha, "repo": repository_reference(state, base)},
    }


def issue(state: State, pull: Pull) -> Json:
    """Return the issue behind a pull request, as comment events carry it."""
    api = f"{api_url(state, pull.repository)}/issues/{pull.number}"
    web = f"{WEB}/{pull.repository}/pull/{pull.number}"
    link: Json = {
        "url": f"{api_url(state, pull.repository)}/pulls/{pull.number}",
        "html_url": web,
        "diff_url": f"{web}.diff",
        "patch_url": f"{web}.patch",
        "merged_at": optional_stamp(pull.merged_at),
    }
    return {
        "id": pull.id + 1_000_000,
        "node_id": node_id("Issue", pull.id),
        "number": pull.number,
        "url": api,
        "repository_url": api_url(state, pull.repository),
        "labels_url": f"{api}/labels{{/name}}",
        "comments_url": f"{api}/comments",
        "events_url": f"{api}/events",
        "timeline_url": f"{api}/timeline",
        "html_url": web,
        "title": pull.title,
        "body": pull.body,
        "user": account(state, pull.author),
        "author_association": association(state, pull.repository, pull.author),
        "state": pull.state,
        "state_reason": None,
        "draft": pull.draft,
        "locked": False,
        "active_lock_reason": None,
        "labels": [],
        "assignee": None,
        "assignees": [],
        "milestone": None,
        "comments": sum((item.repository, item.number) == pull.key for item in state.comments.values()),
        "created_at": stamp(pull.created_at),
        "updated_at": stamp(pull.updated_at),
        "closed_at": optional_stamp(pull.closed_at),
        "pull_request": link,
        "reactions": {"url": f"{api}/reactions", "total_count": 0} | dict.fromkeys(REACTIONS, 0),
        "performed_via_github_app": None,
    }
