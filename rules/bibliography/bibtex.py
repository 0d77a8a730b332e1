"""A paper of the list as a BibTeX entry."""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterable, Iterator
from itertools import zip_longest

from rules.changes.paper_records import same_surname
from rules.papers.evidence import Record
from rules.papers.identifiers import Identifier
from rules.papers.titles import key
from rules.reading.authors import Authors
from rules.reading.document import Listed
from rules.reading.inline import plain as unescaped

_STOP_WORDS = frozenset({"a", "an", "at", "for", "from", "in", "of", "on", "the", "to", "with"})
_WORD = re.compile(r"[^\W_]+")
_SPECIAL = str.maketrans(
    {
        **{mark: f"\\{mark}" for mark in "&%$#_"},
        "{": "",
        "}": "",
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
    }
)


def bibtex(papers: Iterable[tuple[Listed, Collection[Record]]], taken: Iterable[str] = ()) -> Iterator[str]:
    """Yield the BibTeX entry of each paper with its records: lines without a last line end.

    Title and year are the list's, so that both say the same; authors and identifiers are the records'
    where they give more. No key is one of ``taken`` or comes twice.
    """
    used = set(taken)
    for paper, records in papers:
        year = paper.year.value or next((year for record in records for year in record.years), None)
        name = cite_key(_first_surname(paper, records), year, paper.entry.full_title, used)
        used.add(name)
        fields = {
            "title": _plain(unescaped(paper.entry.full_title)),
            "author": " and ".join(_authors(paper, records)),
            **_place(paper, records),
            "year": str(year or ""),
            "url": _link(paper),
        }
        kind = "article" if "journal" in fields else "misc"
        lines = [f"  {field}={{{value}}}" for field, value in fields.items() if value]
        yield f"@{kind}{{{name},\n" + ",\n".join(lines) + "\n}"


def cite_key(surname: str, year: int | None, title: str, taken: Container[str] = ()) -> str:
    """Return a key such as ``hinton2015distilling``, with a letter after it where that one is taken."""
    words = [word for word in map(_ascii, _WORD.findall(title)) if word and word not in _STOP_WORDS]
    author = [word for word in map(_ascii, _WORD.findall(surname)) if word]
    stem = f"{author[0] if author else ''}{year or ''}{words[0] if words else ''}" or "paper"
    found, number = stem, 0
    while found in taken:
        number += 1
        found = stem + _letters(number)
    return found


def _letters(number: int) -> str:
    """Return b, c, ... z, and from then on the number."""
    return chr(ord("a") + number) if number < 26 else f"x{number}"


def _ascii(word: str) -> str:
    return "".join(char for char in key(word) if char.isascii())


def _first_surname(paper: Listed, records: Iterable[Record]) -> str:
    return paper.entry.authors.first_surname or next(
        (record.surnames[0] for record in records if record.surnames), ""
    )


def _authors(paper: Listed, records: Collection[Record]) -> Iterator[str]:
    """Yield the authors: full names where a record has them, else surnames with the initials of the list."""
    listed = paper.entry.authors
    record = max(records, key=lambda item: (len(item.authors), len(item.surnames)), default=None)
    names = record.authors if record else ()
    if not names:
        surnames = record.surnames if record else ()
        names = tuple(_with_initials(surnames or [name.surname for name in listed.names], listed))
    yield from map(_plain, names)
    if listed.et_al and len(names) <= len(listed.names):
        yield "others"


def _with_initials(surnames: Iterable[str], listed: Authors) -> Iterator[str]:
    for surname, name in zip_longest(surnames, listed.names):
        if surname is None:
            return
        given = name.canonical.removesuffix(name.surname).strip() if name else ""
        yield f"{surname}, {given}" if given and same_surname(name.surname, surname) else surname


def _place(paper: Listed, records: Iterable[Record]) -> dict[str, str]:
    """Return where the paper appeared, as far as its identifiers tell."""
    names = [paper.identifier] if paper.identifier else []
    for record in records:
        names += sorted(record.identifiers)
    by_scheme: dict[str, Identifier] = {}
    for name in names:
        by_scheme.setdefault(name.scheme, name)
    place = {}
    if "arxiv" in by_scheme:
        place["journal"] = f"arXiv preprint arXiv:{_plain(by_scheme['arxiv'].value)}"
    if "doi" in by_scheme:
        place["doi"] = by_scheme["doi"].value.replace("{", "").replace("}", "")
    return place


def _link(paper: Listed) -> str:
    """Return the URL of the list, without what would end the field."""
    return next((re.sub(r"[{}\s\\]", "", url) for url in paper.urls), "")


def _plain(text: str) -> str:
    """Return ``text`` on one line as LaTeX shows it literally."""
    return " ".join(text.split()).translate(_SPECIAL)
