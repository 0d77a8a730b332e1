"""How the entries of a group of sections look: bold or not, with year, authors, link, tags and signs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Style:
    """What an entry of a group has: ``None`` for bold leaves it to the author.

    ``tags`` are affiliations in italics, ``marks`` are signs such as ``:sparkles:``; ``label`` is that of a
    link that has none.
    """

    bold: bool | None = False
    year: bool = True
    authors: bool = True
    link: bool = True
    tags: bool = False
    marks: bool = False
    label: str = "pdf"


PLAIN = Style()
