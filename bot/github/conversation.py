"""Read the comment that holds a command, and reply to it once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel

from bot.github.reading import Account, read

if TYPE_CHECKING:
    from github.Repository import Repository


_REPLY = "<!-- papergate:answer:"
Source = Literal["comment", "review"]
"""Where a command can be written."""


@dataclass(frozen=True, slots=True)
class Comment:
    """The current state of a comment."""

    body: str
    login: str
    user_id: int
    is_bot: bool
    url: str
    """Address of its page."""
    written_at: datetime


class _Body(BaseModel):
    body: str | None
    user: Account | None
    html_url: str
    created_at: datetime | None = None
    submitted_at: datetime | None = None
    """Of a review."""


def read_comment(repository: Repository, number: int, source: Source, comment_id: int) -> Comment | None:
    """Return a comment or review of a pull request; ``None`` if its author's account was deleted.

    Raises:
        GitHubUnavailable: it cannot be read now.
        GitHubRefused: the App may not read it, or it does not exist.
    """
    path = (
        f"/issues/comments/{comment_id}" if source == "comment" else f"/pulls/{number}/reviews/{comment_id}"
    )
    found = read(repository, path, _Body)
    written_at = found.created_at or found.submitted_at
    if found.user is None or written_at is None:
        return None
    is_bot = found.user.type == "Bot"
    return Comment(found.body or "", found.user.login, found.user.id, is_bot, found.html_url, written_at)


def reply_once(repository: Repository, number: int, name: str, text: str, *, bot_id: int) -> bool:
    """Reply to a comment unless the App has already replied; return True if a reply was written.

    ``name`` is the comment's, by which a reply is known again.

    Raises:
        GitHubUnavailable: GitHub cannot be used now; calling again is safe.
        GitHubRefused: the App may not comment, for example because the conversation is locked.
    """
    marker = f"{_REPLY}{name} -->"
    issue = repository.get_issue(number)
    for item in issue.get_comments():
        if item.user is not None and item.user.id == bot_id and marker in (item.body or ""):
            return False
    issue.create_comment(f"{text}\n\n{marker}")
    return True


def is_reply(body: str) -> bool:
    """Return True if a comment of the App is a reply: its marker is the last line."""
    return body.rstrip().rpartition("\n")[2].startswith(_REPLY)
