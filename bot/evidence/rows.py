"""The stored form of an answer, one row a source and paper, the same in a file and in the database."""

from __future__ import annotations

import json
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, JsonValue, NonNegativeInt

from bot.evidence.contracts import Fetched
from rules.papers.evidence import Record, Unknown
from rules.papers.identifiers import Identifier


class Row(BaseModel):
    """One answer at rest. Only what can be read back whole is a row."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    name: str
    """What the paper was asked for by: an identifier, or ``title:`` and the normalised title."""
    status: Literal["known", "unknown"]
    citations: NonNegativeInt | None = None
    title: str = ""
    surnames: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    identifiers: tuple[str, ...] = ()
    url: str | None = None
    raw: JsonValue = None
    """The source's own record."""
    fetched_at: AwareDatetime


def row_of(source: str, name: str, fetched: Fetched) -> Row:
    """Return the row that keeps ``fetched``."""
    answer = fetched.answer
    if isinstance(answer, Unknown):
        return Row(source=source, name=name, status="unknown", fetched_at=fetched.fetched_at)
    return Row(
        source=source,
        name=name,
        status="known",
        citations=answer.citations,
        title=answer.title,
        surnames=answer.surnames,
        authors=answer.authors,
        years=answer.years,
        identifiers=tuple(sorted(map(str, answer.identifiers))),
        url=answer.url,
        raw=json.loads(fetched.raw) if fetched.raw else None,
        fetched_at=fetched.fetched_at,
    )


def fetched_of(row: Row) -> Fetched:
    """Return the answer that ``row`` keeps."""
    day = row.fetched_at.date()
    if row.status == "unknown":
        return Fetched(Unknown(row.source, day), row.fetched_at)
    record = Record(
        source=row.source,
        fetched_on=day,
        citations=row.citations,
        title=row.title,
        surnames=row.surnames,
        authors=row.authors,
        years=row.years,
        url=row.url,
        identifiers=frozenset(map(_identifier, row.identifiers)),
    )
    raw = None if row.raw is None else json.dumps(row.raw, ensure_ascii=False)
    return Fetched(record, row.fetched_at, raw)


def _identifier(text: str) -> Identifier:
    scheme, _, value = text.partition(":")
    return Identifier(scheme, value)
