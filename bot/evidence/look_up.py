"""Look papers up: kept answers while they are fresh, one request for the rest."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.evidence.contracts import Fetched, Source, Store
from rules.evidence import Answer, Counted, Evidence, Unanswered
from rules.identifiers import Identifier

COUNT_FRESH_FOR = timedelta(days=7)
# A service learns of a new paper within days; its count grows slowly.
UNKNOWN_FRESH_FOR = timedelta(days=1)


def look_up(identifiers: Iterable[Identifier], source: Source, store: Store, now: datetime) -> Evidence:
    """Return what ``source`` says about ``identifiers`` at ``now`` (UTC), one answer for each.

    Where the source does not answer, an older count from ``store`` stands, with its date.
    """
    asked = tuple(dict.fromkeys(identifiers))
    if not asked:
        return Evidence()
    kept = store.get(source.name, asked)
    fresh = {identifier: answer for identifier, answer in kept.items() if _is_fresh(answer, now)}
    missing = [identifier for identifier in asked if identifier not in fresh]
    fetched = source.fetch(missing, now) if missing else {}
    new = {identifier: answer for identifier, answer in fetched.items() if isinstance(answer, Fetched)}
    if new:
        store.put(source.name, new)
    answers: dict[Identifier, Answer] = {identifier: answer.answer for identifier, answer in fresh.items()}
    for identifier in missing:
        answers[identifier] = _best(fetched[identifier], kept.get(identifier))
    return Evidence(answers)


def _is_fresh(kept: Fetched, now: datetime) -> bool:
    limit = COUNT_FRESH_FOR if isinstance(kept.answer, Counted) else UNKNOWN_FRESH_FOR
    return now - kept.fetched_at < limit


def _best(fetched: Fetched | Unanswered, kept: Fetched | None) -> Answer:
    """Return the new answer, without one the older count; an older "unknown" tells nothing today."""
    if isinstance(fetched, Fetched):
        return fetched.answer
    return kept.answer if kept and isinstance(kept.answer, Counted) else fetched
