"""Blocks of a section: items, paragraphs and table rows, each with the text that GitHub shows of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

PARAGRAPH = "\u2029"
"""Stands for the blank line between two paragraphs of one block."""

MARKER = re.compile(r"\s*(?:[*+-](?=\s|\Z)|(?P<number>\d{1,9})[.)](?=\s|\Z))\s*")
_BLANKS = re.compile(r"\n\s*\n\s*")
_DELIMITER = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*\Z")
_CELL_BORDER = re.compile(r"(?<!\\)\|")


class BlockKind(Enum):
    """What a block is to Markdown."""

    ITEM = "an item of a list"
    PARAGRAPH = "a paragraph"
    ROW = "a row of a table"


@dataclass(frozen=True, slots=True)
class Block:
    """A block that may be an entry: lines of its file (1-based, inclusive) and their text.

    ``text`` is as written, ``marker`` the list marker with its white space; ``cells`` are a row's, by the
    name of their column, and ``columns`` how many the table has. ``nested`` is true inside another item.
    """

    kind: BlockKind
    line: int = field(compare=False)
    end_line: int = field(compare=False)
    text: str
    marker: str = ""
    number: int | None = None
    nested: bool = False
    cells: tuple[tuple[str, str], ...] = ()
    found: int = 0
    columns: int = 0

    @property
    def content(self) -> str:
        """The text without marker and indentation; a blank line is `PARAGRAPH`."""
        return content_of(self.text[len(self.marker) :])


def content_of(text: str) -> str:
    """Return ``text`` with each line bare of the white space around it, and `PARAGRAPH` for blank lines."""
    parts = _BLANKS.split(text.strip())
    return PARAGRAPH.join("\n".join(_bare(line) for line in part.split("\n")) for part in parts)


def _bare(line: str) -> str:
    line = line.strip()
    return line[:-1].rstrip() if line.endswith("\\") and not line.endswith("\\\\") else line


def item(lines: tuple[str, ...], line: int, end_line: int, *, nested: bool) -> Block:
    """Return the list item on these lines."""
    text = "\n".join(lines[line - 1 : end_line])
    marker = MARKER.match(text)
    number = int(marker["number"]) if marker and marker["number"] else None
    return Block(BlockKind.ITEM, line, end_line, text, marker[0] if marker else "", number, nested)


def paragraph(lines: tuple[str, ...], line: int, end_line: int) -> Block:
    """Return the paragraph on these lines."""
    return Block(BlockKind.PARAGRAPH, line, end_line, "\n".join(lines[line - 1 : end_line]))


def is_table(lines: tuple[str, ...], line: int, end_line: int) -> bool:
    """Return whether the lines from ``line`` on begin a table, as GitHub sees one."""
    if end_line <= line or "|" not in lines[line - 1] or not _DELIMITER.match(lines[line]):
        return False
    return len(cells_of(lines[line - 1])) == len(cells_of(lines[line]))


def rows(lines: tuple[str, ...], line: int, end_line: int) -> Iterator[Block]:
    """Yield the body rows of the table on these lines."""
    header = [name.strip() for name in cells_of(lines[line - 1])]
    for number in range(line + 2, end_line + 1):
        text = lines[number - 1]
        cells = cells_of(text)
        named = tuple(zip(header, cells, strict=False))
        yield Block(BlockKind.ROW, number, number, text, cells=named, found=len(cells), columns=len(header))


def cells_of(line: str) -> list[str]:
    """Return the cells of a row of a table."""
    line = line.strip().removeprefix("|")
    if line.endswith("|") and not line.endswith("\\|"):
        line = line[:-1]
    return [cell.strip() for cell in _CELL_BORDER.split(line)]
