"""The reference list's kind: sections by name, entries read tolerantly wherever they look like one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from rules.papers.titles import key
from rules.policy.policy import Group, Policy
from rules.reading.document import Section
from rules.reading.entry import LONGEST, Entry, read_entry
from rules.reading.entry_detection import is_paper, looks_dated_and_linked, parted, reads_like_entry
from rules.reading.inline import NONE, Definitions, inlined
from rules.reading.kinds import Found, ItemRead, Path, Place
from rules.reading.markdown import Token
from rules.reading.shown import note_of, shown

_NOTE = re.compile(r"\*\(?(?P<name>[^*()]+)\)?\*\Z")
_BODY = frozenset({"block_text", "paragraph"})


class ReferenceKind:
    """Sections are headings of the policy's level; one it does not name belongs to its neighbour's group."""

    opens_untitled = False

    def __init__(self, policy: Policy, renamed: Mapping[str, str]) -> None:
        self.policy = policy
        self.renamed = renamed
        self.level = policy.level
        self.known = False
        self.definitions: Definitions = NONE

    def group(self, name: str, path: Path, before: Group | None) -> Group:
        """Return the group of a section; one that the policy does not name belongs to its neighbour's."""
        group = self.policy.group_of(name)
        if group:
            self.known = True
            return group
        was = self.renamed.get(key(name)) or self.renamed.get("/".join(map(key, path)))
        group = self.policy.group_of(was) if was else None
        if group:
            return group
        # What papers a section takes, by year and age, is said of the sections named and of no other.
        neighbour = before or self.policy.groups[0]
        return replace(neighbour, papers=True, first_year=None, last_year=None, newest_months=None)

    def sections(self, sections: Sequence[Section], held: set[Path]) -> tuple[Section, ...]:  # noqa: ARG002
        """Return all of them: each heading of the level is a section."""
        return tuple(sections)

    def holds_papers(self, path: Path, held: set[Path]) -> bool:  # noqa: ARG002
        """Return True: the walker asks for sections of papers alone."""
        return True

    def item(
        self, place: Place, lines: tuple[str, ...], line: int, children: list[Token], *, nested: bool
    ) -> ItemRead:
        """Return what a list item is: its first paragraph may be an entry, or several."""
        body = next((child for child in children if child["type"] in _BODY), None)
        if body is None:
            return ItemRead(taken=0)
        taken = children.index(body) + 1
        end_line = body["end_line"]
        text = "\n".join(lines[line - 1 : end_line])
        section = place.section
        authored = section is None or section.group.style.authors
        if nested and not is_paper(text[:LONGEST], authored=authored):
            remark = note_of(re.sub(r"\A\s*(?:[-*+]|\d+[.)])\s*", "", text))
            return ItemRead((Found(line, end_line),) if remark is None else (), taken, end_line)
        # Papers under a heading that is none of the list's make a section of it all the same.
        opens = section is None and looks_dated_and_linked(text) and is_paper(text[:LONGEST])
        if section is None and not opens:
            return ItemRead((), taken, end_line, contents=True)
        if section is not None and not section.group.papers:
            return ItemRead((), taken, end_line)
        dated = section.group.style.year if section else self.policy.groups[0].style.year
        return ItemRead(tuple(self._entries(lines, line, end_line, dated)), taken, end_line, opens=opens)

    def paragraph(self, place: Place, lines: tuple[str, ...], line: int, end_line: int) -> Iterator[Found]:
        """Yield the note that opens a subgroup, or the entries that lack their list marker."""
        section = place.section
        if section is None or not section.group.papers:
            return
        note = _NOTE.match(lines[line - 1].strip()) if line == end_line else None
        name = note["name"].strip() if note else ""
        if name:
            yield Found(line, end_line, note=name)
            return
        for number in range(line, end_line + 1):
            if reads_like_entry(lines[number - 1]):
                yield from self._entry(lines, number, number, section.group.style.year)
            else:
                yield Found(number, number)

    def dated(self, entry: Entry, path: Path) -> Entry:  # noqa: ARG002
        """Return the entry as it is: this list writes the year into each."""
        return entry

    def is_note(self, text: str) -> bool:
        """Return whether text beside the entries is a footnote; a note of this list is in italics."""
        return text.lstrip().startswith("[^") and note_of(text) is not None

    def hides_entries(self, text: str) -> bool:
        """Return whether raw text holds what would be entries."""
        return any(reads_like_entry(line) for line in text.split("\n"))

    def _entries(self, lines: tuple[str, ...], line: int, end_line: int, dated: bool) -> Iterator[Found]:
        """Yield the entries of an item, and its lines that are none."""
        following = line
        for start, end in parted(lines, line, end_line):
            yield from (Found(number, number) for number in range(following, start))
            yield from self._entry(lines, start, end, dated)
            following = end + 1
        yield from (Found(number, number) for number in range(following, end_line + 1))

    def _entry(self, lines: tuple[str, ...], line: int, end_line: int, dated: bool) -> Iterator[Found]:
        text = "\n".join(lines[line - 1 : end_line])
        entry = read_entry(text, dated=dated, shown=inlined(text[:LONGEST], self.definitions))
        if entry.title or entry.links:
            yield Found(line, end_line, entry)
        if not (entry.title or entry.links) or (len(text) > LONGEST and shown(text)):
            yield Found(line, end_line)
