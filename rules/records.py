"""Entries and the records that sources hold of them: which belong together, and what they say together."""

from __future__ import annotations

from collections.abc import Iterable

from rules.document import Listed
from rules.evidence import Answer, Query, Record
from rules.titles import ALIKE, key, likeness


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
    surname = key(listed.entry.authors.first_surname)
    surnames = {key(name) for name in record.surnames}
    # "A. Oord" for "Aäron van den Oord": the list often leaves particles out.
    found = any(name.endswith(surname) or surname.endswith(name) for name in surnames)
    return found or not surname or not surnames


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
