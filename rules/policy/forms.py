"""How the entries of a list look: form lines and what belongs to them, as a policy states them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

MOST_FORMS = 20
"""Forms of one list; the lists looked at need nine at most."""
LONGEST_FORM = 300
"""Characters of one form; the longest real one has 90."""


class Standing(Enum):
    """What a form means for a new entry."""

    ASKED = "right, and the one that others are corrected to"
    ALSO = "right as well"
    READ = "understood, and reported on new lines"


@dataclass(frozen=True, slots=True)
class FormLine:
    """A line of the list with fields in it: ``**{title}**. {links}<< (**{short}**)>>``.

    ``links`` is how one of its links looks, ``separator`` what stands between two of them. For a row of a
    table ``cells`` maps the name of a column to the form of its cell, and ``text`` is empty.
    """

    text: str = ""
    standing: Standing = Standing.ASKED
    links: str = "[[{label}]({url})]"
    separator: str = " "
    cells: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return self.text or " | ".join(f"{name}: {cell}" for name, cell in self.cells)


class YearSource(Enum):
    """Where the year of an entry is read."""

    FIELD = "field"
    HEADING = "heading"
    ID = "id"


class Numbers(Enum):
    """How numbered items are numbered."""

    COUNTING = "counting"
    ONES = "ones"


class Scope(Enum):
    """Within what a paper stands once."""

    LIST = "list"
    SECTION = "section"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Repeats:
    """When two entries are one paper listed twice: they share one of ``by`` within ``within``.

    Each of ``by`` is a set of "title" and "link": both have to agree where it holds both.
    """

    within: Scope = Scope.LIST
    by: tuple[frozenset[str], ...] = (frozenset({"title"}), frozenset({"link"}))

    def names(self, *keys: str) -> bool:
        """Return whether entries that agree in ``keys``, and perhaps in nothing else, are repeats."""
        return any(wanted <= frozenset(keys) for wanted in self.by)


@dataclass(frozen=True, slots=True)
class Order:
    """The order of entries: by "year", "date" (year and month) or "id", inside one section."""

    by: str = "year"
    newest_first: bool = True


@dataclass(frozen=True, slots=True)
class ListForms:
    """How the entries of a list are read and written; a policy without it has the reference list's form.

    ``skip`` and ``resources`` name sections by their heading or their path ("Software > Optical Flow"):
    those that hold no entries, and those whose entries are never looked up. ``only``, when not empty, names
    all the sections that hold entries.
    """

    lines: tuple[FormLine, ...]
    skip: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    years: tuple[YearSource, ...] = (YearSource.FIELD,)
    numbers: Numbers | None = None
    looked_up: bool = True
    of_groups: Mapping[str, tuple[FormLine, ...]] = field(default_factory=dict)
