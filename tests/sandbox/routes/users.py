"""People, and what they may do on a repository."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.sandbox.http import Answer, RefusalError, Route, not_found
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
    """GET /repos/{owner}/{repo}/collaborators/{username}/permission; an App's bot has none: 404."""
    repository = call.repository(owner, repo)
    found = call.state.find_account(login)
    if found is None:
        raise not_found()
    if found.type == "Bot":
        raise RefusalError(404, f"{login} is not a user")
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
