"""Read the comment that holds a command, and reply to it once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.github.errors import GitHubRefused

if TYPE_CHECKING:
    from datetime import datetime

    from github.Repository import Repository


_REPLY = "<!-- papergate:answer:"


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


def read_comment(repository: Repository, number: int, comment_id: int) -> Comment | None:
    """Return a comment on a pull request; ``None`` if it or its author's account was deleted.

    Raises:
        GitHubUnavailable: it cannot be read now.
        GitHubRefused: the App may not read it.
    """
    try:
        found = repository.get_issue(number).get_comment(comment_id)
        body, author = found.body, found.raw_data.get("user")
    except GitHubRefused as refused:
        if refused.status in {404, 410}:
            return None
        raise
    if author is None:
        return None
    is_bot = author["type"] == "Bot"
    return Comment(body or "", author["login"], author["id"], is_bot, found.html_url, found.created_at)


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
