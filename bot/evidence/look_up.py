"""Look papers up: fresh answers from the store, few requests for the rest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.evidence.contracts import Fetched, Source, Store, name_of
from bot.evidence.service import within
from rules.papers.evidence import Answer, Evidence, EvidenceRequest, Query, Record, Unanswered

# A service learns of a new paper within days; its count grows slowly.
UNKNOWN_FRESH_FOR = timedelta(days=1)
CLOCK_SKEW = timedelta(minutes=1)
"""Between the clocks of two machines. An answer dated further in the future is not believed."""
SECONDS = 40.0
"""For all requests of a look-up to one source; all sources are asked at the same time."""


@dataclass(frozen=True, slots=True)
class Library:
    """Where to look papers up.

    ``first`` takes many papers in one request and is asked about every one; ``others`` are asked for a
    second opinion about those that are asked about in full. All answers are kept in ``store``. The requests
    to a source get ``seconds``.
    """

    first: Source
    others: tuple[Source, ...]
    store: Store
    seconds: float = SECONDS

    def look_up(self, wanted: EvidenceRequest, now: datetime) -> Evidence:
        """Return what the sources say at ``now`` (UTC) about the papers ``wanted``, the first source first.

        Where a source does not answer, its older record from the store counts, with its date. All sources are
        asked at the same time.
        """
        count_only = [query for query in wanted.count_only if query.askable]
        asked = [(self.first, (*wanted.full, *count_only)), *((other, wanted.full) for other in self.others)]
        taken = [(source, tuple(filter(source.takes, queries))) for source, queries in asked]
        desks = [
            (_Desk(source, self.store, now, timedelta(days=wanted.fresh_days), self.seconds), queries)
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
    """One source with its answers in the store."""

    source: Source
    store: Store
    now: datetime
    record_fresh_for: timedelta
    seconds: float

    def answers(self, queries: Iterable[Query]) -> list[tuple[Query, Answer]]:
        """Return each of ``queries`` once, with its answer."""
        # A list may name one paper by two titles: it is asked about once.
        names = {query: name_of(query) for query in queries}
        found = self._by_name({name: query for query, name in names.items()})
        return [(query, found[name]) for query, name in names.items()]

    def _by_name(self, queries: dict[str, Query]) -> dict[str, Answer]:
        kept = {
            name: answer
            for name, answer in self.store.get(self.source.name, queries).items()
            if answer.fetched_at <= self.now + CLOCK_SKEW
        }
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
        with within(self.seconds):
            answers = self.source.fetch(missing, self.now)
        fetched = {name_of(query): answers[query] for query in missing}
        new = {name: answer for name, answer in fetched.items() if isinstance(answer, Fetched)}
        if new:
            self.store.put(self.source.name, new)
        return fetched


def _best(fetched: Fetched | Unanswered, kept: Fetched | None) -> Answer:
    """Return the new answer, without one the older record; an older "unknown" says nothing today."""
    if isinstance(fetched, Fetched):
        return fetched.answer
    return kept.answer if kept and isinstance(kept.answer, Record) else fetched
