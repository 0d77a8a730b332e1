"""Catch up with events that no delivery reported: missed webhooks, and open pull requests."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from bot.database.identity import RepositoryRef
from bot.github.app import App
from bot.github.commits import open_pulls
from bot.github.hook_deliveries import redeliver_failed
from bot.service.opened import opened, transient


class CatchUp:
    """Finds missed work (`bot.jobs.handlers.CatchUpHandlers`). Safe to share among threads.

    A failed delivery is requested again after ``redeliver_after`` at the earliest.
    """

    def __init__(self, app: App, redeliver_after: timedelta) -> None:
        self._app = app
        self._redeliver_after = redeliver_after

    def redeliver(self) -> int:
        """Ask GitHub to repeat the deliveries that failed; return how many. Raises TransientError."""
        with transient(), self._app.as_app() as requester:
            return redeliver_failed(requester, datetime.now(UTC), self._redeliver_after)

    def installations(self) -> tuple[int, ...]:
        """Return the ids of the App's installations. Raises TransientError."""
        with transient():
            return self._app.installations()

    def open_pulls(self, installation_id: int) -> Mapping[RepositoryRef, tuple[int, ...]]:
        """Return the repositories of an installation with their open pull requests. Raises TransientError."""
        found: dict[RepositoryRef, tuple[int, ...]] = {}
        self._app.renew_token(installation_id)  # the old one may not cover what was added
        with transient():
            covered = self._app.repositories(installation_id)
        for known in covered:
            ref = RepositoryRef(known.id, installation_id, known.full_name)
            with opened(self._app, ref) as repository:
                found[ref] = open_pulls(repository)
        return found
