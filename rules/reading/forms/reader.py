"""Reads a block into an entry by the forms of a list: strictly, then loosely, then by landmarks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from rules.policy.forms import FormLine, Standing
from rules.reading.authors import Authors, read_authors
from rules.reading.blocks import PARAGRAPH, Block, BlockKind
from rules.reading.entry import LONGEST, Entry, Fit
from rules.reading.entry_text import MISSING, Bold, Year, YearForm
from rules.reading.forms import landmarks
from rules.reading.forms.rows import RowForm, RowRead, row_form
from rules.reading.forms.strict import Match, strict
from rules.reading.forms.template import Template
from rules.reading.forms.writing import rewritten
from rules.reading.inline import NONE, Definitions, Kind, Piece, scan, without
from rules.reading.links import Link, LinkForm

_HIDDEN = frozenset({Kind.COMMENT, Kind.IMAGE})
_EDGES = re.compile(r"\A[\s.,;:]+|[\s.,;]+\Z")


class ListForm:
    """The forms of a list, or of one group of its sections."""

    def __init__(self, lines: tuple[FormLine, ...]) -> None:
        self.lines = lines
        self._forms = [(line, strict(line.text, line.links, line.separator)) for line in lines if line.text]
        self._rows = [(line, row_form(line.cells)) for line in lines if line.cells]
        self._wanted = [pair for pair in self._forms if pair[0].standing is not Standing.READ]
        self._read = [pair for pair in self._forms if pair[0].standing is Standing.READ]

    @property
    def paragraphs(self) -> bool:
        """True when an entry may run over two paragraphs."""
        return any(form.template.paragraphs for _, form in self._forms)

    def read(self, block: Block, definitions: Definitions = NONE) -> Entry | None:
        """Return the entry that ``block`` is, None when it is none."""
        if len(block.text) > LONGEST:
            return None
        return _read(self, block, definitions) if definitions else _read_plain(self, block)

    def read_afresh(self, block: Block, definitions: Definitions) -> Entry | None:
        """Return the entry that ``block`` is, None when it is none."""
        if block.kind is BlockKind.ROW:
            return self._row(block, definitions)
        content, pieces = _shown(block.content, definitions)
        if not content:
            return None
        for line, form in self._wanted:
            match = form.match(content) if _takes(form.template, block) else None
            if match and _is_sound(match, form.template):
                return _entry(block, content, pieces, match, Fit(line, exact=True))
        for line, form in self._wanted:
            match = form.loosely(content)
            if match and _is_sound(match, form.template):
                written = rewritten(block, content, pieces, form, match)
                return _entry(block, content, pieces, match, Fit(line, exact=False, written=written))
        for line, form in self._read:
            match = form.match(content) if _takes(form.template, block) else None
            if match and _is_sound(match, form.template):
                return _entry(block, content, pieces, match, Fit(line, exact=True))
        return self._by_landmarks(block, content, pieces)

    def _by_landmarks(self, block: Block, content: str, pieces: Sequence[Piece]) -> Entry | None:
        links = any(piece.kind is Kind.LINK for piece in pieces)
        leads = links or landmarks.address(content) is not None
        if not leads and block.kind is BlockKind.PARAGRAPH:
            return None
        for line, form in self._forms:
            found = landmarks.landmarks(form.template).find(content, pieces)
            if found and (leads or not form.template.needs("url", "links")):
                return _found_entry(block, content, pieces, form.template, found, Fit(line, exact=False))
        if not leads or block.kind is BlockKind.PARAGRAPH:
            return None
        found = landmarks.guess(content, pieces)
        if not found:
            return None
        template = Template("", ())  # by no form: which number is the year, nobody says
        return _found_entry(block, content, pieces, template, found, Fit(None, exact=False))

    def _row(self, block: Block, definitions: Definitions) -> Entry | None:
        for line, form in self._rows:
            read = form.read(block, definitions)
            if read:
                return _row_entry(block, form, read, Fit(line, exact=read.exact), definitions)
        return None


@lru_cache(maxsize=64)
def list_form(lines: tuple[FormLine, ...]) -> ListForm:
    """Return the reader of these forms. Raises FormError when one cannot be used."""
    return ListForm(lines)


@lru_cache(maxsize=16_384)  # base and head have nearly all their entries in common
def _read_plain(form: ListForm, block: Block) -> Entry | None:
    return form.read_afresh(block, NONE)


def _read(form: ListForm, block: Block, definitions: Definitions) -> Entry | None:
    return form.read_afresh(block, definitions)


def _shown(content: str, definitions: Definitions) -> tuple[str, tuple[Piece, ...]]:
    """Return what GitHub shows of ``content``, without comments, images and tags, and its pieces."""
    pieces = scan(content, definitions)
    hidden = [piece for piece in pieces if piece.kind in _HIDDEN or _is_bare_tag(piece)]
    if not hidden:
        return content, pieces
    shown = re.sub(r"[ \t]{2,}", " ", without(content, hidden)).strip()
    return shown, scan(shown, definitions)


def _is_bare_tag(piece: Piece) -> bool:
    return piece.kind is Kind.TAG


def _takes(template: Template, block: Block) -> bool:
    """Return whether a form is one of blocks of this kind: one with a list marker is of items alone."""
    if not template.marker:
        return True
    if block.kind is not BlockKind.ITEM:
        return False
    return (block.number is None) == (template.marker[0] in "-*+")


def _is_sound(match: Match, template: Template) -> bool:
    """Return whether a form reads what it means: no link or emphasis closes inside a field."""
    title = match.values["title"]
    if any("](" in match.values.get(name, "") for name in ("authors", "venue")):
        return False
    signs = landmarks.landmarks(template)
    return "](" not in title and not (signs.behind.startswith("**") and "**" in title)


def _entry(block: Block, content: str, pieces: Sequence[Piece], match: Match, fit: Fit) -> Entry:
    values = match.values
    year = _year_of(values)
    start, end = match.spans["title"]
    return _made(
        block,
        title=values["title"],
        year=year,
        month=int(values["month"]) if "month" in values else None,
        authors=read_authors(values["authors"]) if values.get("authors") else Authors(),
        links=_links(content, pieces, start, end),
        fit=fit,
    )


def _found_entry(
    block: Block,
    content: str,
    pieces: Sequence[Piece],
    template: Template,
    found: landmarks.Found,
    fit: Fit,
) -> Entry:
    year = landmarks.year(template, content, pieces, found.after)
    named = landmarks.landmarks(template).authors(content, found.after)
    links = _links(content, pieces, found.start, found.end)
    address = None if links else landmarks.address(content, found.start)
    if address:
        links = (Link("", address, LinkForm.BROKEN),)
    return _made(
        block,
        title=_title(content[found.start : found.end]),
        year=Year(YearForm.GOOD, year, str(year)) if year else MISSING,
        month=None,
        authors=read_authors(content[named[0] : named[1]]) if named else Authors(),
        links=links,
        fit=fit,
    )


def _title(text: str) -> str:
    return _EDGES.sub("", text.strip('*_[]"\u201c\u201d '))


def _row_entry(block: Block, form: RowForm, read: RowRead, fit: Fit, definitions: Definitions) -> Entry:
    links: list[Link] = []
    for name, cell in block.cells:
        _, pieces = _shown(cell, definitions)
        found = _links(_shown(cell, definitions)[0], pieces, 0, 0)
        links = [*found, *links] if form.holds_title(name) else [*links, *found]
    return _made(
        block,
        title=_title(read.values["title"]),
        year=_year_of(read.values),
        month=int(read.values["month"]) if "month" in read.values else None,
        authors=read_authors(read.values["authors"]) if read.values.get("authors") else Authors(),
        links=tuple(links),
        fit=fit,
    )


def _made(
    block: Block,
    *,
    title: str,
    year: Year,
    month: int | None,
    authors: Authors,
    links: tuple[Link, ...],
    fit: Fit,
) -> Entry:
    return Entry(
        text=block.text,
        marker=block.marker,
        title=" ".join(title.replace(PARAGRAPH, " ").split()),
        bold=Bold.NONE,
        year=year,
        comma=True,
        authors=authors,
        links=links,
        month=month,
        fit=fit,
    )


def _year_of(values: Mapping[str, str]) -> Year:
    if "year" in values:
        return Year(YearForm.GOOD, int(values["year"]), values["year"])
    if "yy" in values:
        year = landmarks.century(int(values["yy"]))
        return Year(YearForm.GOOD, year, str(year))
    return MISSING


def _links(content: str, pieces: Sequence[Piece], start: int, end: int) -> tuple[Link, ...]:
    """Return the links of ``content``, that of the title (at ``start`` to ``end``) first."""
    found = [piece for piece in pieces if piece.kind is Kind.LINK]
    of_title = [piece for piece in found if piece.start <= start and end <= piece.end]
    ordered = of_title + [piece for piece in found if piece not in of_title]
    return tuple(_link(content, piece) for piece in ordered)


def _link(content: str, piece: Piece) -> Link:
    label = " ".join(content[piece.label_start : piece.label_end].split())
    return Link(label.strip("[]\\"), piece.url, LinkForm.PLAIN if piece.url else LinkForm.EMPTY)
