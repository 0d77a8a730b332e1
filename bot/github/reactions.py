"""Acknowledge a command by a reaction instead of a comment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from github.Repository import Repository

Reaction = Literal["eyes", "rocket", "confused"]
"""Respectively: the command was read, it was done, it was not understood or not allowed."""


def react(repository: Repository, comment_id: int, reaction: Reaction) -> None:
    """Add the App's reaction to a comment; does nothing if it is already there.

    Raises:
        GitHubUnavailable: GitHub cannot be used now.
        GitHubRefused: the comment was deleted, or the App may not react.
    """
    repository.requester.requestJsonAndCheck(
        "POST", f"{repository.url}/issues/comments/{comment_id}/reactions", input={"content": reaction}
    )
