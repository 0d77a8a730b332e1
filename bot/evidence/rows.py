"""The stored form of an answer, one row a source and identifier, the same in a file and in the database."""

from __future__ import annotations

import json
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, JsonValue, NonNegativeInt, model_validator

from bot.evidence.contracts import Fetched
from rules.evidence import Counted, Unknown
from rules.identifiers import Identifier


class Row(BaseModel):
    """One answer at rest. Only what can be read back whole is a row."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    identifier: str
    status: Literal["known", "unknown"]
    citations: NonNegativeInt | None = None
    year: int | None = None
    title: str | None = None
    url: str | None = None
    record: JsonValue = None
    fetched_at: AwareDatetime

    @model_validator(mode="after")
    def _known_has_a_count(self) -> Row:
        if (self.status == "known") != (self.citations is not None):
            raise ValueError("a known paper has a count, an unknown one has none")
        return self


def row_of(source: str, identifier: Identifier, fetched: Fetched) -> Row:
    """Return the row that keeps ``fetched``."""
    answer = fetched.answer
    name = str(identifier)
    if isinstance(answer, Unknown):
        return Row(source=source, identifier=name, status="unknown", fetched_at=fetched.fetched_at)
    return Row(
        source=source,
        identifier=name,
        status="known",
        citations=answer.citations,
        year=answer.year,
        title=answer.title,
        url=answer.url,
        record=json.loads(fetched.record) if fetched.record else None,
        fetched_at=fetched.fetched_at,
    )


def fetched_of(row: Row) -> Fetched:
    """Return the answer that ``row`` keeps."""
    day = row.fetched_at.date()
    if row.citations is None:
        return Fetched(Unknown(row.source, day), row.fetched_at)
    counted = Counted(row.citations, row.source, day, row.url, row.title, row.year)
    record = None if row.record is None else json.dumps(row.record, ensure_ascii=False)
    return Fetched(counted, row.fetched_at, record)
