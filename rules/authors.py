"""The authors part of an entry: read tolerantly, written in one way.

The list's guide: "If the number of authors are more than two, please write the first author's name only".
So ``A. Author``, ``A. Author and B. Author`` or ``A. Author et al.``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

_LETTER = r"[^\W\d_]"
_PARTICLE = r"(?:van|von|de|der|den|del|di|da|dos|du|la|le|el|al|bin|ter|ten)"
_SURNAME = rf"(?:{_PARTICLE}\s+)*{_LETTER}(?:{_LETTER}|['\u2019.-](?={_LETTER}))+"
_INITIALS = r"[A-Z]\.(?:[ -]?[A-Z]\.)*"
# A name in any of the ways people write one; a bare surname is the weakest sign of one.
_NAME = rf"(?:(?:{_LETTER}\.?[ -]?){{1,3}}\s*{_SURNAME}|{_SURNAME}(?:\s+[A-Z]\.)?(?:\s+{_SURNAME}){{0,2}})"
_ET_AL = r"(?:et\.?\s*al\b\.*|and\s+others\b\.?)"
_AND = r"(?:\band\b|&)"

_PROPER = re.compile(rf"(?P<initials>{_INITIALS})\s(?P<surname>{_SURNAME})\Z")
_LOOSE_INITIAL = re.compile(rf"(?:[A-Z](?:\.[\s-]*|\s+))+(?P<surname>{_SURNAME})\Z")
_ANY_NAME = re.compile(rf"{_NAME}\Z")
_BARE_SURNAME = re.compile(rf"{_SURNAME}\Z")
_TAIL_ET_AL = re.compile(rf"(?P<before>,?\s*){_ET_AL}\Z", re.IGNORECASE)
_SEPARATOR = re.compile(rf"\s*,\s*(?:{_AND}\s+)?|\s+{_AND}\s+")
_NAMES_MOST = 20
_TAIL_MOST = 400  # characters; no list of names in a line of a list is longer
# What shows a run of names to be one, where no year stands before it; after a full stop "X and Y" will do.
_STRONG = re.compile(rf"(?:^|[\s,])[A-Z]\.?\s|\b{_ET_AL}")
_PAIR = re.compile(rf"{_LETTER}\s+{_AND}\s+[A-Z]")


class NameForm(Enum):
    """How a name is written."""

    PROPER = "A. Author"
    INITIAL = "an initial without its dot or space"
    SURNAME = "a surname alone"
    FULL = "a full first name"
    OTHER = "anything else"


@dataclass(frozen=True, slots=True)
class Author:
    """One author as written, and as the list writes it."""

    written: str
    form: NameForm
    surname: str

    @property
    def canonical(self) -> str:
        """The name as ``A. Author``; a surname alone stays, for nobody knows the initial."""
        if self.form is NameForm.INITIAL:
            letters = re.findall(r"[A-Z](?![^\W\d_])", self.written[: -len(self.surname)])
            return f"{' '.join(letter + '.' for letter in letters)} {self.surname}"
        if self.form is NameForm.FULL:
            return f"{self.written[0].upper()}. {self.surname}"
        return self.written


@dataclass(frozen=True, slots=True)
class Authors:
    """The authors of an entry.

    ``et_al`` is the ending as written (``et al.`` with what stands before it), empty where there is none;
    ``end`` is the punctuation after the last name.
    """

    names: tuple[Author, ...] = ()
    et_al: str = ""
    end: str = ""

    @property
    def canonical(self) -> str:
        """The authors as the list writes them: one, two joined by "and", or the first "et al."."""
        names = [name.canonical for name in self.names]
        if not names:
            return ""
        if self.et_al or len(names) > 2:
            return f"{names[0]} et al."
        return " and ".join(names)

    @property
    def first_surname(self) -> str:
        """The first author's surname, empty where there is none."""
        return self.names[0].surname if self.names else ""


def read_authors(text: str) -> Authors:
    """Return the authors that ``text`` names, however they are written."""
    names, et_al, end = _take_apart(text)
    return Authors(tuple(_read_name(name) for name in names), et_al, end)


def _take_apart(text: str) -> tuple[list[str], str, str]:
    """Return the names, the "et al." as written and the punctuation after the last name."""
    bare = text.strip().rstrip(" \t\n,;:")
    end = text.strip()[len(bare) :].strip()
    et_al = _TAIL_ET_AL.search(bare)
    if et_al:
        bare = bare[: et_al.start()]
    elif bare.endswith(".") and not re.search(r"\b[A-Z]\.\Z", bare):
        bare, end = bare[:-1], "." + end
    names = [name.strip() for name in _SEPARATOR.split(bare) if name.strip()]
    return names, et_al[0] if et_al else "", end


def _read_name(text: str) -> Author:
    text = " ".join(text.split())
    proper = _PROPER.match(text)
    if proper:
        return Author(text, NameForm.PROPER, proper["surname"])
    loose = _LOOSE_INITIAL.match(text)
    if loose:
        return Author(text, NameForm.INITIAL, loose["surname"])
    if _BARE_SURNAME.match(text):
        return Author(text, NameForm.SURNAME, text)
    words = text.split()
    if len(words) > 1 and all(re.match(_LETTER, word) for word in words):
        return Author(text, NameForm.FULL, _surname_of(words))
    return Author(text, NameForm.OTHER, words[-1] if words else "")


def _surname_of(words: list[str]) -> str:
    """Return the last word with the particles before it ("van den Oord")."""
    start = len(words) - 1
    while start > 1 and re.fullmatch(_PARTICLE, words[start - 1]):
        start -= 1
    return " ".join(words[start:])


def split_title(text: str) -> tuple[str, str]:
    """Return (title, authors) of ``text`` where no year stands between them; authors may be empty.

    The longest ending that reads like names and shows a sign of being names is taken: "Title, A. Author"
    or "Title. Chen and Manning."
    """
    for match in re.finditer(r"[.,]\s+", text):
        tail = text[match.end() :]
        shown = _STRONG.search(tail) or (match[0][0] == "." and _PAIR.search(tail))
        if shown and len(tail) <= _TAIL_MOST and looks_like_authors(tail):
            return text[: match.start()], tail
    return text, ""


def looks_like_authors(text: str) -> bool:
    """Return whether all of ``text`` reads like one or more names."""
    names, _, _ = _take_apart(text)
    return 0 < len(names) <= _NAMES_MOST and all(_ANY_NAME.match(name) for name in names)
