"""Find the open pull requests of a commit, a branch or a repository."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from github.Repository import Repository


def pulls_of_head(repository: Repository, sha: str) -> tuple[int, ...]:
    """Return the numbers of the open pull requests whose head is ``sha``, forks included, lowest first.

    This lists all open pull requests: GitHub's own list for a commit leaves out those from forks.

    Raises:
        GitHubUnavailable: GitHub cannot be asked now.
        GitHubRefused: GitHub does not let the App read pull requests.
    """
    return tuple(sorted(pull.number for pull in repository.get_pulls(state="open") if pull.head.sha == sha))


def pulls_into(repository: Repository, branch: str) -> tuple[tuple[int, str], ...]:
    """Return number and head SHA of the open pull requests into a branch, lowest first.

    Raises as `pulls_of_head` does.
    """
    pulls = repository.get_pulls(state="open", base=branch)
    return tuple(sorted((pull.number, pull.head.sha) for pull in pulls))


def open_pulls(repository: Repository) -> tuple[int, ...]:
    """Return the numbers of all open pull requests, lowest first. Raises as `pulls_of_head` does."""
    return tuple(sorted(pull.number for pull in repository.get_pulls(state="open")))
