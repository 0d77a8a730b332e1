"""Who somebody is to a repository."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.github.errors import GitHubRefused

if TYPE_CHECKING:
    from github.Repository import Repository

ROLES = frozenset({"admin", "maintain", "write", "triage", "read", "none"})


def role_of(repository: Repository, login: str) -> str:
    """Return the user's role, one of `ROLES`; for a role an organization made, the one it is built on.

    https://docs.github.com/en/rest/collaborators/collaborators#get-repository-permissions-for-a-user

    Raises:
        GitHubUnavailable: GitHub cannot be asked now.
        GitHubRefused: GitHub does not let the App ask.
    """
    try:
        role = repository.get_collaborator_role_name(login)
        return role if role in ROLES else repository.get_collaborator_permission(login)
    except GitHubRefused as refused:
        if refused.status == 404:  # no such user any more
            return "none"
        raise
