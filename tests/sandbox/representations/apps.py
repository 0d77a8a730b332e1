"""The App, its installations and their tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.sandbox.representations.accounts import WEB, account, node_id, optional_stamp, stamp
from tests.sandbox.representations.repositories import repository
from tests.sandbox.state import EPOCH

if TYPE_CHECKING:
    from tests.sandbox.model import Installation, Json, Token
    from tests.sandbox.state import State


def app(state: State) -> Json:
    """Return the App as `integration`."""
    it = state.app
    return {
        "id": it.id,
        "slug": it.slug,
        "node_id": node_id("Integration", it.id),
        "client_id": it.client_id,
        "owner": account(state, it.owner),
        "name": it.name,
        "description": "Stands at the gate of a curated paper list.",
        "external_url": "https://example.org/papergate",
        "html_url": f"{WEB}/apps/{it.slug}",
        "created_at": stamp(EPOCH),
        "updated_at": stamp(EPOCH),
        "permissions": dict(it.permissions),
        "events": list(it.events),
    }


def own_app(state: State) -> Json:
    """Return the App as it sees itself, with its count of installations."""
    return app(state) | {"installations_count": len(state.installations)}


def installation(state: State, item: Installation) -> Json:
    """Return an installation as `installation`."""
    made = stamp(item.created_at)
    holder = account(state, item.account)
    kind = str(holder["type"])
    settings = "organizations/" + item.account + "/settings" if kind == "Organization" else "settings"
    return {
        "id": item.id,
        "client_id": state.app.client_id,
        "account": holder,
        "repository_selection": selection(item),
        "access_tokens_url": f"{state.url}/app/installations/{item.id}/access_tokens",
        "repositories_url": f"{state.url}/installation/repositories",
        "html_url": f"{WEB}/{settings}/installations/{item.id}",
        "app_id": state.app.id,
        "app_slug": state.app.slug,
        "target_id": holder["id"],
        "target_type": kind,
        "permissions": state.granted(item),
        "events": list(state.app.events),
        "created_at": made,
        "updated_at": made,
        "single_file_name": None,
        "has_multiple_single_files": False,
        "single_file_paths": [],
        "suspended_by": holder if item.suspended_at else None,
        "suspended_at": optional_stamp(item.suspended_at),
    }


def selection(item: Installation) -> str:
    """Return whether an installation covers all repositories of its account or some."""
    return "all" if item.repositories is None else "selected"


def installation_reference(item: Installation) -> Json:
    """Return an installation as every event names it."""
    return {"id": item.id, "node_id": node_id("Integration", item.id)}


def token(state: State, item: Token) -> Json:
    """Return a new token as `installation-token`, with its repositories where they were chosen."""
    body: Json = {
        "token": item.value,
        "expires_at": stamp(item.expires_at),
        "permissions": dict(item.permissions),
        "repository_selection": "all" if item.repositories is None else "selected",
    }
    if item.repositories is not None:
        chosen = [each for each in state.repositories.values() if each.full_name in item.repositories]
        body["repositories"] = [repository(state, each) for each in chosen]
    return body
