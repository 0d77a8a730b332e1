"""The one place where requests to GitHub are made: paced, retried where that can help, errors made typed."""

from __future__ import annotations

import time
from json import JSONDecodeError
from typing import TYPE_CHECKING, Any

from github import GithubException
from github.Requester import Requester
from requests import RequestException

from bot.github.errors import GitHubRefused, GitHubUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from github.Auth import Auth

    from bot.github.rate_limit import Pace

TRIES = 3
BACKOFF = 0.5
"""Seconds before the second try; doubled before the third."""
PER_PAGE = 100
API_VERSION = "2022-11-28"


class PacedRequester(Requester):
    """A requester for one thread at a time: PyGithub's connection keeps the request under way in itself.

    ``renew`` is called after a 401 and returns whether another try with fresh credentials makes sense.
    """

    def __init__(
        self,
        auth: Auth,
        *,
        api_url: str,
        timeout: int,
        pace: Pace,
        renew: Callable[[], bool] = lambda: False,
    ) -> None:
        super().__init__(
            auth=auth,
            base_url=api_url,
            timeout=timeout,
            user_agent="papergate",
            per_page=PER_PAGE,
            verify=True,
            retry=0,
            pool_size=None,
            seconds_between_requests=0,
            seconds_between_writes=0,
            lazy=True,
            api_version=API_VERSION,
        )
        self._pace = pace
        self._renew = renew

    def requestJsonAndCheck(  # noqa: N802 - PyGithub's signature
        self,
        verb: str,
        url: str,
        parameters: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        input: Any | None = None,  # noqa: A002 - PyGithub's signature
        follow_302_redirect: bool = False,
    ) -> tuple[dict[str, Any], Any]:
        """Make one request and return the headers and the decoded body of its answer.

        Only a GET is tried again after a fault of the server or the network: whether a lost write took effect
        is for the caller to find out by reading.

        Raises:
            GitHubUnavailable: it cannot be done now.
            GitHubRefused: it cannot be done.
        """
        tries, renewed = TRIES if verb == "GET" else 1, False
        while True:
            tries -= 1
            try:
                with self._pace.turn(write=verb != "GET"):
                    answer = super().requestJsonAndCheck(
                        verb, url, parameters, dict(headers or {}), input, follow_302_redirect
                    )
            except (RequestException, JSONDecodeError) as error:
                if not tries:
                    raise GitHubUnavailable(f"GitHub did not answer {verb} {url}") from error
            except GithubException as error:
                if error.status == 401 and not renewed and self._renew():
                    tries, renewed = tries + 1, True
                    continue
                if error.status < 500 or not tries:
                    raise self._explained(error, verb, url) from error
            else:
                if verb == "DELETE" or "json" in answer[0].get("content-type", ""):
                    return answer
                if not tries:  # a proxy's page, say
                    raise GitHubUnavailable(f"GitHub's answer to {verb} {url} is no JSON")
            time.sleep(BACKOFF * 2 ** (TRIES - 1 - tries))

    def _explained(self, error: GithubException, verb: str, url: str) -> GitHubUnavailable | GitHubRefused:
        headers = {name.lower(): str(value) for name, value in (error.headers or {}).items()}
        body = error.data if isinstance(error.data, dict) else {}
        said = str(body.get("message", ""))
        what = f"{verb} {url}: {error.status} {said}".strip()
        if error.status >= 500:
            return GitHubUnavailable(f"GitHub failed: {what}")
        if _is_rate_limit(error.status, headers, said):
            return GitHubUnavailable(f"GitHub's rate limit: {what}", retry_after=self._pace.limited(headers))
        return GitHubRefused(f"{what}. {_HINTS.get(error.status, '')}".strip(), error.status, _code(body))


def _is_rate_limit(status: int, headers: dict[str, str], message: str) -> bool:
    if status == 429:
        return True
    return status == 403 and (
        "retry-after" in headers
        or headers.get("x-ratelimit-remaining") == "0"
        or Requester.isRateLimitError(message)
    )


def _code(body: dict[str, Any]) -> str:
    errors = body.get("errors")
    first = errors[0] if isinstance(errors, list) and errors else None
    return str(first.get("code", "")) if isinstance(first, dict) else ""


_HINTS = {
    401: "Check that the App's id and private key belong together and that the clock is right.",
    403: "Check that the App's permissions are accepted for this repository.",
    404: "Check that the App is installed on this repository and that it still exists.",
}
