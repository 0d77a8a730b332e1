"""Answering a command without writing a comment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from github.Repository import Repository

Reaction = Literal["eyes", "rocket", "confused"]
"""Seen, done, not understood or not allowed."""


def react(repository: Repository, number: int, comment_id: int, reaction: Reaction) -> None:
    """Put the App's reaction on a comment of pull request ``number``; one that is there already stays.

    Raises:
        GitHubUnavailable: it cannot be done now.
        GitHubRefused: the comment is gone, or the App may not react.
    """
    repository.get_issue(number).get_comment(comment_id).create_reaction(reaction)
