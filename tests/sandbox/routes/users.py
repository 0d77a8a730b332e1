"""People, and what they may do on a repository."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.sandbox.http import Answer, Route, not_found
from tests.sandbox.representations import accounts

if TYPE_CHECKING:
    from tests.sandbox.http import Call


def get_user(call: Call, login: str) -> Answer:
    """GET /users/{username}."""
    found = call.state.find_account(login)
    if found is None:
        raise not_found()
    return Answer(200, accounts.profile(call.state, found))


def get_permission(call: Call, owner: str, repo: str, login: str) -> Answer:
    """GET /repos/{owner}/{repo}/collaborators/{username}/permission."""
    repository = call.repository(owner, repo)
    if call.state.find_account(login) is None:
        raise not_found()
    return Answer(200, accounts.collaborator_permission(call.state, repository.full_name, login))


ROUTES = (
    Route("GET", "/users/<login>", get_user),
    Route(
        "GET",
        "/repos/<owner>/<repo>/collaborators/<login>/permission",
        get_permission,
        needs=("metadata:read",),
    ),
)
