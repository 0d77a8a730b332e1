"""Repositories, in the forms REST answers and webhooks use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.sandbox.representations.accounts import WEB, account, node_id, role_flags, stamp

if TYPE_CHECKING:
    from tests.sandbox.model import Json, Repository
    from tests.sandbox.state import State

_PLAIN = (
    "contributors",
    "deployments",
    "downloads",
    "events",
    "forks",
    "hooks",
    "languages",
    "merges",
    "stargazers",
    "subscribers",
    "subscription",
    "tags",
    "teams",
)
_TEMPLATES = {
    "archive_url": "{archive_format}{/ref}",
    "assignees_url": "assignees{/user}",
    "blobs_url": "git/blobs{/sha}",
    "branches_url": "branches{/branch}",
    "collaborators_url": "collaborators{/collaborator}",
    "comments_url": "comments{/number}",
    "commits_url": "commits{/sha}",
    "compare_url": "compare/{base}...{head}",
    "contents_url": "contents/{+path}",
    "git_commits_url": "git/commits{/sha}",
    "git_refs_url": "git/refs{/sha}",
    "git_tags_url": "git/tags{/sha}",
    "issue_comment_url": "issues/comments{/number}",
    "issue_events_url": "issues/events{/number}",
    "issues_url": "issues{/number}",
    "keys_url": "keys{/key_id}",
    "labels_url": "labels{/name}",
    "milestones_url": "milestones{/number}",
    "notifications_url": "notifications{?since,all,participating}",
    "pulls_url": "pulls{/number}",
    "releases_url": "releases{/id}",
    "statuses_url": "statuses/{sha}",
    "trees_url": "git/trees{/sha}",
}


def api_url(state: State, full_name: str) -> str:
    """Return a repository's address in the REST API."""
    return f"{state.url}/repos/{full_name}"


def _links(state: State, repository: Repository) -> Json:
    api = api_url(state, repository.full_name)
    web = f"{WEB}/{repository.full_name}"
    links: Json = {name: f"{api}/{tail}" for name, tail in _TEMPLATES.items()}
    links |= {f"{name}_url": f"{api}/{name}" for name in _PLAIN}
    return links | {
        "url": api,
        "html_url": web,
        "clone_url": f"{web}.git",
        "git_url": f"git://github.com/{repository.full_name}.git",
        "ssh_url": f"git@github.com:{repository.full_name}.git",
        "svn_url": web,
    }


def repository(state: State, item: Repository, *, role: str | None = "read") -> Json:
    """Return a repository as `repository`; `role` is what the asker may do, None leaves it out (webhooks)."""
    open_pulls = sum(
        pull.repository == item.full_name and pull.state == "open" for pull in state.pulls.values()
    )
    forks = sum(other.parent == item.full_name for other in state.repositories.values())
    body: Json = {
        "id": item.id,
        "node_id": node_id("Repository", item.id),
        "name": item.name,
        "full_name": item.full_name,
        "owner": account(state, item.owner),
        "private": item.private,
        "description": item.description,
        "fork": item.parent is not None,
        "created_at": stamp(item.created_at),
        "updated_at": stamp(item.pushed_at),
        "pushed_at": stamp(item.pushed_at),
        "homepage": None,
        "mirror_url": None,
        "language": None,
        "license": None,
        "size": 128,
        "default_branch": item.default_branch,
        "visibility": "private" if item.private else "public",
        "topics": [],
        "allow_forking": True,
        "web_commit_signoff_required": False,
        "is_template": False,
        "archived": False,
        "disabled": False,
    }
    body |= {"has_issues": True, "has_projects": True, "has_downloads": True, "has_wiki": True}
    body |= {"has_pages": False, "has_discussions": False}
    body |= {"forks": forks, "forks_count": forks, "open_issues": open_pulls, "open_issues_count": open_pulls}
    body |= {"stargazers_count": 0, "watchers": 0, "watchers_count": 0}
    if role:
        body["permissions"] = role_flags(role)
    return body | _links(state, item)


def full_repository(state: State, item: Repository, *, role: str) -> Json:
    """Return a repository as `full-repository`, a fork with its parent and source."""
    body = repository(state, item, role=role) | {"subscribers_count": 0, "network_count": 0}
    parent = state.find_repository(item.parent) if item.parent else None
    if parent:
        body |= {"parent": repository(state, parent), "source": repository(state, parent)}
    return body


def pushed_repository(state: State, item: Repository) -> Json:
    """Return a repository as the `push` event spells it: two times as Unix seconds."""
    owner = account(state, item.owner) | {"name": item.owner, "email": None}
    times = {"created_at": int(item.created_at.timestamp()), "pushed_at": int(item.pushed_at.timestamp())}
    own = {"owner": owner, "stargazers": 0, "master_branch": item.default_branch}
    return repository(state, item, role=None) | times | own


def repository_reference(state: State, item: Repository) -> Json:
    """Return a repository as a check run's pull requests name it."""
    return {"id": item.id, "url": api_url(state, item.full_name), "name": item.name}


def brief_repository(item: Repository) -> Json:
    """Return a repository as installation events name it."""
    return {
        "id": item.id,
        "node_id": node_id("Repository", item.id),
        "name": item.name,
        "full_name": item.full_name,
        "private": item.private,
    }
