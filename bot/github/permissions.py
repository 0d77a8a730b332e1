"""A user's role in a repository."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.github.errors import GitHubRefused

if TYPE_CHECKING:
    from github.Repository import Repository

ROLES = frozenset({"admin", "maintain", "write", "triage", "read", "none"})


def role_of(repository: Repository, login: str) -> str:
    """Return the user's role, one of `ROLES`; for an organization's custom role, the role it inherits from.

    https://docs.github.com/en/rest/collaborators/collaborators#get-repository-permissions-for-a-user

    Raises:
        GitHubUnavailable: GitHub cannot be asked now.
        GitHubRefused: the App may not read roles.
    """
    try:
        role = repository.get_collaborator_role_name(login)
        return role if role in ROLES else repository.get_collaborator_permission(login)
    except GitHubRefused as refused:
        if refused.status == 404:  # the account was deleted
            return "none"
        raise
