"""Read the comment that holds a command, and reply to it once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import BaseModel

from bot.github.reading import Account, read

if TYPE_CHECKING:
    from github.Repository import Repository


_REPLY = "<!-- papergate:answer:"


class _Comment(BaseModel):
    body: str | None = None
    user: Account | None
    html_url: str
    created_at: datetime


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


def read_comment(repository: Repository, comment_id: int) -> Comment | None:
    """Return a comment on a pull request; ``None`` if its author's account was deleted.

    Raises:
        GitHubUnavailable: it cannot be read now.
        GitHubRefused: it does not exist (any more, or not yet: GitHub's answers lag behind its events), or
            the App may not read it.
    """
    found = read(repository, f"/issues/comments/{comment_id}", _Comment)
    if found.user is None:
        return None
    return Comment(
        found.body or "",
        found.user.login,
        found.user.id,
        found.user.type == "Bot",
        found.html_url,
        found.created_at,
    )


def reply_once(repository: Repository, number: int, comment_id: int, text: str, *, bot_id: int) -> bool:
    """Reply to a comment unless the App has already replied; return True if a reply was written.

    Raises:
        GitHubUnavailable: GitHub cannot be used now; calling again is safe.
        GitHubRefused: the App may not comment, for example because the conversation is locked.
    """
    marker = f"{_REPLY}{comment_id} -->"
    issue = repository.get_issue(number)
    for item in issue.get_comments():
        if item.user is not None and item.user.id == bot_id and marker in (item.body or ""):
            return False
    issue.create_comment(f"{text}\n\n{marker}")
    return True


def is_reply(body: str) -> bool:
    """Return True if a comment of the App is a reply: its marker is the last line."""
    return body.rstrip().rpartition("\n")[2].startswith(_REPLY)
