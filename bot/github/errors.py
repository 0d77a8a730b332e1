"""Why GitHub did not do what was asked: not now, or not at all."""

from __future__ import annotations


class GitHubError(Exception):
    """GitHub did not do what was asked."""


class GitHubUnavailable(GitHubError):  # noqa: N818 - it says what is the matter, like ConnectionRefusedError
    """GitHub cannot be used now; the same request may succeed later.

    ``retry_after`` is the number of seconds GitHub asks to wait; None where it names none.
    """

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class GitHubRefused(GitHubError):  # noqa: N818 - see above
    """GitHub answered no: asking again changes nothing. The message says what to do.

    ``status`` is that of the answer; ``code`` the first error code in its body, empty where there is none.
    """

    def __init__(self, message: str, status: int, code: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.code = code
