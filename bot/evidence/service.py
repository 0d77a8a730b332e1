"""Asking a web service politely and guardedly: time limits, retries, its pace, checked answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

RETRIED = frozenset({429, 500, 502, 503, 504})
Turn = Callable[[], None]
"""Returns when the service may be asked."""


class Failed(Exception):  # noqa: N818 - shown as its reason
    """The service did not answer; the text says why, in words for people."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: the HTTP status and the body, as JSON where it says and is so (else None)."""

    status: int
    text: str
    json: object

    def check(self) -> None:
        """Raise Failed unless the status is 200."""
        if self.status == 429:
            raise Failed("it is answering too many requests (HTTP 429)")
        if self.status != 200:
            raise Failed(f"it answered HTTP {self.status}")

    def body(self) -> object:
        """Return the JSON body. Raises Failed where the status is not 200 or the body no JSON."""
        self.check()
        if self.json is None:
            raise Failed("its answer is not readable")
        return self.json


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to try: seconds to connect and to wait for bytes at each try, and how often to retry.

    ``longest_wait`` is the most seconds between two tries, whatever the service asks for.
    """

    timeout: tuple[float, float] = (5, 20)
    retries: int = 2
    longest_wait: int = 5


class Service:
    """A service below ``url``; ``headers`` and ``params`` go with every request and are never logged."""

    def __init__(
        self,
        url: str,
        patience: Patience,
        *,
        turn: Turn = lambda: None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self._url = url.rstrip("/")
        self._timeout = patience.timeout
        self._turn = turn
        self._session = requests.Session()
        self._session.headers.update({"User-Agent": "papergate"} | dict(headers or {}))
        retry = Retry(
            total=patience.retries,
            read=min(patience.retries, 1),
            allowed_methods={"GET", "POST"},  # asking changes nothing, so asking again is safe
            status_forcelist=RETRIED,
            backoff_factor=0.5,
            retry_after_max=patience.longest_wait,
            raise_on_status=False,
        )
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, HTTPAdapter(max_retries=retry))

    def get(self, path: str, params: Mapping[str, str]) -> Reply:
        """Return the answer to a GET. Raises Failed when none comes."""
        return self._send("GET", path, params, None)

    def post(self, path: str, params: Mapping[str, str], body: object) -> Reply:
        """Return the answer to a POST of ``body`` as JSON. Raises Failed when none comes."""
        return self._send("POST", path, params, body)

    def _send(self, method: str, path: str, params: Mapping[str, str], body: object) -> Reply:
        self._turn()
        try:
            response = self._session.request(
                method,
                self._url + path,
                params=params,
                json=body,
                timeout=self._timeout,
                allow_redirects=False,  # a key goes to the configured host only
            )
        except requests.RequestException as error:
            raise Failed("it did not answer, or broke off") from error
        return Reply(response.status_code, response.text, _json(response))


def _json(response: requests.Response) -> object:
    """Return the JSON body, or None where there is none."""
    if response.headers.get("Content-Type", "").partition(";")[0].strip().lower() != "application/json":
        return None
    try:
        body: object = response.json()
    except requests.JSONDecodeError:
        return None
    return body
