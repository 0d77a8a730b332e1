"""What every kind of list tells the walker: which blocks are entries, and what each section holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from rules.policy.policy import Group
from rules.reading.document import Section
from rules.reading.entry import Entry
from rules.reading.inline import Definitions
from rules.reading.markdown import Token

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a block stands: its section, None outside every section."""

    section: Section | None
    in_criteria: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What a block, or some of its lines, turned out to be: an entry, a note, or text that is neither.

    ``empty`` says that it is an item without anything in it.
    """

    line: int
    end_line: int
    entry: Entry | None = None
    note: str | None = None
    number: int | None = None
    empty: bool = False


@dataclass(frozen=True, slots=True)
class ItemRead:
    """What an item of a list turned out to be.

    ``taken`` is how many of its children ``found`` speaks for; ``contents`` says that it is of a table of
    contents or of the criteria, ``opens`` that its heading begins a section of the list after all.
    """

    found: tuple[Found, ...] = ()
    taken: int = 1
    end_line: int = 0
    contents: bool = False
    opens: bool = False


class EntryKind(Protocol):
    """How the entries of one kind of list are told from other blocks."""

    level: int
    opens_untitled: bool
    known: bool
    definitions: Definitions

    def group(self, name: str, path: Path, before: Group | None) -> Group:
        """Return the group of a section; ``before`` is that of the section above it."""

    def sections(self, sections: Sequence[Section], held: set[Path]) -> tuple[Section, ...]:
        """Return the sections of the list; ``held`` are the paths of those that hold entries."""

    def holds_papers(self, path: Path, held: set[Path]) -> bool:
        """Return whether all that is shown in a section has to be read."""

    def item(
        self, place: Place, lines: tuple[str, ...], line: int, children: list[Token], *, nested: bool
    ) -> ItemRead:
        """Return what a list item is."""

    def paragraph(self, place: Place, lines: tuple[str, ...], line: int, end_line: int) -> Iterable[Found]:
        """Return what a paragraph or table is."""

    def dated(self, entry: Entry, path: Path) -> Entry:
        """Return the entry with the year that its place or its link gives it."""

    def is_note(self, text: str) -> bool:
        """Return whether text beside the entries is a note, which says nothing of a paper."""

    def hides_entries(self, text: str) -> bool:
        """Return whether raw text holds what would be entries."""
