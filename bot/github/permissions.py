"""Who may tell Papergate what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.github.errors import GitHubRefused

if TYPE_CHECKING:
    from github.Repository import Repository

# GitHub reports the role "maintain" as write and "triage" as read:
# https://docs.github.com/en/rest/collaborators/collaborators#get-repository-permissions-for-a-user
_MAINTAINS = frozenset({"admin", "write"})


def maintains(repository: Repository, login: str) -> bool:
    """Return whether the user may write to the repository.

    Raises:
        GitHubUnavailable: GitHub cannot be asked now.
        GitHubRefused: GitHub does not let the App ask.
    """
    try:
        return repository.get_collaborator_permission(login) in _MAINTAINS
    except GitHubRefused as refused:
        if refused.status == 404:  # no such user any more
            return False
        raise


def may_recheck(repository: Repository, author: str, login: str) -> bool:
    """Return whether the user may have a pull request of ``author`` judged again.

    Its author may, and whoever `maintains` the repository; errors as there.
    """
    return login.casefold() == author.casefold() or maintains(repository, login)
