"""Accounts, roles and associations."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from tests.sandbox.model import Account, Json, Pull
    from tests.sandbox.state import State

WEB = "https://github.com"
ROLES = ("none", "read", "triage", "write", "maintain", "admin")


def stamp(when: datetime) -> str:
    """Return a time as GitHub writes it."""
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


def optional_stamp(when: datetime | None) -> str | None:
    """Return a time as GitHub writes it, or None."""
    return stamp(when) if when else None


def node_id(kind: str, number: int | str) -> str:
    """Return the opaque GraphQL id of a thing."""
    return base64.b64encode(f"0:{kind}{number}".encode()).decode()


def account(state: State, login: str) -> Json:
    """Return an account as `simple-user`."""
    person = state.account(login)
    return _account(state, person)


def _account(state: State, person: Account) -> Json:
    bot = person.type == "Bot"
    api = f"{state.url}/users/{person.login.replace('[', '%5B').replace(']', '%5D')}"
    return {
        "login": person.login,
        "id": person.id,
        "node_id": node_id("User", person.id),
        "avatar_url": f"https://avatars.githubusercontent.com/u/{person.id}?v=4",
        "gravatar_id": "",
        "url": api,
        "html_url": f"{WEB}/apps/{person.login.removesuffix('[bot]')}" if bot else f"{WEB}/{person.login}",
        "followers_url": f"{api}/followers",
        "following_url": f"{api}/following{{/other_user}}",
        "gists_url": f"{api}/gists{{/gist_id}}",
        "starred_url": f"{api}/starred{{/owner}}{{/repo}}",
        "subscriptions_url": f"{api}/subscriptions",
        "organizations_url": f"{api}/orgs",
        "repos_url": f"{api}/repos",
        "events_url": f"{api}/events{{/privacy}}",
        "received_events_url": f"{api}/received_events",
        "type": person.type,
        "user_view_type": "public",
        "site_admin": False,
    }


def profile(state: State, person: Account) -> Json:
    """Return an account as `public-user`."""
    nothing = dict.fromkeys(
        ("name", "company", "blog", "location", "email", "hireable", "bio", "twitter_username")
    )
    counts = dict.fromkeys(("public_repos", "public_gists", "followers", "following"), 0)
    del nothing["twitter_username"]
    made = stamp(person.created_at)
    return (
        _account(state, person) | nothing | {"blog": ""} | counts | {"created_at": made, "updated_at": made}
    )


def role_flags(role: str) -> Json:
    """Return what a role may do, as `permissions` of a repository or collaborator."""
    level = ROLES.index(role)
    names = {"admin": "admin", "maintain": "maintain", "push": "write", "triage": "triage", "pull": "read"}
    return {name: level >= ROLES.index(least) for name, least in names.items()}


def collaborator_permission(state: State, full_name: str, login: str) -> Json:
    """Return `repository-collaborator-permission`: the old four-step permission and the role's own name."""
    role = state.permission(full_name, login)
    old = {"maintain": "write", "triage": "read"}.get(role, role)
    person = account(state, login) | {"permissions": role_flags(role), "role_name": role}
    return {"permission": old, "role_name": role, "user": person}


def association(state: State, full_name: str, login: str) -> str:
    """Return a person's `author_association` with a repository."""
    repository = state.repositories[full_name]
    if repository.owner.lower() == login.lower():
        return "OWNER"
    if (full_name, login.lower()) in state.permissions:
        return "COLLABORATOR"
    merged = any(_merged_by_author(pull, full_name, login) for pull in state.pulls.values())
    return "CONTRIBUTOR" if merged else "NONE"


def _merged_by_author(pull: Pull, full_name: str, login: str) -> bool:
    return (
        pull.repository == full_name and pull.merged_at is not None and pull.author.lower() == login.lower()
    )
