"""From a commit to the pull requests it heads."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from github.Repository import Repository


def pulls_of_head(repository: Repository, sha: str) -> tuple[int, ...]:
    """Return the numbers of the open pull requests whose head is ``sha``, forks included, lowest first.

    All open pull requests are looked through: the list GitHub keeps for a commit leaves out those of forks.

    Raises:
        GitHubUnavailable: GitHub cannot be asked now.
        GitHubRefused: GitHub does not let the App read pull requests.
    """
    return tuple(sorted(pull.number for pull in repository.get_pulls(state="open") if pull.head.sha == sha))
