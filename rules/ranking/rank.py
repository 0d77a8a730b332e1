"""The papers of the counted sections by how their citations compare with what their year asks for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from rules.changes.paper_records import agreeing, most_cited, query_of, year_of
from rules.papers.evidence import Answer, Evidence, EvidenceRequest, Record, Unanswered, Unknown
from rules.policy.policy import Policy
from rules.reading.document import Document, Listed


@dataclass(frozen=True, slots=True)
class Ranked:
    """A paper with its place, 1 for the strongest; ``ratio`` is ``citations`` divided by ``threshold``.

    ``source`` gave the count on the day ``counted_on``; ``line`` is a line of the list.
    """

    rank: int
    title: str
    section: str
    line: int
    year: int
    citations: int
    threshold: int
    ratio: float
    source: str
    counted_on: date
    url: str | None


@dataclass(frozen=True, slots=True)
class Unranked:
    """A paper that has no place, and why not, as a clause."""

    title: str
    section: str
    line: int
    year: int | None
    why: str


@dataclass(frozen=True, slots=True)
class Ranking:
    """The papers of the counted sections: the strongest first, then those without a place, in list order."""

    ranked: tuple[Ranked, ...]
    unranked: tuple[Unranked, ...]


@dataclass(frozen=True, slots=True)
class _Counted:
    listed: Listed
    year: int
    threshold: int
    record: Record
    citations: int

    @property
    def ratio(self) -> float:
        return self.citations / self.threshold


def counted(document: Document) -> tuple[Listed, ...]:
    """Return the entries of the counted sections, in list order."""
    return tuple(listed for listed in document.entries if listed.group.counted)


def wanted(papers: Iterable[Listed], policy: Policy) -> EvidenceRequest:
    """Return what to ask about ``papers``: a count of each, by title where the link names no identifier."""
    queries = dict.fromkeys(map(query_of, papers))
    # A count alone is asked for by identifier; a search by title is part of the full question.
    by_title = tuple(query for query in queries if not query.askable)
    by_identifier = tuple(query for query in queries if query.askable)
    return EvidenceRequest(full=by_title, count_only=by_identifier, fresh_days=policy.evidence_days)


def rank(document: Document, policy: Policy, evidence: Evidence) -> Ranking:
    """Return the papers of the counted sections by the pure ratio of citations to their year's threshold.

    The year is the entry's own, or that of the records when it has none; papers of one ratio keep their
    order in the list.
    """
    placed: list[_Counted] = []
    unranked: list[Unranked] = []
    for listed in counted(document):
        found = _count(listed, policy, evidence.of(query_of(listed)))
        if isinstance(found, _Counted):
            placed.append(found)
        else:
            unranked.append(found)
    placed.sort(key=lambda paper: -paper.ratio)
    return Ranking(tuple(_ranked(number, paper) for number, paper in enumerate(placed, 1)), tuple(unranked))


def _count(listed: Listed, policy: Policy, answers: tuple[Answer, ...]) -> _Counted | Unranked:
    records = agreeing(listed, answers)
    year = listed.year.value or year_of(listed, records)
    most = most_cited(records)
    threshold = policy.thresholds.get(year) if year else None
    if year and threshold and most is not None and most.citations is not None:
        return _Counted(listed, year, threshold, most, most.citations)
    why = _uncounted(answers) if most is None else f"the criteria name no citations for {year or 'its year'}"
    return Unranked(listed.title, listed.section, listed.line, year, why)


def _uncounted(answers: tuple[Answer, ...]) -> str:
    for answer in answers:
        if isinstance(answer, Unanswered):
            return f"no count: {answer.source}: {answer.reason}"
    if any(isinstance(answer, Record) for answer in answers):
        return "no count: the records found are of another paper, or hold none"
    sources = " and ".join(answer.source for answer in answers if isinstance(answer, Unknown))
    return f"no count: unknown to {sources}" if sources else "no count: no source was asked"


def _ranked(number: int, paper: _Counted) -> Ranked:
    listed, record = paper.listed, paper.record
    return Ranked(
        rank=number,
        title=listed.title,
        section=listed.section,
        line=listed.line,
        year=paper.year,
        citations=paper.citations,
        threshold=paper.threshold,
        ratio=paper.ratio,
        source=record.source,
        counted_on=record.fetched_on,
        url=record.url,
    )
