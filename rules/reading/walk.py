"""Reads a text into a document: walks its blocks, follows its headings, gathers entries and what is none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from rules.papers.titles import key
from rules.policy.policy import Policy
from rules.reading import markdown
from rules.reading.document import AnchorLink, Criterion, Document, Listed, Section, Stray
from rules.reading.headings import Headings, plain_heading
from rules.reading.inline import definition, label_key
from rules.reading.kinds import EntryKind, Found, Place
from rules.reading.list_kind import ListKind
from rules.reading.reference_kind import ReferenceKind
from rules.reading.shown import leads_away, shown

# What a criterion says is its words, numbers and signs; marker, emphasis and white space say nothing.
_UNSAID = re.compile(r"\A\s*(?:\d+[.)]|[*+-])\s|_|\.(?!\d)|[^\w+<>=\u2264\u2265~%.-]")
# A numbered rule, or an item that begins with what it is about: "**2015** : +200 citations".
_CRITERION = re.compile(r"\s*(?:\d+[.)]|[*+-]\s+(?:\*\*|__))")
_ANCHOR_LINK = re.compile(r"\[(?P<text>[^\]\n]*)\]\(#(?P<anchor>[^)\s]*)\)")
_ANCHOR_TAG = re.compile(r"<a\s[^<>]{0,200}?(?:name|id)=[\"']?(?P<anchor>[^\"'\s<>]+)", re.IGNORECASE)
# A word in brackets that a definition would make a link of; "[label][word]" is meant to be one.
_BRACKETED = re.compile(r"(?<!\])\[([^\[\]\n]{1,200})\](?![(\[:])")
_TEXT = frozenset({"paragraph", "block_text"})
_INVISIBLE = frozenset({"blank_line", "thematic_break", "newline"})


def read_document(text: str, policy: Policy, renamed: Mapping[str, str] | None = None) -> Document:
    """Return the list that ``text`` holds, by ``policy``.

    ``renamed`` maps the key of a section to the name it had before: its group goes with it. ``known`` is
    false when the text has none of the policy's sections. Raises RecursionError on absurdly nested input.
    """
    returns = [number for number, line in enumerate(text.split("\n"), 1) if "\r" in line.removesuffix("\r")]
    text = markdown.normalize(text)
    kind: EntryKind = ListKind(policy) if policy.forms else ReferenceKind(policy, renamed or {})
    document = walked(text, policy, kind)
    # A carriage return alone ends a line for GitHub's parser, and none for its line numbers.
    hidden = tuple(Stray(line, line, document.lines[line - 1], "", (), anywhere=True) for line in returns)
    return replace(document, strays=document.strays + hidden) if hidden else document


def walked(text: str, policy: Policy, kind: EntryKind) -> Document:
    """Return the list that ``text``, which is normalized, holds, its blocks read as ``kind`` reads them."""
    walker = _Walker(tuple(text.split("\n")[:-1]), policy, kind)
    for token in markdown.parse(text):
        walker.take(token)
    return walker.document()


@dataclass
class _Walker:
    """Walks the blocks of a document and gathers what it holds."""

    lines: tuple[str, ...]
    policy: Policy
    kind: EntryKind
    sections: list[Section] = field(default_factory=list)
    entries: list[Listed] = field(default_factory=list)
    strays: list[Stray] = field(default_factory=list)
    anchors: list[str] = field(default_factory=list)
    anchor_links: list[AnchorLink] = field(default_factory=list)
    criteria: list[Criterion] = field(default_factory=list)
    heading: tuple[str, int, tuple[str, ...]] = ("", 1, ("",))
    section: Section | None = None
    in_criteria: bool = False
    subgroup: str | None = None

    def __post_init__(self) -> None:
        self.headings = Headings(self.kind.level)
        defined = (definition(line) for line in self.lines if not line.lstrip().startswith("[^"))
        self.kind.definitions = dict(filter(None, defined))

    def document(self) -> Document:
        held = {listed.path for listed in self.entries}
        return Document(
            lines=self.lines,
            sections=self.kind.sections(self.sections, held),
            entries=tuple(self.entries),
            anchors=frozenset(self.anchors),
            anchor_links=tuple(self.anchor_links),
            criteria=tuple(self.criteria),
            strays=(
                *(
                    stray
                    for stray in self.strays
                    if stray.anywhere or self.kind.holds_papers(stray.path, held)
                ),
                *self._redefined(),
            ),
            known=self.kind.known or (bool(self.policy.forms) and bool(self.entries)),
        )

    def take(self, token: markdown.Token) -> None:
        kind, line, end_line = token["type"], token["line"], token["end_line"]
        text = "\n".join(self.lines[line - 1 : end_line])
        if kind in {"paragraph", "block_html"}:
            self.anchors += [match["anchor"] for match in _ANCHOR_TAG.finditer(text)]
        if kind == "heading":
            self._take_heading(token["attrs"]["level"], plain_heading(token["text"]), line)
            outside = token["attrs"]["level"] < self.kind.level and bool(self.sections)
            if outside or leads_away(token["text"]):
                path = self.section.path if self.section else ()
                self.strays.append(Stray(line, end_line, text, self.heading[0], path, anywhere=True))
        elif kind == "block_html":
            self._take_html(text, line, end_line)
        elif kind == "list":
            self._take_list(token)
            self._leave_details(text)
        elif kind in _TEXT or kind == "table":
            self._take_found(self.kind.paragraph(self._place(), self.lines, line, end_line))
            self._leave_details(text)
        elif kind not in _INVISIBLE:
            self._stray(line, end_line)

    def _take_heading(self, level: int, name: str, line: int) -> None:
        heading = self.headings.enter(level, name, line)
        self.anchors.append(self.headings.slug(name))
        self._open(name, line, heading.path, level)

    def _open(self, name: str, line: int, path: tuple[str, ...], level: int) -> None:
        self.subgroup = None
        self.in_criteria = self.policy.criteria is not None and key(name) == key(self.policy.criteria)
        self.heading = (name, line, path)
        self.section = None
        if level >= self.kind.level:
            self._open_section()

    def _open_section(self) -> Section:
        """Make a section of the heading being read."""
        name, line, path = self.heading
        before = self.sections[-1].group if self.sections else None
        self.section = Section(name, line, self.kind.group(name, path, before), path)
        self.sections.append(self.section)
        return self.section

    def _take_html(self, text: str, line: int, end_line: int) -> None:
        headings = self.headings.html(text, line) if self.policy.forms else []
        for heading in headings:
            self._open(heading.name, heading.line, heading.path, heading.level)
        if not headings:
            self._leave_details_of(text)
            self._stray(line, end_line)

    def _leave_details(self, text: str) -> None:
        if "details" in text and self.policy.forms and self.headings.closed_in(text):
            self._back_to_open()

    def _leave_details_of(self, text: str) -> None:
        """Go back to the section around a ``<details>`` that closes here."""
        if self.policy.forms and "</details" in text.lower():
            self._back_to_open()

    def _back_to_open(self) -> None:
        path = self.headings.path()
        around = next((section for section in reversed(self.sections) if section.path == path), None)
        if around and around is not self.section:
            self.section, self.subgroup = around, None

    def _place(self) -> Place:
        if self.section is None and not self.in_criteria and self.kind.opens_untitled:
            self._open_section()
        return Place(self.section, self.in_criteria)

    def _take_list(self, token: markdown.Token, *, nested: bool = False) -> None:
        for item in token["children"]:
            children = [child for child in item.get("children", ()) if child["type"] not in _INVISIBLE]
            self._take_item(item["line"], children, nested)

    def _take_item(self, line: int, children: list[markdown.Token], nested: bool) -> None:
        place = self._place()
        read = self.kind.item(place, self.lines, line, children, nested=nested)
        if read.opens and self.section is None:
            self._open_section()
        if read.contents:
            self._take_contents(line, read.end_line)
        self._take_found(read.found)
        for child in children[read.taken :]:
            if child["type"] == "list":
                self._take_list(child, nested=True)
            else:
                self._stray(child["line"], child["end_line"])

    def _take_contents(self, line: int, end_line: int) -> None:
        text = "\n".join(self.lines[line - 1 : end_line])
        self.anchor_links += [
            AnchorLink(line, match["text"], match["anchor"]) for match in _ANCHOR_LINK.finditer(text)
        ]
        if self.in_criteria and _CRITERION.match(text):
            self.criteria.append(Criterion(line, _UNSAID.sub("", text)))

    def _take_found(self, found: Iterable[Found]) -> None:
        for one in found:
            if one.note is not None:
                self.subgroup = one.note
            elif one.entry is None:
                self._stray(one.line, one.end_line, empty=one.empty)
            elif self.section is not None:
                self.entries.append(
                    Listed(
                        self.kind.dated(one.entry, self.section.path),
                        one.line,
                        one.end_line,
                        self.section.name,
                        self.subgroup,
                        self.section.group,
                        self.section.path,
                        one.number,
                    )
                )

    def _stray(self, line: int, end_line: int, *, empty: bool = False) -> None:
        """Keep what GitHub shows of these lines, where it stands in a section of papers."""
        if self.section is None or not self.section.group.papers:
            return
        text = "\n".join(self.lines[line - 1 : end_line])
        visible = "\u2022" if empty else shown(text)
        if not visible or (not empty and self.kind.is_note(text) and not text.startswith("    ")):
            return
        hides = text.lstrip().startswith("<") and self.kind.hides_entries(text)
        self.strays.append(Stray(line, end_line, visible, self.section.name, self.section.path, hides))

    def _redefined(self) -> Iterator[Stray]:
        """Yield the link definitions of words that stand in brackets in an entry: they make links of them."""
        if not self.kind.definitions:
            return
        previous = ""
        words = {
            label_key(match[1]) for listed in self.entries for match in _BRACKETED.finditer(listed.entry.text)
        }
        for number, line in enumerate(self.lines, 1):
            defined = None if line.lstrip().startswith("[^") else definition(line)
            continues = bool(previous.strip()) and definition(previous) is None  # of a paragraph: it is shown
            if defined and (continues or defined[0] in words):
                yield Stray(number, number, line.strip(), "", (), anywhere=True)
            previous = line
