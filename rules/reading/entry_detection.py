"""Which items and lines of a list are entries, however they are marked."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rules.reading.entry import read_entry
from rules.reading.entry_text import Bold
from rules.reading.links import LinkForm

_LOOKS_LIKE_ENTRY = re.compile(r"\((?:19|20)\d\d\).*\[[^\]\n]*\]{1,2}\s?\(\s*(?:https?:|www\.)")
_LINK = re.compile(r"\]\(\s*(?:https?:|www\.)")
_YEAR = r"\((?:19|20)\d\d\)"
_NAME = r"(?:\bet\.? al\b|\b[A-Z]\. ?[A-Z][^\W\d_])"
# Without marker, or with one that lacks its space, all that makes an entry of a line is what it says.
_MARKED_LIKE_ENTRY = re.compile(rf"\s*[-+\u2022\u2013\u2014][^\s-].*(?:{_NAME}|{_YEAR})")
_BOLD_LIKE_ENTRY = re.compile(rf"\s*\*\*[^*\n]+\*\*\s*{_YEAR},.*{_NAME}")
_NAMED_AND_LINKED = re.compile(rf"{_NAME}.*\[\[[^\]\n]*\]")


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
    return any((_MARKED_LIKE_ENTRY.match(line), _BOLD_LIKE_ENTRY.match(line), _NAMED_AND_LINKED.search(line)))


def is_paper(text: str, *, authored: bool = True) -> bool:
    """Return whether an item has two of link, year and authors or bold: a remark on another has not.

    Where entries name no authors, a title with a link of the list's own form is enough.
    """
    entry = read_entry(text)
    linked = any(link.form is LinkForm.GOOD for link in entry.links)
    if not authored:
        return linked and bool(entry.title)
    told = bool(entry.authors.names) or entry.bold is not Bold.NONE
    dated = entry.year.value is not None
    return (told and (dated or bool(entry.links))) or (dated and linked)
