"""OpenAlex: a second opinion, by DOI one by one, by arXiv id many in one request.

A single work is free, a list is metered (https://developers.openalex.org/guides/authentication). Works of
arXiv are found by the address of their page (``locations.landing_page_url``), which comes with ``http`` or
``https``; their arXiv DOI is often another work's, or none's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.evidence import fields
from bot.evidence.contracts import Fetched
from bot.evidence.service import UNREADABLE, Access, Failed, Service, fetched, unanswered, unknown
from rules.papers.evidence import Query, Record, Unanswered
from rules.papers.identifiers import Identifier

NAME = "OpenAlex"
PAGE = "https://openalex.org"
URL = "https://api.openalex.org"
PACE = 0.1
"""Seconds between requests."""
SELECT = "id,doi,title,publication_year,publication_date,cited_by_count,ids,authorships,locations"
# A filter takes 100 values, and each paper has two.
BATCH = 50

_Answers = dict[Query, Fetched | Unanswered]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="allow")


class _Author(_Part):
    display_name: str | None = None


class _Authorship(_Part):
    author: _Author = _Author()


class _Location(_Part):
    landing_page_url: str | None = None


class _Work(_Part):
    """What is used of a record; the rest is kept with it."""

    id: str
    cited_by_count: fields.Count
    doi: str | None = None
    title: str | None = None
    publication_year: int | None = None
    publication_date: str | None = None
    authorships: tuple[_Authorship, ...] = ()
    locations: tuple[_Location, ...] = ()

    def identifiers(self) -> frozenset[Identifier]:
        """Return the names the service knows the work by."""
        return fields.identifiers(urls=(self.doi, *(place.landing_page_url for place in self.locations)))


class OpenAlex:
    """The service, reached by ``access``."""

    name = NAME

    def __init__(self, access: Access) -> None:
        self._service = Service(NAME, access, params={"api_key": access.key} if access.key else None)

    def takes(self, query: Query) -> bool:
        """Return whether ``query`` has an arXiv id or a DOI."""
        return query.identifier is not None and query.identifier.scheme in {"arxiv", "doi"}

    def fetch(self, queries: Sequence[Query], now: datetime) -> Mapping[Query, Fetched | Unanswered]:
        """Return an answer to each of ``queries``; a failure is Unanswered, never raised."""
        preprints = [query for query in queries if query.identifier and query.identifier.scheme == "arxiv"]
        others = [query for query in queries if query not in preprints]
        answers = self._service.one_by_one(others, lambda query: self._by_doi(query, now))
        for start in range(0, len(preprints), BATCH):
            part = preprints[start : start + BATCH]
            try:
                answers |= self._by_page(part, now)
            except Failed as failure:
                answers |= unanswered(NAME, preprints[start:], str(failure))
                break
        return answers

    def _by_doi(self, query: Query, now: datetime) -> Fetched | Unanswered:
        """Ask for one work. Raises Failed."""
        doi = query.identifier.value if query.identifier else ""
        # Dots and empty parts would be taken as steps in the path: a stranger's DOI leads to no other page.
        safe = "" if {"", ".", ".."} & set(doi.split("/")) else "/"
        reply = self._service.get(f"/works/doi:{quote(doi, safe=safe)}", {"select": SELECT})
        if reply.status == 404:
            return unknown(NAME, now)
        return _read(reply.body(), now)

    def _by_page(self, queries: Sequence[Query], now: datetime) -> _Answers:
        """Ask for the works of several arXiv papers. Raises Failed."""
        names = {query.identifier: query for query in queries if query.identifier}
        pages = "|".join(f"{way}://arxiv.org/abs/{name.value}" for name in names for way in ("https", "http"))
        params = {"filter": f"locations.landing_page_url:{pages}", "select": SELECT, "per_page": "100"}
        match self._service.get("/works", params).body():
            case {"results": [*results]}:
                found = list(_found(results, now))
            case _:
                raise Failed("its answer does not fit the question")
        return {query: _most_cited(name, found, now) for name, query in names.items()}


def _found(results: list[object], now: datetime) -> Iterator[tuple[frozenset[Identifier], Fetched]]:
    """Return the readable records, each with the names it goes by. Raises Failed when one is not readable."""
    for result in results:
        read = _read(result, now)
        if isinstance(read, Unanswered):
            raise Failed(UNREADABLE)  # it may be of any of the papers asked for
        if isinstance(read.answer, Record):
            yield read.answer.identifiers, read


def _most_cited(
    name: Identifier, found: Sequence[tuple[frozenset[Identifier], Fetched]], now: datetime
) -> Fetched:
    """Return the record that goes by ``name``: of several, for one paper may be two works, the most cited."""
    records = [fetched for names, fetched in found if name in names]
    return max(records, key=_citations, default=unknown(NAME, now))


def _citations(fetched: Fetched) -> int:
    return (fetched.answer.citations or 0) if isinstance(fetched.answer, Record) else 0


def _read(body: object, now: datetime) -> Fetched | Unanswered:
    try:
        work = _Work.model_validate(body)
    except ValidationError:
        return Unanswered(NAME, UNREADABLE)
    names = tuple(part.author.display_name for part in work.authorships if part.author.display_name)
    record = Record(
        source=NAME,
        fetched_on=now.date(),
        citations=work.cited_by_count,
        title=work.title or "",
        surnames=fields.surnames(names),
        authors=names,
        years=fields.years(work.publication_year, work.publication_date),
        url=work.id,
        identifiers=work.identifiers(),
    )
    return fetched(record, now, body)
