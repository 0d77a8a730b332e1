"""Acknowledge a command by a reaction instead of a comment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from github.Repository import Repository

Reaction = Literal["eyes", "rocket", "confused"]
"""Respectively: the command was read, it was done, it was not understood or not allowed."""


def react(repository: Repository, number: int, comment_id: int, reaction: Reaction) -> None:
    """Add the App's reaction to a comment of pull request ``number``; does nothing if it is already there.

    Raises:
        GitHubUnavailable: GitHub cannot be used now.
        GitHubRefused: the comment was deleted, or the App may not react.
    """
    repository.get_issue(number).get_comment(comment_id).create_reaction(reaction)
