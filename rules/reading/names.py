"""Names, however they are written: "He, K., & Sun, J.", "Ioffe, Sergey, and Christian Szegedy"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from rules.reading.inline import plain

_PARTICLES = frozenset(
    {
        "af", "al", "av", "bin", "da", "dal", "de", "del", "della", "den", "der", "di", "dos", "du", "el",
        "ibn", "la", "le", "ten", "ter", "van", "vom", "von", "y", "zu", "zur",
    }
)  # fmt: skip
_ORGANISATION = re.compile(
    r"\b(?:AI|Anonymous|Association|Authors?|Brain|Center|Centre|Collaboration|Committee|Community|Company"
    r"|Consortium|Contributors|Corporation|DeepMind|Developers|Facebook|Foundation|Google|Group|Inc|Institute"
    r"|Labs?|Laboratory|Meta|Microsoft|NVIDIA|OpenAI|Project|Research|Society|Team|University)\b"
)
# "M. Brain" is a person; "U. S. Army Research Laboratory" has more words than a surname behind its initials.
_PERSON = re.compile(r"(?:[^\W\d_]\.[ -]?){1,4}[^\W\d_]+\Z")
_HONORIFIC = re.compile(
    r"\A(?:(?:Prof|Professor|Dr|Mr|Mrs|Ms|Sir)\b\.?\s+)+|,?\s+(?:Ph\.?\s?D|M\.?D)\.?\Z", re.IGNORECASE
)
_SUFFIX = re.compile(r"(?:Jr|Sr)\.?\Z|II\Z|III\Z|IV\Z")
_MARKS = re.compile(
    r"<su[pb]>[^<]{0,20}</su[pb]>|<[^<>]{0,100}>|[*_]+|[\u2020\u2021\u00a7\u00b6\u00b9\u00b2\u00b3\u2070-\u2079]+"
    r"|(?<=[^\W\d_])\d{1,2}\b"
)
_LINKED = re.compile(r"(?<!\[)\[([^\[\]\n]{1,80})\]\([^()\s]{0,500}\)(?!\])")
_FOREIGN = str.maketrans({"\uff0c": ", ", "\u3001": ", ", "\uff1b": "; ", "\uff06": " & ", "\u00a0": " "})
_AND = re.compile(r"\s*[,;]?\s+(?:and|&)\s+|\s*&\s*|\s+[/|\u00b7]\s+", re.IGNORECASE)
_GLUED = re.compile(r"(?<=[^\W\d_]\.)(?=[^\W\d_])")
_INITIAL = re.compile(r"[^\W\d_]\.?(?:-[^\W\d_]\.?)*\Z")
_INITIALS = re.compile(r"(?:[^\W\d_]\.?[ -]?){1,4}\Z")
_CAPITALS = re.compile(r"[A-Z]{1,3}\Z")
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019\u02bc`.-][^\W\d_]+)*\.?\Z")
_FOREIGN_WORD = re.compile(r"[^\W\d_\x00-\u024f]+\Z")
_GIVEN_MOST = 3  # given names of one person; more words are several people whom nobody parted
_WORDS_MOST = 4  # words of a surname


class NameForm(Enum):
    """How a name is written."""

    PROPER = "A. Author"
    INITIAL = "an initial without its dot or space, or behind the surname"
    SURNAME = "a surname alone"
    FULL = "a full first name"
    ORGANISATION = "not a person"
    OTHER = "anything else"


@dataclass(frozen=True, slots=True)
class Author:
    """One author as written, and as the list writes it; ``initials`` ("J.-B. C.") are empty where unknown."""

    written: str
    form: NameForm
    surname: str
    initials: str = ""

    @property
    def canonical(self) -> str:
        """The name as ``A. Author``; a surname alone stays, for nobody knows the initial."""
        if self.form in {NameForm.INITIAL, NameForm.FULL}:
            return f"{self.initials} {self.surname}"
        return self.written


def bare(text: str) -> str:
    """Return ``text`` without emphasis, footnote marks and links, its entities resolved."""
    text = _LINKED.sub(r"\1", plain(text)).translate(_FOREIGN)
    return re.sub(r"\A\s*by\s+", "", _MARKS.sub("", text), flags=re.IGNORECASE).strip()


def read_name(text: str) -> Author:
    """Return the name that ``text`` is; "Author, A." is one too."""
    written = " ".join(text.split())
    if _ORGANISATION.search(written) and not _PERSON.match(written):
        return Author(written, NameForm.ORGANISATION, written)
    name = _HONORIFIC.sub("", written)
    before, comma, behind = name.partition(",")
    if comma and not _SUFFIX.match(behind.strip()):
        return _reversed(written, before.strip(), behind.strip())
    if comma:  # "M. L. King, Jr."
        person = read_name(before)
        return Author(written, person.form, f"{person.surname} {behind.strip()}", person.initials)
    words = _GLUED.sub(" ", name).split()
    if len(words) > 1 and _behind(words):
        return _reversed(written, " ".join(words[:-1]), words[-1])
    foreign = bool(words) and all(_FOREIGN_WORD.match(word) for word in words)  # nothing to abbreviate
    alone = len(words) == 1 and _WORD.match(words[0]) and not _INITIAL.match(words[0])
    if foreign or alone:
        return Author(written, NameForm.PROPER if foreign else NameForm.SURNAME, words[0])
    return _forward(written, words)


def _behind(words: list[str]) -> bool:
    """Return whether the last word is initials and all before it a surname: "He K.", "Girshick RB"."""
    last, surname = words[-1], words[:-1]
    initials = re.fullmatch(r"(?:[^\W\d_]\.-?)+", last) or _CAPITALS.match(last)
    single = len([word for word in surname if word not in _PARTICLES]) == 1 and not surname[-1].isupper()
    return (
        bool(initials)
        and not _SUFFIX.match(last)
        and single
        and _is_surname(surname)
        and len(surname[-1]) > 1
    )


def _forward(written: str, words: list[str]) -> Author:
    """Return a name with its given names before the surname."""
    first = 0
    while first < len(words) - 1 and (_INITIAL.match(words[first]) or words[first].endswith(".")):
        first += 1
    given, surname = words[:first], words[first:]
    if given and _is_surname(surname) and all(_INITIAL.match(word) for word in given):
        if all(word.endswith(".") for word in given) and " ".join(words) == written:
            return Author(written, NameForm.PROPER, " ".join(surname), _initials(given))
        return Author(written, NameForm.INITIAL, " ".join(surname), _initials(given))
    start = len(words) - 1
    if start > 0 and _SUFFIX.match(words[start]):
        start -= 1
    while start > 1 and words[start - 1].lower() in _PARTICLES:
        start -= 1
    given, surname = words[:start], words[start:]
    known = all(_WORD.match(word) or _INITIAL.match(word) for word in given)
    # Of "KAIMING HE" nobody can say which is the surname.
    sure = known and not all(word.isupper() and len(word) > 1 for word in words)
    if sure and 0 < len(given) <= _GIVEN_MOST and _is_surname(surname) and given[0][0].isupper():
        return Author(written, NameForm.FULL, " ".join(surname), _initials(given))
    return Author(written, NameForm.OTHER, words[-1] if words else "")


def _reversed(written: str, surname: str, given: str) -> Author:
    """Return a name with its surname first."""
    names = _GLUED.sub(" ", given).split()
    while len(names) > 1 and names[-1] in _PARTICLES:  # "Maaten, L. van der"
        surname = f"{names.pop()} {surname}"
    words = surname.split()
    if len(names) == 1 and _CAPITALS.match(names[0]):
        names = list(names[0])
    known = all(_WORD.match(word) or _INITIAL.match(word) for word in names)
    if not names or not known or len(names) > _GIVEN_MOST or not _is_surname(words):
        return Author(written, NameForm.OTHER, words[0] if words else "")
    if surname.isupper() and len(surname) > 2:
        surname = surname.title()
    form = NameForm.INITIAL if all(_INITIAL.match(word) for word in names) else NameForm.FULL
    return Author(written, form, surname, _initials(names))


def _is_surname(words: list[str]) -> bool:
    """Return whether ``words`` are a surname: capitalised, but for particles."""
    if not 0 < len(words) <= _WORDS_MOST:
        return False
    if not all(_WORD.match(word) or _SUFFIX.match(word) for word in words):
        return False
    large = [word[0].isupper() or not word[0].isascii() for word in words]
    return any(large) and all(big or word in _PARTICLES for word, big in zip(words, large, strict=True))


def _are_initials(text: str) -> bool:
    """Return whether ``text`` is initials alone: "K.", "K. M.", "KM"."""
    return bool(_INITIALS.match(text)) and all(sign.isupper() for sign in text if sign.isalpha())


def _initials(given: list[str]) -> str:
    """Return the initials of given names: "J.-B. C." of "Jean-Baptiste C"."""
    return " ".join("-".join(f"{part[0].upper()}." for part in name.split("-") if part) for name in given)


def read_names(text: str, *, more: bool = False) -> tuple[Author, ...]:
    """Return the people that ``text`` names, which is bare; ``more`` says that ", et al." follows."""
    if ";" in text:
        parts = [part for half in text.split(";") for part in _AND.split(half)]
        return tuple(read_name(part.strip(" ,")) for part in parts if part.strip(" ,"))
    groups = [group.strip(" ,") for group in _AND.split(text) if group.strip(" ,")]
    if len(groups) > 1 and all(_is_reversed(group) for group in groups):
        return tuple(map(read_name, groups))  # "Wang, Xiaolong and Girshick, Ross"
    names: list[str] = []
    lists = [[part.strip() for part in group.split(",") if part.strip()] for group in groups]
    people = [part for group in lists for part in group]
    for number, group in enumerate(lists):
        names += _joined(group, opens=number == 0 and _opens_reversed(group, people, more))
    return tuple(map(read_name, names))


def _is_reversed(group: str) -> bool:
    """Return whether ``group`` is "Surname, Given": one comma, before it one word and its particles."""
    before, comma, behind = group.partition(",")
    words, given = before.split(), behind.split()
    if not comma or "," in behind or not given or _SUFFIX.match(behind.strip()):
        return False
    single = len([word for word in words if word.lower() not in _PARTICLES]) == 1
    return single and _is_surname(words) and len(given) <= _GIVEN_MOST


def _opens_reversed(group: list[str], people: list[str], more: bool) -> bool:
    """Return whether a list begins with "Surname, Given" (MLA): full names follow, or "et al."."""
    surname = [word for word in group[0].split() if word not in _PARTICLES]
    if len(group) < 2 or len(surname) != 1 or not _is_surname(group[0].split()):
        return False
    given = group[1].split()
    if len(given) > 2 or not all(_WORD.match(word) or _INITIAL.match(word) for word in given):
        return False
    if any(_FOREIGN_WORD.match(name) for name in group[:2]):
        return False
    rest = people[2:]
    return all(len(name.split()) > 1 for name in rest) if rest else more


def _joined(group: list[str], *, opens: bool) -> list[str]:
    """Return the names of a list that commas part, each with the initials or suffix behind it."""
    names: list[str] = []
    for index, part in enumerate(group):
        before = names[-1] if names else ""
        given = " ".join(word for word in part.split() if word not in _PARTICLES)
        of_surname = "," not in before and _is_surname(before.split()) and _are_initials(given)
        if before and (_SUFFIX.match(part) or (opens and index == 1) or of_surname):
            names[-1] = f"{before}, {part}"
        else:
            names.append(part)
    return names
