"""What a bibliographic source and a store of its answers promise."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from rules.evidence import Counted, Unanswered, Unknown
from rules.identifiers import Identifier


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a source answered at ``fetched_at`` (UTC); ``record`` is its own record, as JSON text."""

    answer: Counted | Unknown
    fetched_at: datetime
    record: str | None = None


class Source(Protocol):
    """A bibliographic service."""

    @property
    def name(self) -> str:
        """The name people know the service by."""
        ...

    def fetch(
        self, identifiers: Sequence[Identifier], now: datetime
    ) -> Mapping[Identifier, Fetched | Unanswered]:
        """Return an answer about each of ``identifiers``; a failure is Unanswered, never raised."""
        ...


class Store(Protocol):
    """Answers kept for later, by source and identifier."""

    def get(self, source: str, identifiers: Collection[Identifier]) -> Mapping[Identifier, Fetched]:
        """Return the kept answers of ``source``, however old; an identifier without one is absent."""
        ...

    def put(self, source: str, answers: Mapping[Identifier, Fetched]) -> None:
        """Keep ``answers`` of ``source`` in place of earlier ones."""
        ...
