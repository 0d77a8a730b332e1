"""Semantic Scholar: many papers by identifier in one request, and one by its title.

https://api.semanticscholar.org/api-docs/graph#tag/Paper-Data
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from pydantic import BaseModel, ConfigDict, NonNegativeInt, ValidationError

from bot.evidence.contracts import Fetched, askable
from bot.evidence.service import Failed, Patience, Service, Turn
from rules.evidence import Query, Record, Unanswered, Unknown
from rules.identifiers import Identifier, identify

NAME = "Semantic Scholar"
URL = "https://api.semanticscholar.org"
BATCH = 500
FIELDS = "externalIds,url,title,year,citationCount,publicationDate,authors"
# An arXiv paper goes by its id: its arXiv DOI is often not known to the service.
_PREFIXES = {"arxiv": "ARXIV:", "doi": "DOI:", "acl": "ACL:", "s2": ""}
_ARXIV_DOI = "10.48550/arxiv."
_NONE_KNOWN = "no valid paper ids given"
# Enough to find one known paper among 500; more would only draw the rate limit.
_REQUESTS = 24

_Answers = dict[Query, Fetched | Unanswered]


class _Author(BaseModel):
    model_config = ConfigDict(frozen=True, extra="allow")

    name: str | None = None


class _ExternalIds(BaseModel):
    model_config = ConfigDict(frozen=True, extra="allow")

    ArXiv: str | None = None
    DOI: str | None = None
    ACL: str | None = None


class _Paper(BaseModel):
    """What is used of a record; the rest is kept with it."""

    model_config = ConfigDict(frozen=True, extra="allow")

    citationCount: NonNegativeInt  # noqa: N815 - the service's name
    paperId: str | None = None  # noqa: N815
    title: str | None = None
    year: int | None = None
    publicationDate: str | None = None  # noqa: N815
    url: str | None = None
    authors: tuple[_Author, ...] | None = None
    externalIds: _ExternalIds | None = None  # noqa: N815


class _NoneKnown(Exception):  # noqa: N818 - an answer, not a fault
    """The service knows none of the identifiers, or one of them spoils the request."""


class SemanticScholar:
    """The service at ``url``."""

    name = NAME

    def __init__(
        self,
        url: str = URL,
        *,
        key: str | None = None,
        patience: Patience = Patience(),  # noqa: B008 - frozen
        turn: Turn = lambda: None,
    ) -> None:
        self._service = Service(url, patience, turn=turn, headers={"x-api-key": key} if key else None)

    def takes(self, query: Query) -> bool:
        """Return whether ``query`` has an identifier the service knows."""
        return askable(query)

    def fetch(self, queries: Sequence[Query], now: datetime) -> Mapping[Query, Fetched | Unanswered]:
        """Return an answer to each of ``queries``; a failure is Unanswered, never raised."""
        answers: _Answers = {}
        waiting = [queries[start : start + BATCH] for start in range(0, len(queries), BATCH)]
        requests_left = max(_REQUESTS, len(waiting))
        while waiting:
            part = waiting.pop(0)
            if not requests_left:
                answers.update(_unanswered(part, "too many papers it does not know in one change"))
                continue
            requests_left -= 1
            try:
                answers.update(self._batch(part, now))
            except Failed as failure:
                answers.update(_unanswered(part, str(failure)))
            except _NoneKnown:
                if len(part) == 1:
                    answers[part[0]] = _unknown(now)
                else:
                    middle = len(part) // 2
                    waiting += [part[:middle], part[middle:]]
        return answers

    def _batch(self, queries: Sequence[Query], now: datetime) -> _Answers:
        """Ask once. Raises _NoneKnown or Failed."""
        ids = [_paper_id(query.identifier) for query in queries if query.identifier]
        reply = self._service.post("/graph/v1/paper/batch", {"fields": FIELDS}, {"ids": ids})
        if reply.status == 400 and _says_none_known(reply.json):
            raise _NoneKnown
        body = reply.body()
        if not isinstance(body, list) or len(body) != len(queries):
            raise Failed("its answer does not fit the question")
        return {
            query: _unknown(now) if record is None else _read(record, now)
            for query, record in zip(queries, body, strict=True)
        }


def _says_none_known(body: object) -> bool:
    return isinstance(body, dict) and _NONE_KNOWN in str(body.get("error", "")).lower()


def _paper_id(identifier: Identifier) -> str:
    """Return the service's form of ``identifier``: ``ARXIV:1512.03385``, ``DOI:10.…``, ``ACL:P15-1033``."""
    if identifier.scheme == "doi" and identifier.value.startswith(_ARXIV_DOI):
        return f"ARXIV:{identifier.value.removeprefix(_ARXIV_DOI)}"
    return _PREFIXES[identifier.scheme] + identifier.value


def _read(record: object, now: datetime) -> Fetched | Unanswered:
    try:
        paper = _Paper.model_validate(record)
    except ValidationError:
        return Unanswered(NAME, "its record of the paper is not readable")
    answer = Record(
        source=NAME,
        fetched_on=now.date(),
        citations=paper.citationCount,
        title=paper.title or "",
        surnames=tuple(surname(author.name) for author in paper.authors or () if author.name),
        years=_years(paper),
        url=paper.url,
        identifiers=_identifiers(paper),
    )
    return Fetched(answer, now, json.dumps(record, ensure_ascii=False))


def surname(name: str) -> str:
    """Return the last name of "Kaiming He"; a "Jr." after it is none."""
    words = [word for word in name.split() if word.lower().strip(".,") not in {"jr", "sr", "ii", "iii"}]
    return words[-1] if words else name


def _years(paper: _Paper) -> tuple[int, ...]:
    posted = (paper.publicationDate or "")[:4]
    years = (paper.year, int(posted) if posted.isdecimal() else None)
    return tuple(dict.fromkeys(year for year in years if year))


def _identifiers(paper: _Paper) -> frozenset[Identifier]:
    known = paper.externalIds or _ExternalIds()
    found = (
        known.ArXiv and identify(f"https://arxiv.org/abs/{known.ArXiv}"),
        known.DOI and identify(f"https://doi.org/{known.DOI}"),
        known.ACL and Identifier("acl", known.ACL),
        paper.paperId and Identifier("s2", paper.paperId),
    )
    return frozenset(identifier for identifier in found if identifier)


def _unknown(now: datetime) -> Fetched:
    return Fetched(Unknown(NAME, now.date()), now)


def _unanswered(queries: Sequence[Query], reason: str) -> _Answers:
    return {query: Unanswered(NAME, reason) for query in queries}
