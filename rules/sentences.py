"""Parts of sentences: numbers with their nouns, and guesses at what was meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

LIKE = 0.6
"""How alike a name has to be to be guessed, of 1; the default of `difflib`."""


def counted(number: int, singular: str, plural: str) -> str:
    """Return ``number`` with the noun that fits it: ``1 paper``, ``2 papers``."""
    return f"{number:,} {singular if number == 1 else plural}"


def nearest(name: str, names: Iterable[str], like: float = LIKE) -> str | None:
    """Return the one of ``names`` that is most like ``name``, None where none is alike enough."""
    return next(iter(get_close_matches(name, list(names), n=1, cutoff=like)), None)
