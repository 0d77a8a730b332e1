"""The authors part of an entry: read tolerantly, written in one way.

The list's guide: "If the number of authors are more than two, please write the first author's name only".
So ``A. Author``, ``A. Author and B. Author`` or ``A. Author et al.``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rules.reading.names import Author, NameForm, bare, read_names

_LETTER = r"[^\W\d_]"
_UPPER = r"(?:[A-Z]|[^\W\d_\x00-\x7f])"  # beyond ASCII any letter may stand for a first name
_PARTICLE = r"(?i:van|von|de|der|den|del|di|da|dos|du|la|le|el|al|bin|ter|ten)"
_WORD = rf"{_LETTER}(?:{_LETTER}|['\u2019.-](?={_LETTER}))+"
_SURNAME = rf"(?:{_PARTICLE}\s+){{0,3}}{_WORD}"  # bounded: it is repeated below
_INITIALS = rf"{_UPPER}\.(?:[ -]?{_UPPER}\.)*"
# A name in any of the ways people write one; a bare surname is the weakest sign of one.
_NAME = rf"(?:(?:{_LETTER}\.?[ -]?){{1,3}}\s*{_SURNAME}|{_SURNAME}(?:\s+{_UPPER}\.)?(?:\s+{_SURNAME}){{0,2}})"
_ET_AL = r"(?:&\s*al\b\.*|(?:and\s+|&\s*)?et\.?\s*all?\b\.*|(?:and|&)\s+others\b\.?)"
_AND = r"(?:\b[Aa][Nn][Dd]\b|&)"

_ONLY_INITIALS = re.compile(rf"{_INITIALS}\Z")
_ANY_NAME = re.compile(rf"(?:{_NAME}|{_INITIALS}\s{_WORD}(?:\s{_WORD}){{0,3}}|{_SURNAME},\s*{_INITIALS})\Z")
_BARE_SURNAME = re.compile(rf"{_SURNAME}\Z")
_WITH_ET_AL = re.compile(
    rf"(?P<names>.*?)(?P<et_al>,?(?:(?<!\s)\s+)?(?<!\w){_ET_AL})(?P<end>[\s,;:.]*)(?P<more>.*)\Z",
    re.IGNORECASE | re.DOTALL,
)
_SEPARATOR = re.compile(rf"\s*[,;]\s*(?:{_AND}\s+)?|\s+{_AND}\s+")
_NAMES_MOST = 20
_TAIL_MOST = 400  # characters; no list of names in a line of a list is longer
_PAIR = re.compile(rf"{_LETTER}\s+{_AND}\s+[A-Z]")
# Where a title may end and names begin; never at the full stop of an initial.
_CUT = re.compile(
    rf"(?:[,;:]|(?P<stop>(?<![\s.(][A-Z])(?<!\A[A-Z])\.)|\s[\u2013\u2014-]|\sby)\s+|\s+(?={_UPPER}\.[\s-]?{_UPPER})"
)


@dataclass(frozen=True, slots=True)
class Authors:
    """The authors of an entry.

    ``et_al`` is the ending as written (``et al.`` with what stands around it), empty where there is none;
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
        """The first author's surname, empty where there is none, or none that can be read."""
        return next((name.surname for name in self.names if name.form is not NameForm.OTHER), "")

    @property
    def sure(self) -> bool:
        """True when each name is read with certainty."""
        return not any(name.form is NameForm.OTHER for name in self.names)


def read_authors(text: str) -> Authors:
    """Return the authors that ``text`` names, however they are written."""
    names, et_al, end = _take_apart(text)
    return Authors(read_names(names, more=et_al.startswith(",")), et_al, end)


def looks_like_authors(text: str) -> bool:
    """Return whether all of ``text`` reads like one or more names."""
    text, _, _ = _take_apart(text)
    names = _names(text)
    return 0 < len(names) <= _NAMES_MOST and all(_ANY_NAME.match(name) for name in names)


def surely_authors(text: str) -> bool:
    """Return whether ``text`` can be nothing but names: each has its initial, or it is one "et al."."""
    if len(text) > _TAIL_MOST or not looks_like_authors(text):
        return False
    ending = _WITH_ET_AL.match(text)
    if ending and _has_words(ending["more"]):
        return False
    names = read_authors(text).names
    return bool(len(names) == 1 and ending) or all(map(_has_initial, names))


def split_leading(text: str) -> tuple[str, str]:
    """Return (authors, title) of ``text`` that begins with "A. Author et al."; authors may be empty."""
    ending = _WITH_ET_AL.match(text)
    if ending and _has_words(ending["more"]) and surely_authors(ending["names"]):
        return ending["names"] + ending["et_al"], ending["more"]
    return "", text


def split_title(text: str) -> tuple[str, str]:
    """Return (title, authors) of ``text`` where no year stands between them; authors may be empty.

    The longest ending that can be nothing but names is taken: "Title, A. Author"; after a full stop a pair
    of surnames will do: "Title. Chen and Manning."
    """
    for match in _CUT.finditer(text):
        tail = text[match.end() :]
        pair = match["stop"] and len(tail) <= _TAIL_MOST and _PAIR.search(tail) and looks_like_authors(tail)
        if match.start() and (pair or surely_authors(tail)):
            return text[: match.start()], tail
    return text, ""


def _has_initial(name: Author) -> bool:
    """Return whether a name has its initial; "A Tutorial" is none, though "A Author" may be one."""
    if name.form is NameForm.INITIAL:
        return name.written.split()[0] not in {"A", "I"}
    return name.form is NameForm.PROPER


def _has_words(text: str) -> bool:
    return re.search(r"\w", text) is not None


def _take_apart(text: str) -> tuple[str, str, str]:
    """Return the names, the "et al." as written and the punctuation after the last name."""
    text = bare(text)
    ending = _WITH_ET_AL.match(text[:_TAIL_MOST])
    if ending:
        more = ending["more"] if _has_words(ending["more"]) else ""
        et_al = ending["et_al"] + (f" {more}" if more else "")
        return ending["names"], et_al, "" if ending["more"] else ending["end"].strip()
    names = text.rstrip(" \t\n,;:")
    end = text[len(names) :].strip()
    if names.endswith(".") and not re.search(rf"(?<!\w)(?:{_UPPER}|[JS]r)\.\Z", names):
        names, end = names[:-1], "." + end
    return names, "", end


def _names(text: str) -> list[str]:
    """Return the names of ``text``, those with the initials behind in one piece."""
    names: list[str] = []
    for name in (part.strip() for part in _SEPARATOR.split(text)):
        if names and _ONLY_INITIALS.match(name) and _BARE_SURNAME.match(names[-1]):
            names[-1] = f"{names[-1]}, {name}"
        elif name:
            names.append(name)
    return names
