"""Citation counts of Semantic Scholar, by its batch endpoint.

https://api.semanticscholar.org/api-docs/graph#tag/Paper-Data/operation/post_graph_get_papers
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

import requests
from pydantic import BaseModel, ConfigDict, NonNegativeInt, ValidationError
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from bot.evidence.contracts import Fetched
from rules.evidence import Counted, Unanswered, Unknown
from rules.identifiers import Identifier

NAME = "Semantic Scholar"
URL = "https://api.semanticscholar.org"
BATCH = 500
FIELDS = "externalIds,url,title,year,citationCount,publicationDate,authors"
# An arXiv paper goes by its id: its arXiv DOI is often not known to the service.
_PREFIXES = {"arxiv": "ARXIV", "doi": "DOI", "acl": "ACL"}
_ARXIV_DOI = "10.48550/arxiv."
_NONE_KNOWN = "no valid paper ids given"
# Enough to find one known paper among 500; more would only draw the rate limit.
_REQUESTS = 24

_Answers = dict[Identifier, Fetched | Unanswered]


class _Paper(BaseModel):
    """What is used of a record; the rest is kept with it."""

    model_config = ConfigDict(frozen=True, extra="allow")

    citationCount: NonNegativeInt  # noqa: N815 - the service's name
    title: str | None = None
    year: int | None = None
    url: str | None = None


class _NoneKnown(Exception):  # noqa: N818 - an answer, not a fault
    """The service knows none of the identifiers, or one of them spoils the request."""


class _Failed(Exception):  # noqa: N818 - shown as its reason
    """The service did not answer; the text says why, in words for people."""


class SemanticScholar:
    """The service at ``url``; ``timeout`` is seconds to connect and to wait for bytes, at each try."""

    name = NAME

    def __init__(
        self,
        url: str = URL,
        *,
        key: str | None = None,
        timeout: tuple[float, float] = (5, 20),
        retries: int = 2,
    ) -> None:
        self._endpoint = f"{url.rstrip('/')}/graph/v1/paper/batch"
        self._timeout = timeout
        self._session = requests.Session()
        self._session.headers["User-Agent"] = "papergate"
        if key:
            self._session.headers["x-api-key"] = key
        retry = Retry(
            total=retries,
            read=min(retries, 1),
            allowed_methods={"POST"},  # asking changes nothing, so asking again is safe
            status_forcelist={429, 500, 502, 503, 504},
            backoff_factor=0.5,
            retry_after_max=5,
            raise_on_status=False,
        )
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, HTTPAdapter(max_retries=retry))

    def fetch(
        self, identifiers: Sequence[Identifier], now: datetime
    ) -> Mapping[Identifier, Fetched | Unanswered]:
        """Return an answer about each of ``identifiers``; a failure is Unanswered, never raised."""
        answers: _Answers = {}
        waiting = [identifiers[start : start + BATCH] for start in range(0, len(identifiers), BATCH)]
        requests_left = max(_REQUESTS, len(waiting))
        while waiting:
            part = waiting.pop(0)
            if not requests_left:
                answers.update(_unanswered(part, "too many papers it does not know in one change"))
                continue
            requests_left -= 1
            try:
                answers.update(self._batch(part, now))
            except _Failed as failure:
                answers.update(_unanswered(part, str(failure)))
            except _NoneKnown:
                if len(part) == 1:
                    answers[part[0]] = _unknown(now)
                else:
                    middle = len(part) // 2
                    waiting += [part[:middle], part[middle:]]
        return answers

    def _batch(self, identifiers: Sequence[Identifier], now: datetime) -> _Answers:
        """Ask once. Raises _NoneKnown or _Failed."""
        body = self._post([_paper_id(identifier) for identifier in identifiers])
        if not isinstance(body, list) or len(body) != len(identifiers):
            raise _Failed("its answer does not fit the question")
        return {
            identifier: _unknown(now) if record is None else _read(record, now)
            for identifier, record in zip(identifiers, body, strict=True)
        }

    def _post(self, paper_ids: list[str]) -> object:
        try:
            response = self._session.post(
                self._endpoint,
                params={"fields": FIELDS},
                json={"ids": paper_ids},
                timeout=self._timeout,
                allow_redirects=False,  # the key goes to the configured host only
            )
        except requests.RequestException as error:
            raise _Failed("it did not answer, or broke off") from error
        body = _json(response)
        if response.status_code == 400 and _says_none_known(body):
            raise _NoneKnown
        if response.status_code == 429:
            raise _Failed("it is answering too many requests (HTTP 429)")
        if response.status_code != 200:
            raise _Failed(f"it answered HTTP {response.status_code}")
        if body is None:
            raise _Failed("its answer is not readable")
        return body


def _json(response: requests.Response) -> object:
    """Return the JSON body, or None where there is none."""
    if response.headers.get("Content-Type", "").partition(";")[0].strip().lower() != "application/json":
        return None
    try:
        body: object = response.json()
    except requests.JSONDecodeError:
        return None
    return body


def _says_none_known(body: object) -> bool:
    return isinstance(body, dict) and _NONE_KNOWN in str(body.get("error", "")).lower()


def _paper_id(identifier: Identifier) -> str:
    """Return the service's form of ``identifier``: ``ARXIV:1512.03385``, ``DOI:10.…``, ``ACL:P15-1033``."""
    if identifier.scheme == "doi" and identifier.value.startswith(_ARXIV_DOI):
        return f"ARXIV:{identifier.value.removeprefix(_ARXIV_DOI)}"
    return f"{_PREFIXES[identifier.scheme]}:{identifier.value}"


def _read(record: object, now: datetime) -> Fetched | Unanswered:
    try:
        paper = _Paper.model_validate(record)
    except ValidationError:
        return Unanswered(NAME, "its record of the paper is not readable")
    counted = Counted(paper.citationCount, NAME, now.date(), paper.url, paper.title, paper.year)
    return Fetched(counted, now, json.dumps(record, ensure_ascii=False))


def _unknown(now: datetime) -> Fetched:
    return Fetched(Unknown(NAME, now.date()), now)


def _unanswered(identifiers: Sequence[Identifier], reason: str) -> _Answers:
    return {identifier: Unanswered(NAME, reason) for identifier in identifiers}
