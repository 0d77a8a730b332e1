"""The GitHub App: its identity, and clients that act for its installations."""

from __future__ import annotations

import logging
import threading
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from github.Auth import AppAuth, Auth
from github.GithubApp import GithubApp
from github.Installation import Installation
from github.InstallationAuthorization import InstallationAuthorization
from github.NamedUser import NamedUser
from github.PaginatedList import PaginatedList
from github.Repository import Repository

from bot.github.rate_limit import RateLimit
from bot.github.requester import GitHubRequester

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

API_URL = "https://api.github.com"
TIMEOUT = 10.5
"""Seconds for connecting and for each read. GitHub itself gives up after ten:
https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api#timeouts"""

# A token lives an hour, the App's own JSON web token at most ten minutes; GitHub's clock may differ.
# https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app
JWT_SECONDS = 9 * 60
JWT_ISSUED_AT = -60
RENEW_BEFORE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class NamedRepository:
    """A repository that an installation covers; its name is for display, because it can change."""

    id: int
    full_name: str


@dataclass(frozen=True, slots=True)
class Identity:
    """The App's ids; ``bot_id`` is the id of the user that writes its comments."""

    app_id: int
    slug: str
    bot_id: int


class App:
    """The App's credentials and its clients. Safe to share among threads.

    ``api_url`` is GitHub's REST API; ``timeout`` is in seconds for each read, and a whole request may take
    twice as long; ``now`` returns the time with its zone.
    """

    def __init__(
        self,
        app_id: int,
        private_key: str,
        *,
        api_url: str = API_URL,
        timeout: float = TIMEOUT,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        # Below INFO, PyGithub logs the bodies of answers, and one of them is a token.
        logging.getLogger("github.Requester").setLevel(logging.INFO)
        self._auth = AppAuth(app_id, private_key, jwt_expiry=JWT_SECONDS, jwt_issued_at=JWT_ISSUED_AT)
        self._api_url, self._timeout, self._now = api_url.rstrip("/"), timeout, now
        self._lock = threading.Lock()
        self._rate_limit = RateLimit()
        self._installations: dict[int, _Installation] = {}
        self._identity: Identity | None = None

    @contextmanager
    def repository(
        self, installation_id: int, full_name: str, repository_id: int | None = None
    ) -> Iterator[Repository]:
        """Open a repository as the installation sees it, for one thread. Nothing is requested yet.

        With an id, every request is made by the id, and ``full_name`` (``owner/name``) does not matter.
        Without one, its methods raise `RepositoryMoved` if the name is not its name any more. All methods
        raise `GitHubUnavailable` and `GitHubRefused`.
        """
        path = f"/repos/{full_name}" if repository_id is None else f"/repositories/{repository_id}"
        with self._acting_as(installation_id, repository_id) as requester:
            yield Repository(requester, url=path)

    def identity(self, installation_id: int) -> Identity:
        """Return the App's identity, read once through any of its installations.

        Raises:
            GitHubUnavailable: GitHub cannot be asked now.
            GitHubRefused: the App's id and key do not belong together.
        """
        if self._identity is None:
            with self.as_app() as requester:
                app = GithubApp(requester, url="/app")
                app_id, slug = app.id, app.slug
            with self._acting_as(installation_id) as requester:
                bot = NamedUser(requester, url=f"/users/{slug}[bot]")
                self._identity = Identity(app_id, slug, bot.id)
        return self._identity

    def installations(self) -> tuple[int, ...]:
        """Return the ids of the installations that are not suspended. Raises as `identity` does."""
        with self.as_app() as requester:
            found = PaginatedList(Installation, requester, "/app/installations", None)
            return tuple(item.id for item in found if item.suspended_at is None)

    def repositories(self, installation_id: int) -> tuple[NamedRepository, ...]:
        """Return the repositories that an installation covers, without archived ones.

        Raises:
            GitHubUnavailable: GitHub cannot be asked now.
            GitHubRefused: the installation does not exist any more.
        """
        with self._acting_as(installation_id) as requester:
            found = PaginatedList(
                Repository, requester, "/installation/repositories", None, list_item="repositories"
            )
            return tuple(NamedRepository(item.id, item.full_name) for item in found if not item.archived)

    def renew_token(self, installation_id: int) -> None:
        """Forget an installation's token, so that the next request gets a new one."""
        with self._lock:
            installation = self._installations.get(installation_id)
        if installation is not None:
            installation.renew()

    def may_commit(self, installation_id: int) -> bool:
        """Return whether the installation's token may write to contents. Raises as `repositories`."""
        with self._acting_as(installation_id):
            return self._installations[installation_id].permissions.get("contents") == "write"

    @contextmanager
    def as_app(self) -> Iterator[GitHubRequester]:
        """Open GitHub as the App itself sees it, for one thread."""
        with closing(
            GitHubRequester(
                self._auth,
                api_url=self._api_url,
                timeout=self._timeout,
                total=2 * self._timeout,
                rate_limit=self._rate_limit,
            )
        ) as requester:
            yield requester

    @contextmanager
    def _acting_as(self, installation_id: int, repository_id: int | None = None) -> Iterator[GitHubRequester]:
        with self._lock:
            installation = self._installations.setdefault(
                installation_id, _Installation(lambda: self._new_token(installation_id), self._now)
            )
        with closing(
            GitHubRequester(
                installation,
                api_url=self._api_url,
                timeout=self._timeout,
                total=2 * self._timeout,
                rate_limit=installation.rate_limit,
                repository_id=repository_id,
                renew=installation.renew,
            )
        ) as requester:
            yield requester

    def _new_token(self, installation_id: int) -> InstallationAuthorization:
        with self.as_app() as requester:
            headers, data = requester.requestJsonAndCheck(
                "POST", f"/app/installations/{installation_id}/access_tokens"
            )
            return InstallationAuthorization(requester, headers, data)


class _Installation(Auth):
    """An installation's token, kept until shortly before it expires, and its rate limit."""

    def __init__(
        self, new_token: Callable[[], InstallationAuthorization], now: Callable[[], datetime]
    ) -> None:
        self.rate_limit = RateLimit()
        self._new_token, self._now = new_token, now
        self._lock = threading.Lock()
        self._value = ""
        self._permissions: Mapping[str, str] = {}
        self._fresh_until = datetime.min.replace(tzinfo=UTC)

    @property
    def token_type(self) -> str:
        return "Bearer"

    @property
    def token(self) -> str:
        with self._lock:
            self._refresh()
            return self._value

    @property
    def permissions(self) -> Mapping[str, str]:
        """What the token allows: a level (``read``, ``write``) for each name of a permission."""
        with self._lock:
            self._refresh()
            return self._permissions

    def _refresh(self) -> None:
        if self._now() >= self._fresh_until:
            authorization = self._new_token()
            self._value = authorization.token
            self._permissions = authorization.permissions
            self._fresh_until = authorization.expires_at - RENEW_BEFORE

    def renew(self) -> bool:
        """Forget the token, because GitHub refused it; return True, because a new one may work."""
        with self._lock:
            self._fresh_until = datetime.min.replace(tzinfo=UTC)
        return True
