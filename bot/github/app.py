"""The GitHub App: who it is, and clients that act for its installations."""

from __future__ import annotations

import logging
import threading
from contextlib import contextmanager
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

from bot.github.rate_limit import Pace
from bot.github.requester import PacedRequester

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

API_URL = "https://api.github.com"
TIMEOUT = 15
"""Seconds for connecting and for each read."""

# A token lives an hour, the App's own JSON web token at most ten minutes; GitHub's clock may differ.
# https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app
JWT_SECONDS = 9 * 60
JWT_ISSUED_AT = -60
RENEW_BEFORE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Identity:
    """The App as others see it; ``bot_id`` is the id of the user under whose name it comments."""

    app_id: int
    slug: str
    bot_id: int


class App:
    """The App's credentials and what follows from them. Safe to share among threads.

    ``api_url`` is GitHub's REST API; ``timeout`` is in seconds; ``now`` returns the time with its zone.
    """

    def __init__(
        self,
        app_id: int,
        private_key: str,
        *,
        api_url: str = API_URL,
        timeout: int = TIMEOUT,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        # Below INFO, PyGithub logs the bodies of answers, and one of them is a token.
        logging.getLogger("github.Requester").setLevel(logging.INFO)
        self._auth = AppAuth(app_id, private_key, jwt_expiry=JWT_SECONDS, jwt_issued_at=JWT_ISSUED_AT)
        self._api_url, self._timeout, self._now = api_url.rstrip("/"), timeout, now
        self._lock = threading.Lock()
        self._pace = Pace()
        self._installations: dict[int, _Installation] = {}
        self._identity: Identity | None = None

    @contextmanager
    def repository(self, installation_id: int, full_name: str) -> Iterator[Repository]:
        """Open ``owner/name`` as the installation sees it, for one thread. Nothing is asked yet.

        What is done with it raises `GitHubUnavailable` or `GitHubRefused`.
        """
        with self._acting_as(installation_id) as requester:
            yield Repository(requester, url=f"/repos/{full_name}")

    def identity(self, installation_id: int) -> Identity:
        """Return who the App is; GitHub is asked once, through any of the App's installations.

        Raises:
            GitHubUnavailable: it cannot be known now.
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

    def repositories(self, installation_id: int) -> tuple[str, ...]:
        """Return the full names of the repositories an installation covers.

        Raises:
            GitHubUnavailable: GitHub cannot be asked now.
            GitHubRefused: there is no such installation any more.
        """
        with self._acting_as(installation_id) as requester:
            found = PaginatedList(
                Repository, requester, "/installation/repositories", None, list_item="repositories"
            )
            return tuple(item.full_name for item in found if not item.archived)

    @contextmanager
    def _acting_as(self, installation_id: int) -> Iterator[PacedRequester]:
        with self._lock:
            installation = self._installations.setdefault(
                installation_id, _Installation(lambda: self._new_token(installation_id), self._now)
            )
        with _closing(
            PacedRequester(
                installation,
                api_url=self._api_url,
                timeout=self._timeout,
                pace=installation.pace,
                renew=installation.renew,
            )
        ) as requester:
            yield requester

    @contextmanager
    def as_app(self) -> Iterator[PacedRequester]:
        """Open GitHub as the App itself sees it, for one thread."""
        with _closing(
            PacedRequester(self._auth, api_url=self._api_url, timeout=self._timeout, pace=self._pace)
        ) as requester:
            yield requester

    def _new_token(self, installation_id: int) -> InstallationAuthorization:
        with self.as_app() as requester:
            headers, data = requester.requestJsonAndCheck(
                "POST", f"/app/installations/{installation_id}/access_tokens"
            )
            return InstallationAuthorization(requester, headers, data)


class _Installation(Auth):
    """An installation's token, kept until shortly before it expires, and its pace."""

    def __init__(
        self, new_token: Callable[[], InstallationAuthorization], now: Callable[[], datetime]
    ) -> None:
        self.pace = Pace()
        self._new_token, self._now = new_token, now
        self._lock = threading.Lock()
        self._value = ""
        self._fresh_until = datetime.min.replace(tzinfo=UTC)

    @property
    def token_type(self) -> str:
        return "Bearer"

    @property
    def token(self) -> str:
        with self._lock:
            if self._now() >= self._fresh_until:
                authorization = self._new_token()
                self._value = authorization.token
                self._fresh_until = authorization.expires_at - RENEW_BEFORE
            return self._value

    def renew(self) -> bool:
        """Forget the token, which GitHub no longer takes; return True, for the next one may do."""
        with self._lock:
            self._fresh_until = datetime.min.replace(tzinfo=UTC)
        return True


@contextmanager
def _closing(requester: PacedRequester) -> Iterator[PacedRequester]:
    try:
        yield requester
    finally:
        requester.close()
