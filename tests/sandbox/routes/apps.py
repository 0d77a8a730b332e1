"""The App and its installations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.sandbox.access import SUSPENDED, issue_token
from tests.sandbox.http import Answer, RefusalError, Route, not_found
from tests.sandbox.representations import apps, repositories

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.sandbox.http import Call
    from tests.sandbox.model import Installation, Json


def _installation(call: Call, number: int) -> Installation:
    found = call.state.installations.get(number)
    if found is None:
        raise not_found()
    return found


def get_app(call: Call) -> Answer:
    """GET /app."""
    return Answer(200, apps.own_app(call.state))


def list_installations(call: Call) -> Answer:
    """GET /app/installations."""
    return call.page([apps.installation(call.state, item) for item in call.state.installations.values()])


def get_installation(call: Call, number: int) -> Answer:
    """GET /app/installations/{installation_id}."""
    return Answer(200, apps.installation(call.state, _installation(call, number)))


def get_repository_installation(call: Call, owner: str, repo: str) -> Answer:
    """GET /repos/{owner}/{repo}/installation."""
    repository = call.state.find_repository(f"{owner}/{repo}")
    found = call.state.installation_for(repository.full_name) if repository else None
    if found is None:
        raise not_found()
    return Answer(200, apps.installation(call.state, found))


def create_token(call: Call, number: int) -> Answer:
    """POST /app/installations/{installation_id}/access_tokens."""
    installation = _installation(call, number)
    if installation.suspended_at is not None:
        raise RefusalError(403, SUSPENDED)
    body = call.body()
    token = issue_token(
        call.state,
        installation,
        _permissions(call, installation, body),
        _repositories(call, installation, body),
    )
    return Answer(201, apps.token(call.state, token))


def _permissions(call: Call, installation: Installation, body: Json) -> dict[str, str]:
    """Return the permissions asked for; more than the installation has is refused, as GitHub does."""
    asked = body.get("permissions") or {}
    if not isinstance(asked, dict):
        raise RefusalError(422, "Invalid request.")
    granted = call.state.granted(installation)
    for name, level in asked.items():
        if granted.get(name) not in {"write", level}:
            raise RefusalError(422, "The permissions requested are not granted to this installation.")
    return {str(name): str(level) for name, level in asked.items()}


def _repositories(call: Call, installation: Installation, body: Json) -> frozenset[str] | None:
    """Return the covered repositories that are asked for, by name or id; None means all."""
    if not ("repositories" in body or "repository_ids" in body):
        return installation.repositories
    names, ids = body.get("repositories") or [], body.get("repository_ids") or []
    if not (isinstance(names, list) and isinstance(ids, list)):
        raise RefusalError(422, "Invalid request.")
    covered = call.state.covered(installation)
    chosen = frozenset(item.full_name for item in covered if item.name in names or item.id in ids)
    if len(chosen) < len({*names, *ids}):
        raise RefusalError(422, "There is at least one repository that does not exist or is not accessible.")
    return chosen


def list_repositories(call: Call) -> Answer:
    """GET /installation/repositories."""
    shown = [item for item in call.state.covered(call.installation) if call.covers(item)]
    bodies = [repositories.repository(call.state, item) for item in shown]
    selection = apps.selection(call.installation)

    def wrap(page: Sequence[object], total: int) -> object:
        return {"total_count": total, "repository_selection": selection, "repositories": page}

    return call.page(bodies, wrap)


ROUTES = (
    Route("GET", "/app", get_app, as_app=True),
    Route("GET", "/app/installations", list_installations, as_app=True),
    Route("GET", "/app/installations/<int:number>", get_installation, as_app=True),
    Route("POST", "/app/installations/<int:number>/access_tokens", create_token, as_app=True),
    Route("GET", "/repos/<owner>/<repo>/installation", get_repository_installation, as_app=True),
    Route("GET", "/installation/repositories", list_repositories),
)
