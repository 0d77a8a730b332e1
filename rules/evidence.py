"""What bibliographic services said about papers, as the rules see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from rules.identifiers import Identifier


@dataclass(frozen=True, slots=True)
class Counted:
    """A source knows the paper: its citation count, with the source, its page and the day it was asked."""

    citations: int
    source: str
    fetched_on: date
    url: str | None = None
    title: str | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """A source answered that it does not know the paper."""

    source: str
    fetched_on: date


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A source did not answer: nothing is known, and nobody is to blame. ``reason`` is shown to people."""

    source: str
    reason: str


Answer = Counted | Unknown | Unanswered


@dataclass(frozen=True, slots=True)
class Evidence:
    """The answers to the identifiers that were looked up; an identifier not asked for is absent."""

    answers: Mapping[Identifier, Answer] = field(default_factory=dict)

    def of(self, identifier: Identifier | None) -> Answer | None:
        """Return the answer about ``identifier``, or None when it was not looked up."""
        return None if identifier is None else self.answers.get(identifier)


NONE = Evidence()
