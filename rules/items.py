"""Which items and lines of a list are entries, however they are marked."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rules.entry import read_entry
from rules.head import Bold

_LOOKS_LIKE_ENTRY = re.compile(r"\((?:19|20)\d\d\).*\[[^\]\n]*\]{1,2}\s?\(\s*(?:https?:|www\.)")
_LINK = re.compile(r"\]\(\s*(?:https?:|www\.)")
_BEGINS_LIKE_ENTRY = re.compile(r"\s*(?:\*\*\S|[-+\u2022\u2013\u2014]\S)")
_NAMES_SOMEBODY = re.compile(r"\bet\.? al\b|\((?:19|20)\d\d\)|\b[A-Z]\. ?[A-Z][^\W\d_]")


def looks_dated_and_linked(text: str) -> bool:
    """Return whether ``text`` has a year in parentheses and a link behind it, as an entry has."""
    return _LOOKS_LIKE_ENTRY.search(text) is not None


def parted(lines: tuple[str, ...], line: int, end_line: int) -> Iterator[tuple[int, int]]:
    """Yield the lines of each entry of a list item.

    An entry may run over several lines. Once it is complete, a line that follows without a blank one
    between is no part of it: it is an entry that lacks its marker, or a remark.
    """
    first_end = next(
        (number for number in range(line, end_line) if _LINK.search(lines[number - 1])), end_line
    )
    yield line, first_end
    for number in range(first_end + 1, end_line + 1):
        if reads_like_entry(lines[number - 1]):
            yield number, number


def reads_like_entry(line: str) -> bool:
    """Return whether a line that has no list marker, or one without its space, is an entry all the same."""
    if line.lstrip().startswith("["):
        return False
    if _LOOKS_LIKE_ENTRY.search(line):
        return True
    begins = _BEGINS_LIKE_ENTRY.match(line) is not None
    return (begins or _LINK.search(line) is not None) and _NAMES_SOMEBODY.search(line) is not None


def is_paper(text: str) -> bool:
    """Return whether an item has a link and names its authors, or is bold: a remark has not."""
    entry = read_entry(text)
    return bool(entry.links) and (bool(entry.authors.names) or entry.bold is not Bold.NONE)
