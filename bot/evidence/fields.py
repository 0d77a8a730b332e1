"""Parts that the records of all services share, in one form."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field

from rules.papers.identifiers import Identifier, identify

Count = Annotated[int, Field(ge=0, le=2**31 - 1)]
"""Citations; more than the database's integers hold is not a count."""
_AFTER_NAMES = frozenset({"jr", "sr", "ii", "iii", "iv"})


def surname(name: str) -> str:
    """Return the last name of "Kaiming He"; a "Jr." after it is left out."""
    words = [word for word in name.split() if word.lower().strip(".,") not in _AFTER_NAMES]
    return words[-1].rstrip(",") if words else name


def surnames(names: Iterable[str]) -> tuple[str, ...]:
    """Return the last name of each of ``names``."""
    return tuple(map(surname, names))


def years(*dates: str | int | None) -> tuple[int, ...]:
    """Return the years that ``dates`` ("2014-10-27", 2014) begin with, each once and in order."""
    found = (str(date)[:4] for date in dates if date)
    return tuple(dict.fromkeys(int(year) for year in found if year.isdecimal() and len(year) == 4))


def identifiers(*, urls: Iterable[str | None] = (), doi: str | None = None) -> frozenset[Identifier]:
    """Return the identifiers that ``urls`` and a bare ``doi`` name."""
    named = [url for url in urls if url] + ([f"https://doi.org/{doi}"] if doi else [])
    return frozenset(found for found in map(identify, named) if found)
