"""The list document: its sections, its entries with their source lines, and the anchors it links to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from rules.papers.identifiers import Identifier, identify
from rules.papers.titles import key
from rules.policy.policy import Group, Policy
from rules.reading import markdown
from rules.reading.entry import Entry, read_entry
from rules.reading.entry_detection import is_paper, looks_dated_and_linked, parted, reads_like_entry
from rules.reading.entry_text import Year
from rules.reading.links import Link

_NOTE = re.compile(r"\*\(?(?P<name>[^*()]+)\)?\*\Z")
_SUBGROUP = re.compile(r"\A(?P<until>~)?\s*(?P<year>(?:19|20)\d\d)\Z")
# What a criterion says is its words, numbers and signs; marker, emphasis and white space say nothing.
_UNSAID = re.compile(r"\A\s*(?:\d+[.)]|[*+-])\s|_|\.(?!\d)|[^\w+<>=\u2264\u2265~%.-]")
# A numbered rule, or an item that begins with what it is about: "**2015** : +200 citations".
_CRITERION = re.compile(r"\s*(?:\d+[.)]|[*+-]\s+(?:\*\*|__))")
_ANCHOR_LINK = re.compile(r"\[(?P<text>[^\]\n]*)\]\(#(?P<anchor>[^)\s]*)\)")
_ANCHOR_TAG = re.compile(r"<a\s[^<>]{0,200}?(?:name|id)=[\"']?(?P<anchor>[^\"'\s<>]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the list: a heading with the group it belongs to."""

    name: str
    line: int
    group: Group

    @property
    def key(self) -> str:
        """The name's letters and digits, to compare by."""
        return key(self.name)


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry at its place: lines of its file (1-based, inclusive), section, subgroup ("2016") and group."""

    entry: Entry
    line: int
    end_line: int
    section: str
    subgroup: str | None
    group: Group

    @property
    def title(self) -> str:
        """The title as the entry has it."""
        return self.entry.title

    @property
    def key(self) -> str:
        """The title's letters and digits, to compare by."""
        return key(self.entry.title)

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
        return str(identify(first.url) or _bare(first.url)) if first else None

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
class Document:
    """One version of the list."""

    lines: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    entries: tuple[Listed, ...] = ()
    anchors: frozenset[str] = frozenset()
    anchor_links: tuple[AnchorLink, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    known: bool = False

    def counted(self) -> int:
        """Return how many entries stand in counted groups."""
        return sum(listed.group.counted for listed in self.entries)


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


def read_document(text: str, policy: Policy, renamed: Mapping[str, str] | None = None) -> Document:
    """Return the list that ``text`` holds, by ``policy``.

    ``renamed`` maps the key of a section's name to the name it had before: its group goes with it.
    ``known`` is false when the text has none of the policy's sections. Raises RecursionError on absurdly
    nested input.
    """
    text = markdown.normalize(text)
    lines = tuple(text.split("\n")[:-1])
    reader = _Reader(lines, policy, renamed or {})
    for token in markdown.parse(text):
        reader.take(token)
    return reader.document()


@dataclass
class _Reader:
    """Walks the blocks of a document and gathers what it holds."""

    lines: tuple[str, ...]
    policy: Policy
    renamed: Mapping[str, str]
    sections: list[Section] = field(default_factory=list)
    entries: list[Listed] = field(default_factory=list)
    anchors: list[str] = field(default_factory=list)
    anchor_links: list[AnchorLink] = field(default_factory=list)
    criteria: list[Criterion] = field(default_factory=list)
    slugs: Counter[str] = field(default_factory=Counter)
    heading: tuple[str, int] = ("", 1)
    section: Section | None = None
    in_criteria: bool = False
    subgroup: str | None = None
    known: bool = False

    def document(self) -> Document:
        return Document(
            lines=self.lines,
            sections=tuple(self.sections),
            entries=tuple(self.entries),
            anchors=frozenset(self.anchors),
            anchor_links=tuple(self.anchor_links),
            criteria=tuple(self.criteria),
            known=self.known,
        )

    def take(self, token: markdown.Token) -> None:
        if token["type"] == "heading":
            self._take_heading(token)
        elif token["type"] == "list":
            self._take_list(token)
        elif token["type"] in {"paragraph", "block_text"}:
            self._take_paragraph(token)
        if token["type"] in {"paragraph", "block_html"}:
            text = "\n".join(self.lines[token["line"] - 1 : token["end_line"]])
            self.anchors += [match["anchor"] for match in _ANCHOR_TAG.finditer(text)]

    def _take_heading(self, token: markdown.Token) -> None:
        name = _plain(token["text"])
        self.anchors.append(self._slug(name))
        self.subgroup = None
        self.in_criteria = self.policy.criteria is not None and key(name) == key(self.policy.criteria)
        self.heading = (name, token["line"])
        self.section = None
        if token["attrs"]["level"] >= self.policy.level:
            self._open_section()

    def _open_section(self) -> Section:
        """Make a section of the heading being read."""
        name, line = self.heading
        self.section = Section(name, line, self._group(name))
        self.sections.append(self.section)
        return self.section

    def _slug(self, name: str) -> str:
        """Return the anchor GitHub gives a heading; a repeated one gets -1, -2, ..."""
        slug = re.sub(r"[^\w\- ]", "", name.lower()).replace(" ", "-")
        self.slugs[slug] += 1
        return f"{slug}-{self.slugs[slug] - 1}" if self.slugs[slug] > 1 else slug

    def _group(self, name: str) -> Group:
        """Return the group of a section; one that the policy does not name belongs to its neighbour's."""
        group = self.policy.group_of(name)
        if group:
            self.known = True
            return group
        before = self.renamed.get(key(name))
        group = self.policy.group_of(before) if before else None
        if group:
            return group
        neighbour = self.sections[-1].group if self.sections else self.policy.groups[0]
        # What papers a section takes, by year and age, is said of the sections named and of no other.
        return replace(neighbour, papers=True, first_year=None, last_year=None, newest_months=None)

    def _take_list(self, token: markdown.Token, *, nested: bool = False) -> None:
        for item in token["children"]:
            body = [
                child for child in item.get("children", ()) if child["type"] in {"block_text", "paragraph"}
            ]
            if body:
                self._take_item(item["line"], body[0]["end_line"], nested)
            for child in item.get("children", ()):
                if child["type"] == "list":
                    self._take_list(child, nested=True)

    def _take_item(self, line: int, end_line: int, nested: bool) -> None:
        text = "\n".join(self.lines[line - 1 : end_line])
        if nested and not is_paper(text, authored=self.section is None or self.section.group.style.authors):
            return  # a remark on the entry above
        if self.section is None and looks_dated_and_linked(text) and is_paper(text):
            self._open_section()  # papers under a heading that is none of the list's: a section all the same
        if self.section is None:
            self.anchor_links += [
                AnchorLink(line, match["text"], match["anchor"]) for match in _ANCHOR_LINK.finditer(text)
            ]
            if self.in_criteria and _CRITERION.match(text):
                self.criteria.append(Criterion(line, _UNSAID.sub("", text)))
        elif self.section.group.papers:
            for start, end in parted(self.lines, line, end_line):
                self._add_entry(self.section, start, end)

    def _take_paragraph(self, token: markdown.Token) -> None:
        """Read a note that opens a subgroup, or entries that lack their list marker."""
        if self.section is None or not self.section.group.papers:
            return
        line, end_line = token["line"], token["end_line"]
        note = _NOTE.match(self.lines[line - 1].strip()) if line == end_line else None
        name = note["name"].strip() if note else ""
        if name:
            self.subgroup = name
            return
        for number in range(line, end_line + 1):
            if reads_like_entry(self.lines[number - 1]):
                self._add_entry(self.section, number, number)

    def _add_entry(self, section: Section, line: int, end_line: int) -> None:
        entry = read_entry("\n".join(self.lines[line - 1 : end_line]), dated=section.group.style.year)
        if entry.title or entry.links:
            self.entries.append(Listed(entry, line, end_line, section.name, self.subgroup, section.group))


def _plain(heading: str) -> str:
    """Return a heading's text without inline markup."""
    text = re.sub(r"!?\[([^\]\n]*)\]\([^)\s]*\)", r"\1", heading)
    return " ".join(re.sub(r"[*`]|(?<!\w)_|_(?!\w)|<[^<>]{0,200}>", "", text).split())
