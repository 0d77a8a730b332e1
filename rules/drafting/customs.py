"""Customs that a list shows by what it does: its repeats, its order, its numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

from rules.papers.titles import signed_key
from rules.policy.forms import Numbers, Order, Repeats, Scope
from rules.reading.document import Document, Listed

_DEFECTS = 0.01  # of the entries: so many repeats may be mistakes
_OUT_OF_ORDER = 0.03  # of the neighbours whose dates differ: so many may be mistakes
_NEIGHBOURS_LEAST = 12  # neighbours whose dates differ, to speak of an order
_TITLE, _LINK = frozenset({"title"}), frozenset({"link"})
# The strictest first: the first one that the list keeps is proposed.
_CANDIDATES = (
    Repeats(Scope.LIST, (_TITLE, _LINK)),
    Repeats(Scope.LIST, (_LINK,)),
    Repeats(Scope.SECTION, (_TITLE, _LINK)),
    Repeats(Scope.SECTION, (_LINK,)),
    Repeats(Scope.SECTION, (_TITLE | _LINK,)),
)


def repeats_of(document: Document) -> Repeats:
    """Return the strictest rule on repeats that the list itself keeps."""
    most = _DEFECTS * len(document.entries)
    for repeats in _CANDIDATES:
        if _repeated(document.entries, repeats) <= most:
            return repeats
    return Repeats(Scope.OFF)


def _repeated(entries: Iterable[Listed], repeats: Repeats) -> int:
    """Return how many entries repeat another one."""
    seen: Counter[tuple[str, ...]] = Counter()
    repeated = 0
    for listed in entries:
        place = listed.place if repeats.within is Scope.SECTION else ""
        title, link = signed_key(listed.title), listed.paper_place
        keys = []
        for wanted in repeats.by:
            parts = [title] * ("title" in wanted) + [link or ""] * ("link" in wanted)
            if all(parts):
                keys.append((place, *sorted(wanted), *parts))
        repeated += any(seen[key] for key in keys)
        seen.update(keys)
    return repeated


def order_of(document: Document) -> Order | None:
    """Return the order that the entries of a section keep, None when they keep none."""
    for by in ("date", "year"):
        up = down = 0
        for upper, lower in pairwise(document.entries):
            first, second = _date(upper, by), _date(lower, by)
            if upper.path == lower.path and first and second:
                up += first < second
                down += first > second
        if up + down >= _NEIGHBOURS_LEAST and min(up, down) <= _OUT_OF_ORDER * (up + down):
            return Order(by, newest_first=down > up)
    return None


def _date(listed: Listed, by: str) -> tuple[int, int] | None:
    year = listed.year.value
    if year is None or (by == "date" and listed.entry.month is None):
        return None
    return year, listed.entry.month or 0


def numbers_of(document: Document) -> Numbers | None:
    """Return how numbered entries are numbered, None when most entries have no number."""
    numbered = [listed for listed in document.entries if listed.number is not None]
    if len(numbered) * 2 < len(document.entries) or not numbered:
        return None
    ones = sum(listed.number == 1 for listed in numbered)
    if ones * 2 > len(numbered):
        return None  # Markdown counts them, and a number typed otherwise does no harm
    follows = sum(
        upper.path == lower.path and upper.number is not None and lower.number == upper.number + 1
        for upper, lower in pairwise(numbered)
    )
    return Numbers.COUNTING if follows * 10 >= 8 * len(numbered) else None
