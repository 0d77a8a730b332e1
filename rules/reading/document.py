"""The list document: its sections, its entries with their source lines, and the anchors it links to."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rules.papers.identifiers import Identifier, identify
from rules.papers.titles import key
from rules.policy.policy import Group
from rules.reading.entry import Entry
from rules.reading.entry_text import Year
from rules.reading.inline import plain
from rules.reading.links import Link

# Labels of what comes with a paper, and may come with two.
_BESIDE = re.compile(
    r"(?:code|github|model|project|data|dataset|demo|video|slides|blog|website|bibtex|poster)s?\b",
    re.IGNORECASE,
)
_SUBGROUP = re.compile(r"\A(?P<until>~)?\s*(?P<year>(?:19|20)\d\d)\Z")


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the list: a heading with the group it belongs to.

    ``path`` is the names of the sections it stands in, and its own: two sections may have one name.
    """

    name: str
    line: int
    group: Group
    path: tuple[str, ...]

    @property
    def key(self) -> str:
        """The path's letters and digits, to compare by."""
        return path_key(self.path)


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry at its place: lines of its file (1-based, inclusive), section, subgroup ("2016") and group.

    ``path`` is that of its section, ``number`` the number of its item in a numbered list.
    """

    entry: Entry
    line: int
    end_line: int
    section: str
    subgroup: str | None
    group: Group
    path: tuple[str, ...]
    number: int | None = None

    @property
    def title(self) -> str:
        """The title as the entry has it."""
        return self.entry.title

    @property
    def key(self) -> str:
        """The title's letters and digits, to compare by."""
        return key(plain(self.entry.title))

    @property
    def place(self) -> str:
        """The key of the section it stands in."""
        return path_key(self.path)

    @property
    def year(self) -> Year:
        """The year as the entry has it."""
        return self.entry.year

    @property
    def urls(self) -> tuple[str, ...]:
        """The URLs the entry gives, as written."""
        return tuple(link.url for link in self.entry.links if link.url)

    @property
    def places(self) -> frozenset[str]:
        """Where the links lead, in a form to compare: an identifier, or the URL without its trimmings."""
        return frozenset(str(identify(url) or _bare(url)) for url in self.urls)

    @property
    def paper_place(self) -> str | None:
        """Where the link to the paper itself leads, as in ``places``; not that to its code or project."""
        links = [link for link in self.entry.links if link.url]
        first = min(links, key=_remoteness, default=None)
        if first is None or _BESIDE.match(first.label.strip()):
            return None
        return str(identify(first.url) or _bare(first.url))

    @property
    def identifier(self) -> Identifier | None:
        """The identifier that the first telling link names, one that services know before any other."""
        found = [name for name in map(identify, self.urls) if name]
        return next((name for name in found if name.askable), found[0] if found else None)


@dataclass(frozen=True, slots=True)
class AnchorLink:
    """A link of the table of contents."""

    line: int
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """An item of the section that states the list's criteria."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Stray:
    """Text in a section of papers that is no entry, no note and no comment: no rule reads it.

    ``shown`` is what GitHub shows of it; ``hides`` says that it turns entries below it into raw text,
    ``anywhere`` that it is no text of its own: a link definition of a word in an entry, a carriage return, a
    link in a heading.
    """

    line: int
    end_line: int
    shown: str
    section: str
    path: tuple[str, ...]
    hides: bool = False
    anywhere: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """One version of the list."""

    lines: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    entries: tuple[Listed, ...] = ()
    anchors: frozenset[str] = frozenset()
    anchor_links: tuple[AnchorLink, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    strays: tuple[Stray, ...] = ()
    known: bool = False

    def counted(self) -> int:
        """Return how many entries stand in counted groups."""
        return sum(listed.group.counted for listed in self.entries)


def path_key(path: tuple[str, ...]) -> str:
    """Return the letters and digits of a section's path, to compare by."""
    return "/".join(map(key, path))


def subgroup_takes(subgroup: str | None, year: int) -> bool | None:
    """Return whether a subgroup ("2016", "~2014") takes papers of ``year``; None when it names no year."""
    match = _SUBGROUP.match(subgroup or "")
    if not match:
        return None
    limit = int(match["year"])
    return year <= limit if match["until"] else year == limit


def _remoteness(link: Link) -> int:
    """Return how far a link is from the paper itself: its file, its record, a page about it, anything."""
    label = link.label.strip().lower()
    identifier = identify(link.url)
    known = identifier is not None and identifier.askable
    return [label == "pdf", known, label in {"html", "paper"}, True].index(True)


def _bare(url: str) -> str:
    """Return ``url`` without scheme, ``www.``, trailing slash and upper case in its host."""
    rest = re.sub(r"\A[a-z]+://(?:www\.)?", "", url.strip(), flags=re.IGNORECASE).rstrip("/")
    host, slash, path = rest.partition("/")
    return host.lower() + slash + path
