"""What each webhook event carries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.sandbox.representations import apps, checks, commits, pulls, repositories, reviews
from tests.sandbox.representations.accounts import WEB, account
from tests.sandbox.representations.comments import comment as comment_body

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.sandbox.model import (
        CheckRun,
        CheckSuite,
        Comment,
        Installation,
        Json,
        MergeGroup,
        Pull,
        Repository,
        Review,
    )
    from tests.sandbox.state import State

NO_COMMIT = "0" * 40


def _common(state: State, full_name: str, sender: str) -> Json:
    item = state.repositories[full_name]
    body: Json = {
        "repository": repositories.repository(state, item, role=None),
        "sender": account(state, sender),
    }
    owner = state.account(item.owner)
    if owner.type == "Organization":
        body["organization"] = _organization(state, owner.login)
    installed = state.installation_for(full_name)
    return body | ({"installation": apps.installation_reference(installed)} if installed else {})


def _organization(state: State, login: str) -> Json:
    holder = account(state, login)
    api = f"{state.url}/orgs/{login}"
    tails = ("hooks", "issues", "members{/member}", "public_members{/member}", "repos", "events")
    urls = {f"{tail.partition('{')[0]}_url": f"{api}/{tail}" for tail in tails}
    kept = {name: holder[name] for name in ("login", "id", "node_id", "avatar_url")}
    return kept | {"url": api, "description": None} | urls


def pull_request(state: State, pull: Pull, action: str, sender: str, **more: object) -> Json:
    """Return a `pull_request` event: opened, edited, closed... `more` is what only that action carries."""
    body: Json = {"action": action, "number": pull.number, "pull_request": pulls.pull_request(state, pull)}
    return body | more | _common(state, pull.repository, sender)


def issue_comment(state: State, item: Comment, action: str, sender: str, **more: object) -> Json:
    """Return an `issue_comment` event: created, edited or deleted."""
    pull = state.pulls[(item.repository, item.number)]
    body: Json = {"action": action, "issue": pulls.issue(state, pull), "comment": comment_body(state, item)}
    return body | more | _common(state, item.repository, sender)


def check_run(state: State, run: CheckRun, action: str, sender: str, **more: object) -> Json:
    """Return a `check_run` event: created, completed, rerequested or requested_action."""
    body: Json = {"action": action, "check_run": checks.check_run_event(state, run)}
    return body | more | _common(state, run.repository, sender)


def check_suite(state: State, suite: CheckSuite, action: str, sender: str) -> Json:
    """Return a `check_suite` event: requested or rerequested."""
    body: Json = {"action": action, "check_suite": checks.check_suite_event(state, suite)}
    return body | _common(state, suite.repository, sender)


def push(state: State, full_name: str, branch: str, span: tuple[str | None, str], sender: str) -> Json:
    """Return a `push` event of a branch; `span` is the commits before (None: a new branch) and after."""
    before, after = span
    git = state.gits[full_name]
    shas = git.commits_between(before, after) if before else (after,)
    pushed = [commits.pushed_commit(state, full_name, git, sha) for sha in shas[-20:]]
    forced = before is not None and git.merge_base(before, after) != before
    shown = f"{before[:12]}...{after[:12]}" if before else branch
    body = _common(state, full_name, sender)
    return body | {
        "ref": f"refs/heads/{branch}",
        "before": before or NO_COMMIT,
        "after": after,
        "base_ref": None,
        "created": before is None,
        "deleted": False,
        "forced": forced,
        "compare": f"{WEB}/{full_name}/compare/{shown}",
        "commits": pushed,
        "head_commit": commits.pushed_commit(state, full_name, git, after),
        "pusher": {"name": sender, "email": git.read_commit(after).author.email},
        "repository": repositories.pushed_repository(state, state.repositories[full_name]),
    }


def merge_group(state: State, item: MergeGroup, action: str, sender: str, **more: object) -> Json:
    """Return a `merge_group` event: checks_requested, or destroyed with its reason."""
    head = state.gits[item.repository].read_commit(item.head_sha)
    group = {
        "head_sha": item.head_sha,
        "head_ref": item.head_ref,
        "base_sha": item.base_sha,
        "base_ref": f"refs/heads/{item.base_ref}",
        "head_commit": commits.summary_commit(head),
    }
    return {"action": action, "merge_group": group} | more | _common(state, item.repository, sender)


def installation(state: State, item: Installation, action: str) -> Json:
    """Return an `installation` event: created, deleted, suspend, unsuspend, new_permissions_accepted."""
    listed = [repositories.brief_repository(each) for each in state.covered(item)]
    body: Json = {"action": action, "installation": apps.installation(state, item), "repositories": listed}
    return body | {"requester": None, "sender": account(state, item.account)}


def repository_renamed(state: State, item: Repository, former: str) -> Json:
    """Return a `repository` event of the action `renamed`; `former` is the name without the owner."""
    changes = {"repository": {"name": {"from": former}}}
    return {"action": "renamed", "changes": changes} | _common(state, item.full_name, item.owner)


def pull_request_review(state: State, item: Review, action: str) -> Json:
    """Return a `pull_request_review` event: submitted, edited or dismissed."""
    pull = state.pulls[(item.repository, item.number)]
    shown = reviews.review(state, item)
    body: Json = {
        "action": action,
        "review": shown | {"state": item.state.lower()},
        "pull_request": pulls.simple_pull(state, pull),
    }
    return body | _common(state, item.repository, item.author)


def installation_repositories(
    state: State, item: Installation, added: Iterable[str], removed: Iterable[str]
) -> Json:
    """Return an `installation_repositories` event: `added` if `added` names any, else `removed`."""
    gained = [repositories.brief_repository(state.repositories[name]) for name in added]
    lost = [repositories.brief_repository(state.repositories[name]) for name in removed]
    return {
        "action": "added" if gained else "removed",
        "installation": apps.installation(state, item),
        "repository_selection": apps.selection(item),
        "repositories_added": gained,
        "repositories_removed": lost,
        "requester": None,
        "sender": account(state, item.account),
    }
