"""GitHub's errors as the jobs know them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bot.github.errors import GitHubUnavailable
from bot.jobs.handlers import TransientError


@contextmanager
def transient() -> Iterator[None]:
    """Turn GitHubUnavailable into the jobs' TransientError."""
    try:
        yield
    except GitHubUnavailable as error:
        raise TransientError(str(error), retry_at=error.retry_at) from error
