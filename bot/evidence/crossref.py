"""Crossref: the records of the registry of DOIs, one request for each DOI.

https://api.crossref.org/swagger-ui/index.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.evidence import fields
from bot.evidence.contracts import Fetched
from bot.evidence.service import UNREADABLE, Access, Service, fetched, unknown
from rules.papers.evidence import Query, Record, Unanswered

NAME = "Crossref"
PAGE = "https://www.crossref.org"
URL = "https://api.crossref.org"
PACE = 0.2
"""Seconds between requests: 5 a second (``x-rate-limit-limit`` of its answers)."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="allow")


class _Author(_Part):
    given: str | None = None
    family: str | None = None
    name: str | None = None

    @property
    def full(self) -> str:
        """The whole name, an organisation's too."""
        return self.name or " ".join(part for part in (self.given, self.family) if part)


class _Date(_Part):
    parts: tuple[tuple[int | None, ...], ...] = Field(alias="date-parts", default=())

    @property
    def year(self) -> int | None:
        """The year, None where the date is empty."""
        return self.parts[0][0] if self.parts and self.parts[0] else None


class _Work(_Part):
    """What is used of a record; the rest is kept with it."""

    doi: str = Field(alias="DOI")
    citations: fields.Count | None = Field(None, alias="is-referenced-by-count")
    title: tuple[str, ...] = ()
    subtitle: tuple[str, ...] = ()
    author: tuple[_Author, ...] = ()
    issued: _Date | None = None
    in_print: _Date | None = Field(None, alias="published-print")
    online: _Date | None = Field(None, alias="published-online")

    @property
    def full_title(self) -> str:
        """Title and subtitle, which is kept apart."""
        title, subtitle = next(iter(self.title), ""), next(iter(self.subtitle), "")
        return f"{title}: {subtitle}" if subtitle and subtitle not in title else title

    @property
    def years(self) -> tuple[int, ...]:
        """The years of its issues, in print and online."""
        dates = (self.issued, self.in_print, self.online)
        return fields.years(*(date.year for date in dates if date))


class _Answer(_Part):
    message: _Work


class Crossref:
    """The service, reached by ``access``."""

    name = NAME

    def __init__(self, access: Access) -> None:
        headers = {"Crossref-Plus-API-Token": f"Bearer {access.key}"} if access.key else None
        self._service = Service(NAME, access, headers=headers)

    def takes(self, query: Query) -> bool:
        """Return whether ``query`` has a DOI."""
        return query.identifier is not None and query.identifier.scheme == "doi"

    def fetch(self, queries: Sequence[Query], now: datetime) -> Mapping[Query, Fetched | Unanswered]:
        """Return an answer to each of ``queries``; a failure is Unanswered, never raised."""
        return self._service.one_by_one(queries, lambda query: self._by_doi(query, now))

    def _by_doi(self, query: Query, now: datetime) -> Fetched | Unanswered:
        """Ask for one work. Raises Failed."""
        doi = query.identifier.value if query.identifier else ""
        reply = self._service.get(f"/works/{quote(doi, safe='')}", {})
        if reply.status == 404:  # in plain text
            return unknown(NAME, now)
        return _read(reply.body(), now)


def _read(body: object, now: datetime) -> Fetched | Unanswered:
    try:
        work = _Answer.model_validate(body).message
    except ValidationError:
        return Unanswered(NAME, UNREADABLE)
    record = Record(
        source=NAME,
        fetched_on=now.date(),
        citations=work.citations,
        title=work.full_title,
        surnames=tuple(author.family or author.full for author in work.author),
        authors=tuple(author.full for author in work.author),
        years=work.years,
        url=f"https://doi.org/{work.doi}",
        identifiers=fields.identifiers(doi=work.doi),
    )
    return fetched(record, now, body)
