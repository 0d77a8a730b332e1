"""Errors of the GitHub client: unavailable (try again later), refused, moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class GitHubError(Exception):
    """GitHub did not do what was asked. The message says what to do next, and why."""


class GitHubUnavailable(GitHubError):  # noqa: N818 - named like ConnectionRefusedError
    """GitHub cannot be used now; the same request may succeed later.

    ``retry_at`` is the earliest time, with time zone, at which GitHub allows another request; None if it
    does not name one, and then a retry after a second or two makes sense.
    """

    def __init__(self, message: str, retry_at: datetime | None = None) -> None:
        super().__init__(message)
        self.retry_at = retry_at


class GitHubOutdated(GitHubUnavailable):
    """Two answers of GitHub do not agree, as happens in the first seconds after an event."""


class GitHubRefused(GitHubError):  # noqa: N818 - see above
    """GitHub answered with an error that names this request as the cause.

    For the first seconds after an event GitHub also answers like this for things that exist, so a refusal is
    final only if it lasts. ``status`` is the HTTP status; ``code`` the first error code in the body, or "";
    ``why`` GitHub's own message; ``request_id`` GitHub's id of the request, or "".
    """

    def __init__(
        self, message: str, status: int, code: str = "", *, why: str = "", request_id: str = ""
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.why = why
        self.request_id = request_id


class RepositoryMoved(GitHubRefused):
    """The repository was renamed or transferred: open it by ``repository_id`` and start again.

    ``repository_id`` is None if GitHub's answer does not name it.
    """

    def __init__(self, message: str, status: int, repository_id: int | None, *, request_id: str = "") -> None:
        super().__init__(message, status, request_id=request_id)
        self.repository_id = repository_id
