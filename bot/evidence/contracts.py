"""Protocols: a bibliographic source, a store of its answers, a rate limiter."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from rules.papers.evidence import Query, Record, Unanswered, Unknown
from rules.papers.titles import key


@dataclass(frozen=True, slots=True)
class Fetched:
    """The answer of a source at ``fetched_at`` (UTC); ``raw`` is the source's record, as JSON text."""

    answer: Record | Unknown
    fetched_at: datetime
    raw: str | None = None


class Source(Protocol):
    """A bibliographic service."""

    @property
    def name(self) -> str:
        """The name that people know the service by."""
        ...

    def takes(self, query: Query) -> bool:
        """Return whether the service can be asked about ``query``."""
        ...

    def fetch(self, queries: Sequence[Query], now: datetime) -> Mapping[Query, Fetched | Unanswered]:
        """Return an answer to each of ``queries``, which it takes; a failure is Unanswered, never raised."""
        ...


class Store(Protocol):
    """Answers kept for later, by source and name of the paper (`name_of`)."""

    def get(self, source: str, names: Collection[str]) -> Mapping[str, Fetched]:
        """Return the kept answers of ``source``, however old; a name without one is absent."""
        ...

    def put(self, source: str, answers: Mapping[str, Fetched]) -> None:
        """Keep ``answers`` of ``source`` in place of earlier ones."""
        ...


class RateLimit(Protocol):
    """Keeps the requests to a service apart, over all processes that share it."""

    def reserve(self, source: str, seconds: float) -> float | None:
        """Reserve the next request to ``source``, ``seconds`` after the one reserved last.

        Returns the seconds to wait before it is sent; None, and nothing is reserved, when they are too many.
        """
        ...


def name_of(query: Query) -> str:
    """Return what the answers to ``query`` are kept by: the identifier, else the normalised title."""
    if query.askable:
        return str(query.identifier)
    return f"title:{key(query.title)}"
