"""The BibTeX file beside a list, read with whatever faults it has.

It comes from strangers: it is read under a time limit (`bot.process.isolation`), and nothing of it is logged.
"""

from __future__ import annotations

import logging
import re
from functools import cached_property

from bibtexparser.entrypoint import parse_string
from bibtexparser.exceptions import ParserStateException
from bibtexparser.library import Library
from bibtexparser.middlewares import (
    LatexDecodingMiddleware,
    NormalizeFieldKeys,
    RemoveEnclosingMiddleware,
    ResolveStringReferencesMiddleware,
)
from bibtexparser.middlewares.names import parse_single_name_into_parts, split_multiple_persons_names
from bibtexparser.model import Block, Entry, Field, ParsingFailedBlock

from rules.bibliography.matching import BibEntry, Bibliography, Broken

_FIELDS = frozenset({"title", "author", "year"})
_YEAR = re.compile(r"(?:19|20)\d\d")
_SHOWN = 80  # characters of a broken entry that are kept
_MOST_BROKEN = 20
_LATEX = re.compile(r"[\\$~%&#^_`]|--|''")
_BRACES = re.compile(r"[{}]")
_OTHERS = "others"  # "and others" stands for authors that are not named

for _talkative in ("bibtexparser", "pylatexenc"):
    logging.getLogger(_talkative).setLevel(logging.CRITICAL + 1)  # they would log the file's own text


def read_all(contents: tuple[bytes, ...], largest: int) -> tuple[Bibliography, ...]:
    """Return each file as it can be read; one of more than ``largest`` bytes cannot."""
    return tuple(_decoded(content, largest) for content in contents)


def _decoded(content: bytes, largest: int) -> Bibliography:
    if len(content) > largest:
        return Bibliography(unreadable=f"it is larger than {largest // 1024} KiB")
    try:
        return read_bibliography(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return Bibliography(unreadable="it is not UTF-8")


def read_bibliography(text: str) -> Bibliography:
    """Return the entries of ``text``, and where something begins like one and cannot be read.

    Of entries with one key, all count; of fields with one name, the first.
    """
    stack = [ResolveStringReferencesMiddleware(), RemoveEnclosingMiddleware(), NormalizeFieldKeys()]
    try:
        library = parse_string(text, parse_stack=stack)
    except ParserStateException:
        return Bibliography(unreadable="its braces or quotes do not match")
    reader = _Reader()
    entries = [reader.read(entry) for entry in map(_entry_of, library.blocks) if entry]
    broken = [
        _broken(block)
        for block in library.failed_blocks
        if isinstance(block, ParsingFailedBlock) and _entry_of(block) is None
    ]
    return Bibliography(tuple(entries), tuple(broken[:_MOST_BROKEN]))


def _entry_of(block: Block) -> Entry | None:
    """Return the entry that ``block`` is, or holds in spite of a key or field that comes twice."""
    if isinstance(block, ParsingFailedBlock):
        return _entry_of(block.ignore_error_block) if block.ignore_error_block else None
    return block if isinstance(block, Entry) else None


def _broken(block: Block) -> Broken:
    return Broken((block.start_line or 0) + 1, (block.raw or "").strip().split("\n")[0][:_SHOWN])


class _Reader:
    """Reads entries. Its decoder costs more to make than all the rest, and most files need none."""

    @cached_property
    def _decoder(self) -> LatexDecodingMiddleware:
        return LatexDecodingMiddleware()

    def read(self, entry: Entry) -> BibEntry:
        """Return the parts of ``entry`` that are compared, as plain text."""
        fields: dict[str, str] = {}
        for field in entry.fields:
            if field.key in _FIELDS:
                fields.setdefault(field.key, str(field.value))
        names = [" ".join(name.split()) for name in split_multiple_persons_names(fields.get("author", ""))]
        year = _YEAR.search(fields.get("year", ""))
        return BibEntry(
            key=entry.key,
            title=self._plain(fields.get("title", "")).rstrip("."),
            surnames=tuple(filter(None, (self._surname(name) for name in names if name != _OTHERS))),
            year=int(year[0]) if year else None,
            line=(entry.start_line or 0) + 1,
            more=_OTHERS in names,
        )

    def _surname(self, name: str) -> str:
        parts = parse_single_name_into_parts(name, strict=False)
        return self._plain(" ".join([*parts.von, *parts.last]))

    def _plain(self, latex: str) -> str:
        """Return ``latex`` as it shows, on one line; LaTeX that cannot be read stays as it is."""
        if not _LATEX.search(latex):
            return " ".join(_BRACES.sub("", latex).split())
        holder = Entry("misc", "", [Field("title", latex)])
        self._decoder.transform_entry(holder, Library())
        return " ".join(str(holder["title"]).split())
