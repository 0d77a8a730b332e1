"""What rows, jobs and locks are keyed by: GitHub's numeric ids. Names change and are reused."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RepositoryRef:
    """A repository that an installation of the App covers; ``full_name`` is for display only."""

    id: int
    installation_id: int
    full_name: str


@dataclass(frozen=True, slots=True)
class PullKey:
    """A pull request, by its repository's id."""

    repository_id: int
    number: int
