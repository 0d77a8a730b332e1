"""Open a repository for a job, with GitHub's errors as the jobs know them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from github.Repository import Repository

from bot.database.identity import RepositoryRef
from bot.github.app import App
from bot.github.errors import GitHubRefused, GitHubUnavailable
from bot.github.fetch import NoCommonCommit
from bot.jobs.handlers import RefusedError, TransientError
from bot.process.isolation import Busy


@contextmanager
def opened(app: App, ref: RepositoryRef) -> Iterator[Repository]:
    """Open a repository by its id. Raises TransientError, or RefusedError where GitHub refuses.

    A refusal renews the installation's token: the old one may not cover what was added to the installation.
    """
    try:
        with transient(), app.repository(ref.installation_id, ref.full_name, ref.id) as repository:
            yield repository
    except RefusedError:
        app.renew_token(ref.installation_id)
        raise


@contextmanager
def transient() -> Iterator[None]:
    """Turn GitHub's errors and Busy into TransientError and RefusedError."""
    try:
        yield
    except GitHubUnavailable as error:
        raise TransientError(str(error), retry_at=error.retry_at) from error
    except Busy as busy:
        at = datetime.now(UTC) + timedelta(seconds=busy.seconds)
        raise TransientError(str(busy), retry_at=at) from busy
    except GitHubRefused as refused:
        lasting = isinstance(refused, NoCommonCommit)
        missing = refused.status in {404, 410}
        raise RefusedError(str(refused), lasting=lasting, missing=missing) from refused
