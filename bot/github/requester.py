"""Sends every request to GitHub: limited, retried where that is safe, errors turned into typed ones."""

from __future__ import annotations

import json
import re
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from github.Requester import Requester

from bot.github.errors import GitHubError, GitHubRefused, GitHubUnavailable, RepositoryMoved
from bot.github.transport import NoAnswer, Transport

if TYPE_CHECKING:
    from collections.abc import Callable

    from github.Auth import Auth

    from bot.github.rate_limit import RateLimit
    from bot.github.transport import Answer

TRIES = 3
"""Requests for one read, if the server or the network fails."""
BACKOFF = 0.5
"""Seconds before the second try; doubled before the third."""
PER_PAGE = 100
API_VERSION = "2022-11-28"
USER_AGENT = "papergate"
_SHOWN = 300
"""Characters of GitHub's own message that an error quotes."""
_NAMED = re.compile(r"/repos/[^/]+/[^/]+(?=/|$)")
_ODD_TEXT = re.compile(rb"\\u0000|\\u[dD][89a-fA-F]")
_NUMBERED = re.compile(r"/repositories/(\d{1,18})(?:/|$)")


class GitHubRequester(Requester):
    """PyGithub's requester with a transport of its own, for one thread at a time.

    With a ``repository_id``, every request about a repository is made by that id, whatever its name is now.
    ``timeout`` is in seconds for each read, ``total`` for a request. ``renew`` is called after a 401 and
    returns True if another try with new credentials makes sense.
    """

    def __init__(
        self,
        auth: Auth,
        *,
        api_url: str,
        timeout: float,
        total: float,
        rate_limit: RateLimit,
        repository_id: int | None = None,
        renew: Callable[[], bool] = lambda: False,
    ) -> None:
        super().__init__(
            auth=auth,
            base_url=api_url,
            timeout=round(timeout) or 1,
            user_agent=USER_AGENT,
            per_page=PER_PAGE,
            verify=True,
            retry=0,
            pool_size=None,
            seconds_between_requests=0,
            seconds_between_writes=0,
            lazy=True,
            api_version=API_VERSION,
        )
        self._api_url = api_url
        self._own_auth = auth
        self._transport = Transport(timeout=timeout, total=total)
        self._rate_limit = rate_limit
        self._repository_id = repository_id
        self._renew = renew

    def close(self) -> None:
        """Close the connection."""
        self._transport.close()
        super().close()

    def requestJsonAndCheck(  # noqa: N802 - PyGithub's signature
        self,
        verb: str,
        url: str,
        parameters: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        input: Any | None = None,  # noqa: A002 - PyGithub's signature
        follow_302_redirect: bool = False,  # noqa: ARG002 - PyGithub's signature; no redirect is followed
    ) -> tuple[dict[str, Any], Any]:
        """Make one request and return the headers and the decoded body of its answer.

        Only a GET is tried again if the server or the network fails: a caller of a write must first read
        whether it took effect.

        Raises:
            GitHubUnavailable: it cannot be done now.
            RepositoryMoved: the repository has another name or owner now.
            GitHubRefused: GitHub does not do this request.
        """
        path = self._path(self.add_parameters_to_url(url, parameters or {}))
        tries, renewed = TRIES if verb == "GET" else 1, False
        while True:
            tries -= 1
            try:
                answer = self._send(verb, path, headers or {}, input)
            except NoAnswer as error:
                if not tries or error.slow:  # a second wait for a slow server would hold up this thread
                    raise GitHubUnavailable(f"GitHub cannot be reached for {verb} {path}: {error}") from error
            else:
                if answer.status == 401 and not renewed and self._renew():
                    tries, renewed = tries + 1, True
                    continue
                body = _decoded(answer)
                problem = self._problem(verb, path, answer, body)
                if problem is None:
                    if verb == "GET" and isinstance(body, dict):
                        body.setdefault("url", url)  # PyGithub expects it
                    return dict(answer.headers), body
                if not tries or not _is_failure(problem):
                    raise problem
            time.sleep(BACKOFF * 2 ** (TRIES - 1 - tries))

    def _path(self, url: str) -> str:
        """Return the path and query to request, by the repository's id if that is known."""
        if not url.startswith("/"):
            base, found = urlsplit(self._api_url), urlsplit(url)
            if (found.scheme, found.netloc) != (base.scheme, base.netloc):
                raise GitHubUnavailable("GitHub's answer leads to another server; it is not followed")
            url = found._replace(scheme="", netloc="").geturl().removeprefix(base.path.rstrip("/"))
        if self._repository_id is None:
            return url
        return _NAMED.sub(f"/repositories/{self._repository_id}", url, count=1) if _NAMED.match(url) else url

    def _send(self, verb: str, path: str, headers: dict[str, str], body: Any | None) -> Answer:
        sent = {
            "Accept": "application/vnd.github+json",
            **headers,
            "User-Agent": USER_AGENT,
            "X-GitHub-Api-Version": API_VERSION,
        }
        content = None
        if body is not None:
            sent["Content-Type"] = "application/json"
            content = json.dumps(body).encode()
        self._own_auth.authentication(sent)
        # What the App asks for itself, such as a token, creates no content.
        write = verb != "GET" and not path.startswith("/app/")
        with self._rate_limit.turn(write=write, check="/check-runs" in path):
            return self._transport.send(verb, self._api_url + path, sent, content)

    def _problem(self, verb: str, path: str, answer: Answer, body: Any) -> GitHubError | None:
        """Return the error that an answer means; None if the request was done."""
        request_id = answer.headers.get("x-github-request-id", "")
        trace = f" (GitHub's request id: {request_id})" if request_id else ""
        said, code = _message(body) if answer.status >= 300 else ("", "")
        what = f"{verb} {path}: {answer.status} {said}".strip() + trace
        if answer.status in {301, 307, 308}:
            moved = _NUMBERED.search(urlsplit(answer.headers.get("location", "")).path)
            number = int(moved[1]) if moved else None
            message = f"The repository was renamed or transferred: open it by its id. {what}"
            return RepositoryMoved(message, answer.status, number, request_id=request_id)
        if answer.status >= 500:
            return GitHubUnavailable(f"GitHub failed. {what}")
        if _is_rate_limit(answer, said):
            return GitHubUnavailable(f"GitHub's rate limit. {what}", self._rate_limit.limited(answer.headers))
        if answer.status >= 400:
            hint = _HINTS.get(answer.status, "Check GitHub's status page.")
            return GitHubRefused(f"{hint} {what}", answer.status, code, why=said, request_id=request_id)
        if answer.status >= 300 or not (verb == "DELETE" or _is_complete(verb, body)):
            return GitHubUnavailable(f"GitHub's answer cannot be read. {what}")
        return None


