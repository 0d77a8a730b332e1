"""What bibliographic services said about papers, and what links led to, as the rules see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from rules.papers.identifiers import Identifier


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked about one entry: by identifier where its links name one, else by title and author."""

    identifier: Identifier | None
    title: str
    surname: str = ""

    @property
    def askable(self) -> bool:
        """True when it has an identifier that bibliographic services know papers by."""
        return self.identifier is not None and self.identifier.askable


@dataclass(frozen=True, slots=True)
class Record:
    """What a source knows of a paper.

    ``surnames`` are the authors' in order; ``years`` all it gives (posted, published, venue);
    ``citations`` is None when the source counts none. ``fetched_on`` is the day it was asked, ``url`` its
    page about the paper, ``identifiers`` the names it knows the paper by, ``authors`` the full names in
    order where it gives them.
    """

    source: str
    fetched_on: date
    citations: int | None
    title: str = ""
    surnames: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    url: str | None = None
    identifiers: frozenset[Identifier] = frozenset()
    authors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unknown:
    """A source answered that it does not know the paper."""

    source: str
    fetched_on: date


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A source did not answer: nothing is known, and nobody is to blame. ``reason`` is a clause."""

    source: str
    reason: str


Answer = Record | Unknown | Unanswered


class Reach(Enum):
    """Where a link led."""

    ALIVE = "it leads somewhere"
    DEAD = "the page does not exist"
    UNVERIFIED = "it could not be verified"


@dataclass(frozen=True, slots=True)
class Reached:
    """The outcome of following a link; ``reason`` is shown to people and echoes nothing of the answer."""

    reach: Reach
    reason: str = ""


@dataclass(frozen=True, slots=True)
class EvidenceRequest:
    """What the evaluation of one change needs to know.

    Every source is asked about the papers of ``full``, one source for the citations of those of
    ``count_only``; ``urls`` are followed. A record fetched less than ``fresh_days`` ago is not asked for
    again.
    """

    full: tuple[Query, ...] = ()
    count_only: tuple[Query, ...] = ()
    urls: tuple[str, ...] = ()
    fresh_days: int = 7


@dataclass(frozen=True, slots=True)
class Evidence:
    """The answers of the sources to each query, and where links led; what was not asked for is absent."""

    answers: Mapping[Query, tuple[Answer, ...]] = field(default_factory=dict)
    reached: Mapping[str, Reached] = field(default_factory=dict)

    def of(self, query: Query) -> tuple[Answer, ...]:
        """Return what each source answered to ``query``; nothing when it was not asked."""
        return self.answers.get(query, ())
