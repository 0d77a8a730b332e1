"""Ask a bibliographic service: limits of time and size, retries, its rate limit, checked answers."""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime

import requests
from urllib3.exceptions import HTTPError
from urllib3.util.retry import Retry

from bot.evidence.contracts import Fetched, RateLimit
from bot.http.adapter import BoundedAdapter
from bot.http.body import BodyError, read_body
from bot.http.connections import Connections
from rules.papers.evidence import Query, Record, Unanswered, Unknown

RETRIED = frozenset({429, 500, 502, 503, 504})
MOST_SINGLES = 100
"""Requests about one paper each in one look-up; the rest waits for the next."""
LATER = "too many papers to ask about at once"
"""The reason for papers that are looked up with the next check."""
LARGEST = 8 * 1024 * 1024
"""Bytes of an answer, compressed and decompressed. A batch of 500 papers has about 2 MiB."""
_FAILURES_IN_A_ROW = 2
UNREADABLE = "its record of the paper is not readable"
_LATE = "it takes too long to answer"
# JSON writes the NUL character so; PostgreSQL takes it neither in text nor in JSON.
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
_until: ContextVar[float | None] = ContextVar("until", default=None)
_KEY = re.compile(r"api_key=[^&\s'\"]+")


class Failed(Exception):  # noqa: N818 - shown as its reason
    """The service did not answer; the text says why, in words for people."""


@dataclass(frozen=True, slots=True)
class Access:
    """How to reach a service: its address, who asks, with which key, how long to try and how fast.

    ``contact`` is an address its operators can write to. ``timeout`` is seconds to connect and to wait for
    bytes at each try, ``seconds`` the total time of a request with all its tries, ``longest_wait`` the most
    seconds between two tries, whatever the service asks for. Requests keep ``pace`` seconds apart in all
    processes that share ``rate_limit``. A look-up asks about single papers for ``singles_seconds``.
    """

    url: str
    key: str | None = field(default=None, repr=False)
    contact: str | None = None
    timeout: tuple[float, float] = (5, 20)
    seconds: float = 30
    retries: int = 2
    longest_wait: int = 5
    pace: float = 0
    rate_limit: RateLimit | None = None
    singles_seconds: float = 60


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


class Service:
    """The service called ``name``; ``headers`` and ``params`` go with every request and are not logged."""

    def __init__(
        self,
        name: str,
        access: Access,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
    ) -> None:
        self._name = name
        self._access = access
        self._params = dict(params or {})
        self._connections = Connections()
        self._session = requests.Session()
        agent = f"papergate (mailto:{access.contact})" if access.contact else "papergate"
        self._session.headers.update({"User-Agent": agent, **(headers or {})})
        retry = Retry(
            total=access.retries,
            read=min(access.retries, 1),
            allowed_methods={"GET", "POST"},  # asking changes nothing, so asking again is safe
            status_forcelist=RETRIED,
            backoff_factor=0.5,
            retry_after_max=access.longest_wait,
            raise_on_status=False,
        )
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, BoundedAdapter(self._connections, retry))
        for logger in ("urllib3.connectionpool", "urllib3.util.retry"):
            logging.getLogger(logger).addFilter(_without_key)

    def get(self, path: str, params: Mapping[str, str]) -> Reply:
        """Return the answer to a GET. Raises Failed when none comes."""
        return self._send("GET", path, params, None)

    def post(self, path: str, params: Mapping[str, str], body: object) -> Reply:
        """Return the answer to a POST of ``body`` as JSON. Raises Failed when none comes."""
        return self._send("POST", path, params, body)

    def _send(self, method: str, path: str, params: Mapping[str, str], body: object) -> Reply:
        self._wait()
        try:
            with (
                self._connections.within(self._seconds_left()),
                self._session.request(
                    method,
                    self._access.url.rstrip("/") + path,
                    params={**params, **self._params},
                    json=body,
                    timeout=self._access.timeout,
                    allow_redirects=False,  # a key goes to the configured host only
                    stream=True,
                ) as response,
            ):
                content = read_body(response, LARGEST)
        except BodyError as error:
            raise Failed("its answer is not readable") from error
        except (requests.RequestException, HTTPError, OSError) as error:
            raise Failed("it did not answer, or broke off") from error
        text = content.decode("utf-8", "replace")
        return Reply(response.status_code, text, _json(response, text))

    def _seconds_left(self) -> float:
        """Return the time for one request. Raises Failed when the look-up has none left."""
        until = _until.get()
        left = self._access.seconds if until is None else min(self._access.seconds, until - time.monotonic())
        if left <= 0:
            raise Failed(_LATE)
        return left

    def _wait(self) -> None:
        if not self._access.pace or self._access.rate_limit is None:
            return
        seconds = self._access.rate_limit.reserve(self._name, self._access.pace)
        if seconds is None:
            raise Failed("too many requests to it are waiting here")
        time.sleep(seconds)

    def one_by_one(
        self, queries: Sequence[Query], ask: Callable[[Query], Fetched | Unanswered]
    ) -> dict[Query, Fetched | Unanswered]:
        """Return what ``ask`` says to each of ``queries``; where it raises Failed, Unanswered.

        A service that fails twice in a row is not asked further; nor is one that was asked about
        `MOST_SINGLES` papers or for ``singles_seconds``: the rest is for the next look-up.
        """
        answers: dict[Query, Fetched | Unanswered] = {}
        failures = 0
        end = time.monotonic() + self._access.singles_seconds
        for query in queries[:MOST_SINGLES]:
            if time.monotonic() > end:
                break
            try:
                answers[query] = ask(query)
                failures = 0
            except Failed as failure:
                answers[query] = Unanswered(self._name, str(failure))
                failures += 1
                if failures == _FAILURES_IN_A_ROW:
                    return unanswered(self._name, queries, str(failure)) | answers
        return unanswered(self._name, queries, LATER) | answers


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Give all requests that this thread sends inside the ``with`` block ``seconds`` together."""
    token = _until.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _until.reset(token)


def _without_key(record: logging.LogRecord) -> bool:
    """Take the key out of a request that urllib3 logs: it warns of each retry, with the whole URL."""
    message = record.getMessage()
    if _KEY.search(message):
        record.msg, record.args = _KEY.sub("api_key=[redacted]", message), ()
    return True


def _json(response: requests.Response, text: str) -> object:
    """Return the JSON in ``text``, or None where there is none or the response calls it something else."""
    if response.headers.get("Content-Type", "").partition(";")[0].strip().lower() != "application/json":
        return None
    try:
        body: object = json.loads(text)
    except (ValueError, RecursionError):  # no JSON, a number of thousands of digits, or nested too deeply
        return None
    return body


def fetched(record: Record, now: datetime, body: object) -> Fetched | Unanswered:
    """Return ``record`` with the body it was read from; Unanswered where that cannot be kept.

    It cannot with a NUL, half a surrogate pair, or a number that JSON does not know.
    """
    try:
        raw = json.dumps(body, ensure_ascii=False, allow_nan=False)
        raw.encode()
    except (ValueError, RecursionError):
        return Unanswered(record.source, UNREADABLE)
    if _NUL.search(raw):
        return Unanswered(record.source, UNREADABLE)
    return Fetched(record, now, raw)


def unanswered(name: str, queries: Sequence[Query], reason: str) -> dict[Query, Fetched | Unanswered]:
    """Return that the source called ``name`` did not answer any of ``queries``, and why."""
    return {query: Unanswered(name, reason) for query in queries}


def unknown(name: str, now: datetime) -> Fetched:
    """Return that the source called ``name`` does not know the paper."""
    return Fetched(Unknown(name, now.date()), now)
