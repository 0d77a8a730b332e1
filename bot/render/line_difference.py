"""What differs between a line and its correction, cut to the width of a terminal."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

from bot.render.escape import visible

_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
_COMPARED = 1000  # characters of a line that are compared and shown: the time is quadratic in them
_CONTEXT = 20  # columns kept before the first difference when a line is cut
_WIDE = {"W", "F"}

Marked = list[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Difference:
    """A line in ``parts``: its text, nothing hidden in it, and whether the other line differs there."""

    parts: tuple[tuple[str, bool], ...]

    @property
    def text(self) -> str:
        """The whole line."""
        return "".join(text for text, _ in self.parts)

    def marks(self) -> str:
        """Return a line that underlines the differing parts, empty when there are none."""
        line = "".join(("^" if differs else " ") * columns(text) for text, differs in self.parts)
        return line.rstrip()


def difference(old: str, new: str, width: int | None = None) -> tuple[Difference, Difference]:
    """Return both lines with what differs between them, each cut to ``width`` columns if given."""
    before, after = _compared(old, new)
    start = 0
    if width is not None:
        longest = max(_width(before), _width(after))
        first = min(_first(before), _first(after))
        start = max(0, min(first - _CONTEXT, longest - width + 1)) if longest > width else 0
    return _cut(before, start, width), _cut(after, start, width)


def columns(text: str) -> int:
    """Return how many columns of a terminal ``text`` takes."""
    return sum(
        0 if unicodedata.combining(character) else 1 + (unicodedata.east_asian_width(character) in _WIDE)
        for character in text
    )


def _compared(old: str, new: str) -> tuple[Marked, Marked]:
    """Return both lines by characters as they are shown, each marked where the lines differ."""
    old, new = _window(old, new)
    one, other = _TOKEN.findall(old), _TOKEN.findall(new)
    operations = [
        operation
        for operation in SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
        if operation[0] != "equal"
    ]
    return (
        _marked(one, {index for _, start, end, _, _ in operations for index in range(start, end)}),
        _marked(other, {index for _, _, _, start, end in operations for index in range(start, end)}),
    )


def _window(old: str, new: str) -> tuple[str, str]:
    """Return both lines; of a line that is too long to compare, the part around the first difference."""
    if max(len(old), len(new)) <= _COMPARED:
        return old, new
    shortest = min(len(old), len(new))
    first = next((index for index in range(shortest) if old[index] != new[index]), shortest)
    start = max(0, first - _COMPARED // 2)
    one, other = (
        f"{'…' if start else ''}{line[start : start + _COMPARED]}{'…' if line[start + _COMPARED :] else ''}"
        for line in (old, new)
    )
    return one, other


def _marked(tokens: list[str], differing: set[int]) -> Marked:
    return [
        (visible(character), index in differing) for index, token in enumerate(tokens) for character in token
    ]


def _width(line: Marked) -> int:
    return sum(columns(text) for text, _ in line)


def _first(line: Marked) -> int:
    """Return the column of the first difference, the line's end when there is none."""
    column = 0
    for text, differs in line:
        if differs:
            break
        column += columns(text)
    return column


def _cut(line: Marked, start: int, width: int | None) -> Difference:
    """Return the columns of a line from ``start`` on, with an ellipsis where something is left out."""
    kept: Marked = [("…", False)] if start else []
    column, room = 0, width
    if room is not None:
        room -= len(kept)
    for index, (text, differs) in enumerate(line):
        size = columns(text)
        column += size
        if start and column <= start:
            continue
        if room is not None:
            room -= size
            if room < 1 and (room < 0 or index < len(line) - 1):
                kept.append(("…", False))
                break
        kept.append((text, differs))
    return Difference(
        tuple(
            ("".join(text for text, _ in run), differs)
            for differs, run in groupby(kept, lambda part: part[1])
        )
    )
