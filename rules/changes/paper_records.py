"""Entries and the records that sources hold of them: which belong together, and what they say together."""

from __future__ import annotations

from collections.abc import Iterable

from rules.papers.evidence import Answer, Query, Record
from rules.papers.titles import ALIKE, key, likeness
from rules.reading.document import Listed

_SLIP = 2  # letters


def query_of(listed: Listed) -> Query:
    """Return what to ask about an entry."""
    return Query(listed.identifier, listed.entry.full_title, listed.entry.authors.first_surname)


def agreeing(listed: Listed, answers: Iterable[Answer]) -> tuple[Record, ...]:
    """Return the records that are of the entry's paper: title alike, and its first author among theirs.

    What a record leaves out speaks against nothing.
    """
    return tuple(answer for answer in answers if isinstance(answer, Record) and _agrees(listed, answer))


def _agrees(listed: Listed, record: Record) -> bool:
    if record.title and likeness(key(listed.entry.full_title), key(record.title)) < ALIKE:
        return False
    surname = listed.entry.authors.first_surname
    found = any(same_surname(surname, other) for other in record.surnames)
    return found or not surname or not record.surnames


def same_surname(one: str, other: str) -> bool:
    """Return whether two surnames are one; particles may be left out ("Oord" for "van den Oord")."""
    first, second = key(one), key(other)
    return bool(first and second) and (first.endswith(second) or second.endswith(first))


def slips(surname: str, known: Iterable[str]) -> str | None:
    """Return the known surname that ``surname`` is a slip of: at most two letters away, as "Loffe"."""
    from rapidfuzz.distance import DamerauLevenshtein  # noqa: PLC0415 - costs at start, seldom needed

    written = key(surname)
    distances = {other: DamerauLevenshtein.distance(written, key(other)) for other in known}
    nearest = min(distances, key=distances.__getitem__, default=None)
    return nearest if nearest is not None and distances[nearest] <= _SLIP < len(written) else None


def most_cited(records: Iterable[Record]) -> Record | None:
    """Return the record with the highest count, None when none holds one."""
    counted = [record for record in records if record.citations is not None]
    return max(counted, key=lambda record: record.citations or 0, default=None)


def year_of(listed: Listed, records: Iterable[Record]) -> int | None:
    """Return the year that decides the threshold.

    The entry's own stands when any year of any record lies within one of it, for a preprint and its
    publication often differ by one. Else the nearest of theirs does, or an entry would choose its own
    threshold.
    """
    claimed = listed.year.value
    years = [year for record in records for year in record.years]
    if claimed is None or not years:
        return claimed or min(years, default=None)
    nearest = min(years, key=lambda year: abs(year - claimed))
    return claimed if abs(claimed - nearest) <= 1 else nearest
