"""GitHub as a token sees it, the one of a GitHub Actions job for example."""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from github.Auth import Token
from github.NamedUser import NamedUser
from github.Repository import Repository

from bot.github.app import TIMEOUT
from bot.github.rate_limit import RateLimit
from bot.github.requester import GitHubRequester

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def open_repository(token: str, api_url: str, full_name: str) -> Iterator[Repository]:
    """Open a repository, for one thread; its methods raise `GitHubUnavailable` and `GitHubRefused`."""
    with closing(
        GitHubRequester(
            Token(token), api_url=api_url, timeout=TIMEOUT, total=2 * TIMEOUT, rate_limit=RateLimit()
        )
    ) as requester:
        yield Repository(requester, url=f"/repos/{full_name}")


def user_id(repository: Repository, login: str) -> int:
    """Return the id of a user. Raises as the methods of ``repository``."""
    user: int = NamedUser(repository.requester, url=f"/users/{login}").id
    return user
