"""A list whose policy declares its forms: sections by path, entries by the forms."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rules.papers.identifiers import identify
from rules.papers.titles import key
from rules.policy.forms import ListForms, YearSource
from rules.policy.policy import Group, Policy
from rules.policy.style import Style
from rules.reading.blocks import Block, BlockKind, is_table, item, paragraph, rows
from rules.reading.document import Section
from rules.reading.entry import LONGEST, Entry
from rules.reading.entry_text import MISSING, Year, YearForm
from rules.reading.forms.reader import ListForm, list_form
from rules.reading.inline import NONE, Definitions, Kind, scan
from rules.reading.kinds import Found, ItemRead, Path, Place
from rules.reading.markdown import Token
from rules.reading.shown import note_of

_BODY = frozenset({"block_text", "paragraph"})
_HEADING_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_STYLE = Style(bold=None, year=False, authors=False, link=False)


class ListKind:
    """Every section is judged by the forms, but those that the policy skips."""

    level = 1
    opens_untitled = True

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.forms = policy.forms or ListForms(())
        self.known = False
        self.definitions: Definitions = NONE

    def group(self, name: str, path: Path, before: Group | None) -> Group:  # noqa: ARG002
        """Return the group of a section: the one that names it, or that of all sections."""
        group = self.policy.group_of(name) or self.policy.group_of(" > ".join(path))
        if group:
            return group
        judged = not _named(self.forms.skip, path) and (
            not self.forms.only or _named(self.forms.only, path) or _named(self.forms.resources, path)
        )
        looked_up = self.forms.looked_up and not _named(self.forms.resources, path)
        return Group(name="entries", sections=(), style=_STYLE, papers=judged, looked_up=looked_up)

    def sections(self, sections: Sequence[Section], held: set[Path]) -> tuple[Section, ...]:
        """Return those that hold entries, and those around them."""
        around = {path[:depth] for path in held for depth in range(1, len(path) + 1)}
        return tuple(section for section in sections if section.path in around)

    def holds_papers(self, path: Path, held: set[Path]) -> bool:
        """Return whether there are entries in the section or beside it, below the same top section."""
        return any(path[:1] == other[:1] for other in held)

    def item(
        self, place: Place, lines: tuple[str, ...], line: int, children: list[Token], *, nested: bool
    ) -> ItemRead:
        """Return what a list item is: an entry, of one paragraph or two, or something else."""
        if place.section is None or place.in_criteria or not place.section.group.papers:
            has_body = bool(children) and children[0]["type"] in _BODY
            return ItemRead(
                (), int(has_body), children[0]["end_line"] if has_body else line, contents=has_body
            )
        if not children:
            return ItemRead((Found(line, line, empty=True),), 0, line)
        if children[0]["type"] not in _BODY:
            # "- - [name](url)": an item that holds nothing but another one is that one.
            return ItemRead((), 0, line)
        form = self._form(place.section.group)
        taken = 1
        if form.paragraphs and len(children) > 1 and children[1]["type"] in _BODY:
            taken = 2
        block = item(lines, line, children[taken - 1]["end_line"], nested=nested)
        if self._is_contents(block):
            return ItemRead((), taken, block.end_line, contents=True)
        entry = form.read(block, self.definitions)
        if entry and nested and not entry.links:
            entry = None
        if entry is None and nested and not self._leads(block):
            return ItemRead((), taken, block.end_line)  # a remark on the entry above
        return ItemRead((Found(line, block.end_line, entry, number=block.number),), taken, block.end_line)

    def paragraph(self, place: Place, lines: tuple[str, ...], line: int, end_line: int) -> Iterator[Found]:
        """Yield the rows of a table, the entry that a paragraph is, or the note."""
        if place.section is None or not place.section.group.papers:
            return
        form = self._form(place.section.group)
        if is_table(lines, line, end_line):
            for row in rows(lines, line, end_line):
                yield Found(row.line, row.end_line, form.read(row, self.definitions))
            return
        block = paragraph(lines, line, end_line)
        entry = form.read(block, self.definitions)
        if entry is None and note_of(block.text) is not None:
            yield Found(line, end_line, note=block.text.strip("*_ :"))
        else:
            yield Found(line, end_line, entry)

    def dated(self, entry: Entry, path: Path) -> Entry:
        """Return the entry with its year from the first source of the policy that has one."""
        for source in self.forms.years:
            year = _year(entry, path, source)
            if year:
                return entry if year == entry.year.value else replace(entry, year=_as_year(year))
        return entry if entry.year is MISSING else replace(entry, year=MISSING)

    def is_note(self, text: str) -> bool:
        """Return whether text beside the entries is a footnote, or a short line that leads nowhere."""
        return note_of(text) is not None

    def hides_entries(self, text: str) -> bool:
        """Return whether raw text holds what would be entries."""
        return bool(re.search(r"^\s*(?:[-*+]|\d+[.)])\s.*\]\(", text, re.MULTILINE))

    def _form(self, group: Group) -> ListForm:
        return list_form(self.forms.of_groups.get(group.name) or self.forms.lines)

    def _leads(self, block: Block) -> bool:
        return any(piece.kind is Kind.LINK for piece in scan(block.content[:LONGEST], self.definitions))

    def _is_contents(self, block: Block) -> bool:
        """Return whether all the links of an item lead to places of the page itself."""
        if block.kind is not BlockKind.ITEM:
            return False
        urls = [
            piece.url for piece in scan(block.content[:LONGEST], self.definitions) if piece.kind is Kind.LINK
        ]
        return bool(urls) and all(url.startswith("#") for url in urls)


def _named(names: tuple[str, ...], path: Path) -> bool:
    """Return whether one of ``names`` ("Software > Optical Flow") is this section, or one around it."""
    keys = [key(part) for part in path]
    for name in names:
        wanted = [key(part) for part in name.split(" > ")]
        if any(keys[depth - len(wanted) : depth] == wanted for depth in range(len(wanted), len(keys) + 1)):
            return True
    return False


def _year(entry: Entry, path: Path, source: YearSource) -> int | None:
    if source is YearSource.FIELD:
        return entry.year.value
    if source is YearSource.HEADING:
        for name in reversed(path):
            found = _HEADING_YEAR.search(name)
            if found:
                return int(found[0])
        return None
    found_ids = (identify(link.url) for link in entry.links if link.url)
    return next((found.year for found in found_ids if found and found.year), None)


def _as_year(year: int) -> Year:
    return Year(YearForm.GOOD, year, str(year))
