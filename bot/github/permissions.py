"""A user's role in a repository."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel

from bot.github.reading import quoted, read

if TYPE_CHECKING:
    from github.Repository import Repository

ROLES = frozenset({"admin", "maintain", "write", "triage", "read", "none"})


class _Person(BaseModel):
    id: int


class _Permission(BaseModel):
    permission: str
    role_name: str = ""
    user: _Person | None


def role_of(repository: Repository, login: str, user_id: int) -> str:
    """Return the user's role, one of `ROLES`; for an organization's custom role, the role it inherits from.

    A login that belongs to somebody else by now has the role "none" here.

    https://docs.github.com/en/rest/collaborators/collaborators#get-repository-permissions-for-a-user

    Raises:
        GitHubUnavailable: GitHub cannot be asked now.
        GitHubRefused: the App may not read roles, or GitHub does not know the login.
    """
    found = read(repository, f"/collaborators/{quoted(login)}/permission", _Permission)
    if found.user is None or found.user.id != user_id:
        return "none"
    role = found.role_name if found.role_name in ROLES else found.permission
    return role if role in ROLES else "none"