def _is_failure(problem: GitHubError) -> bool:
    """Return True if the same request may succeed at once: GitHub failed and did not ask to wait."""
    return isinstance(problem, GitHubUnavailable) and problem.retry_at is None


def _decoded(answer: Answer) -> Any:
    """Return the JSON body, None if there is none or it cannot be read."""
    if answer.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        return None
    try:
        body = json.loads(answer.body)
    except (ValueError, RecursionError):
        return None
    return _storable(body) if _ODD_TEXT.search(answer.body) else body


def _storable(value: Any) -> Any:
    """Return a JSON value without the characters that a database refuses: NUL and half surrogates."""
    if isinstance(value, str):
        return value.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, list):
        return [_storable(item) for item in value]
    if isinstance(value, dict):
        return {_storable(name): _storable(item) for name, item in value.items()}
    return value


def _is_complete(verb: str, body: Any) -> bool:
    """Return True if the body is a list, or an object; one that was read has at least one field."""
    return isinstance(body, list) or (isinstance(body, dict) and (bool(body) or verb != "GET"))


def _message(body: Any) -> tuple[str, str]:
    """Return GitHub's message and first error code, each empty if there is none."""
    if not isinstance(body, dict):
        return "", ""
    errors = body.get("errors")
    first = errors[0] if isinstance(errors, list) and errors else None
    code = first.get("code") if isinstance(first, dict) else None
    message = body.get("message")
    return (message[:_SHOWN] if isinstance(message, str) else ""), (code if isinstance(code, str) else "")


def _is_rate_limit(answer: Answer, message: str) -> bool:
    if answer.status == 429:
        return True
    return answer.status == 403 and (
        "retry-after" in answer.headers
        or answer.headers.get("x-ratelimit-remaining") == "0"
        or Requester.isRateLimitError(message)
    )


_HINTS = {
    401: "Check that the App's id and private key belong together and that the clock is right.",
    403: "Check that the App's permissions are accepted for this repository.",
    404: "Check that the App is installed on this repository and that it still exists.",
    422: "Check whether a setting of the repository or GitHub's state forbids it.",
}
