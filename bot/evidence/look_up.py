"""Look papers up: kept answers while they are fresh, as few requests as can be for the rest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.evidence.contracts import Fetched, Source, Store, askable, name_of
from rules.papers.evidence import Answer, Evidence, EvidenceRequest, Query, Record, Unanswered

# A service learns of a new paper within days; its count grows slowly.
UNKNOWN_FRESH_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Library:
    """Where to look papers up.

    ``first`` takes many papers in one request and is asked about every one; ``others`` are asked for a
    second opinion about those that are judged. All answers are kept in ``store``.
    """

    first: Source
    others: tuple[Source, ...]
    store: Store

    def look_up(self, wanted: EvidenceRequest, now: datetime) -> Evidence:
        """Return what the sources say at ``now`` (UTC) about the papers ``wanted``, the first source first.

        Where a source does not answer, its older record from the store stands, with its date. All are
        asked at once: nobody waits for more than the slowest.
        """
        ranked = [query for query in wanted.ranked if askable(query)]
        asked = [(self.first, (*wanted.judged, *ranked)), *((other, wanted.judged) for other in self.others)]
        taken = [(source, tuple(filter(source.takes, queries))) for source, queries in asked]
        desks = [
            (_Desk(source, self.store, now, timedelta(days=wanted.fresh_days)), queries)
            for source, queries in taken
            if queries
        ]
        answers: dict[Query, tuple[Answer, ...]] = {}
        if not desks:
            return Evidence()
        with ThreadPoolExecutor(len(desks), thread_name_prefix="source") as threads:
            for found in threads.map(lambda desk: desk[0].answers(desk[1]), desks):
                for query, answer in found:
                    answers[query] = (*answers.get(query, ()), answer)
        return Evidence(answers)


@dataclass(frozen=True, slots=True)
class _Desk:
    """One source and what is kept of it."""

    source: Source
    store: Store
    now: datetime
    record_fresh_for: timedelta

    def answers(self, queries: Iterable[Query]) -> list[tuple[Query, Answer]]:
        """Return each of ``queries`` once, with its answer."""
        # One paper may stand in a list under two titles: it is asked about once.
        names = {query: name_of(query) for query in queries}
        found = self._by_name({name: query for query, name in names.items()})
        return [(query, found[name]) for query, name in names.items()]

    def _by_name(self, queries: dict[str, Query]) -> dict[str, Answer]:
        kept = self.store.get(self.source.name, queries)
        fresh = {name: answer for name, answer in kept.items() if self._is_fresh(answer)}
        fetched = self._fetch([query for name, query in queries.items() if name not in fresh])
        answers: dict[str, Answer] = {name: answer.answer for name, answer in fresh.items()}
        return answers | {name: _best(answer, kept.get(name)) for name, answer in fetched.items()}

    def _is_fresh(self, kept: Fetched) -> bool:
        limit = self.record_fresh_for if isinstance(kept.answer, Record) else UNKNOWN_FRESH_FOR
        return self.now - kept.fetched_at < limit

    def _fetch(self, missing: Sequence[Query]) -> dict[str, Fetched | Unanswered]:
        if not missing:
            return {}
        answers = self.source.fetch(missing, self.now)
        fetched = {name_of(query): answers[query] for query in missing}
        new = {name: answer for name, answer in fetched.items() if isinstance(answer, Fetched)}
        if new:
            self.store.put(self.source.name, new)
        return fetched


def _best(fetched: Fetched | Unanswered, kept: Fetched | None) -> Answer:
    """Return the new answer, without one the older record; an older "unknown" tells nothing today."""
    if isinstance(fetched, Fetched):
        return fetched.answer
    return kept.answer if kept and isinstance(kept.answer, Record) else fetched
