"""Semantic Scholar: many papers by identifier in one request, and one by its title.

https://api.semanticscholar.org/api-docs/graph#tag/Paper-Data
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.evidence import fields
from bot.evidence.contracts import Fetched
from bot.evidence.service import (
    UNREADABLE,
    Access,
    Failed,
    Reply,
    Service,
    fetched,
    unanswered,
    unknown,
)
from rules.papers.evidence import Query, Record, Unanswered
from rules.papers.identifiers import Identifier
from rules.papers.titles import ALIKE, key, likeness

NAME = "Semantic Scholar"
PAGE = "https://www.semanticscholar.org"
URL = "https://api.semanticscholar.org"
PACE = 1.0
"""Seconds between requests: 1 a second with a key (https://www.semanticscholar.org/product/api)."""
BATCH = 500
FIELDS = "externalIds,url,title,year,citationCount,publicationDate,authors"
# An arXiv paper goes by its id: its arXiv DOI is often not known to the service.
_PREFIXES = {"arxiv": "ARXIV:", "doi": "DOI:", "acl": "ACL:", "s2": ""}
_ARXIV_DOI = "10.48550/arxiv."
_NONE_KNOWN = "no valid paper ids given"
# Enough to find one known paper among 500; more would only draw the rate limit.
_REQUESTS = 24

_TITLE = 300  # characters of a title that are searched for

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

    citationCount: fields.Count  # noqa: N815 - the service's name
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
    """The service, reached by ``access``: by identifier in batches, by title one by one."""

    name = NAME

    def __init__(self, access: Access) -> None:
        self._service = Service(NAME, access, headers={"x-api-key": access.key} if access.key else None)
        self._has_key = access.key is not None

    def takes(self, query: Query) -> bool:
        """Return whether ``query`` has an identifier that the service may know, or a title."""
        return query.askable or bool(key(query.title))

    def fetch(self, queries: Sequence[Query], now: datetime) -> Mapping[Query, Fetched | Unanswered]:
        """Return an answer to each of ``queries``; a failure is Unanswered, never raised."""
        named = [query for query in queries if query.askable]
        titled = [query for query in queries if not query.askable]
        return self._by_identifier(named, now) | self._service.one_by_one(
            titled, lambda query: self._by_title(query, now)
        )

    def _by_identifier(self, queries: Sequence[Query], now: datetime) -> _Answers:
        answers: _Answers = {}
        waiting = [queries[start : start + BATCH] for start in range(0, len(queries), BATCH)]
        requests_left = max(_REQUESTS, len(waiting))
        while waiting:
            part = waiting.pop(0)
            if not requests_left:
                answers.update(unanswered(NAME, part, "too many papers it does not know in one change"))
                continue
            requests_left -= 1
            try:
                answers.update(self._batch(part, now))
            except Failed as failure:
                answers.update(unanswered(NAME, part, str(failure)))
            except _NoneKnown:
                if len(part) == 1:
                    answers[part[0]] = unknown(NAME, now)
                else:
                    middle = len(part) // 2
                    waiting += [part[:middle], part[middle:]]
        return answers

    def _by_title(self, query: Query, now: datetime) -> Fetched | Unanswered:
        """Return the paper whose title comes nearest, if it is alike. Raises Failed."""
        params = {"query": query.title[:_TITLE], "fields": FIELDS}
        reply = self._service.get("/graph/v1/paper/search/match", params)
        if reply.status == 404 and reply.json is not None:
            return unknown(NAME, now)
        match self._body(reply):
            case {"data": [record, *_]}:
                found = _read(record, now)
            case _:
                raise Failed("its answer does not fit the question")
        return found if _is_of(query, found) else unknown(NAME, now)

    def _body(self, reply: Reply) -> object:
        if reply.status == 403 and self._has_key:
            raise Failed("it refuses the key that Papergate has for it (HTTP 403)")
        return reply.body()

    def _batch(self, queries: Sequence[Query], now: datetime) -> _Answers:
        """Ask once. Raises _NoneKnown or Failed."""
        ids = [_paper_id(query.identifier) for query in queries if query.identifier]
        reply = self._service.post("/graph/v1/paper/batch", {"fields": FIELDS}, {"ids": ids})
        if reply.status == 400 and _says_none_known(reply.json):
            raise _NoneKnown
        body = self._body(reply)
        if not isinstance(body, list) or len(body) != len(queries):
            raise Failed("its answer does not fit the question")
        return {
            query: unknown(NAME, now) if record is None else _read(record, now)
            for query, record in zip(queries, body, strict=True)
        }


def _is_of(query: Query, found: Fetched | Unanswered) -> bool:
    """Return whether the paper found may be the one asked for; one that could not be read may."""
    if isinstance(found, Unanswered) or not isinstance(found.answer, Record):
        return True
    return likeness(key(query.title), key(found.answer.title)) >= ALIKE


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
        return Unanswered(NAME, UNREADABLE)
    names = tuple(author.name for author in paper.authors or () if author.name)
    answer = Record(
        source=NAME,
        fetched_on=now.date(),
        citations=paper.citationCount,
        title=paper.title or "",
        surnames=fields.surnames(names),
        authors=names,
        years=fields.years(paper.year, paper.publicationDate),
        url=paper.url,
        identifiers=_identifiers(paper),
    )
    return fetched(answer, now, record)


def _identifiers(paper: _Paper) -> frozenset[Identifier]:
    known = paper.externalIds or _ExternalIds()
    arxiv = f"https://arxiv.org/abs/{known.ArXiv}" if known.ArXiv else None
    own = {Identifier("acl", known.ACL)} if known.ACL else set()
    if paper.paperId:
        own.add(Identifier("s2", paper.paperId))
    return fields.identifiers(urls=(arxiv,), doi=known.DOI) | own
