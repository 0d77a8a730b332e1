"""The shape of an entry: its line with fields in place of what differs from entry to entry."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rules.papers.identifiers import identify
from rules.reading.authors import looks_like_authors
from rules.reading.blocks import PARAGRAPH, Block, BlockKind
from rules.reading.forms import landmarks
from rules.reading.inline import Kind, Piece, scan, without

_LINK_GAP = re.compile(r"[\s,|/;·&]*\Z")
_YEAR = re.compile(r"(?<![\d/.])(?:19|20)\d\d(?!\d)")
_SHORT_YEAR = re.compile(r"(?P<quote>['\u2018\u2019])\d\d(?!\d)")
_EMPHASIS = re.compile(r"(?P<sign>\*\*|__|\*|_)(?=\S)(?P<text>[^*\n]+?)(?<=\S)(?P=sign)(?!\w)")
_CORE = re.compile(
    r"(?P<before>[^\w\"'(@#$]*)(?P<text>(?:.*[^\s.,:;|\u2013\u2014-])?)(?P<behind>[\s.,:;|\u2013\u2014-]*)\Z",
    re.DOTALL,
)
_LAST_COMMA = re.compile(r"(?P<authors>.+),\s(?P<venue>[^,]{1,60})\Z", re.DOTALL)
_ET_AL = re.compile(r"\bet\.? al\b|\band others\b", re.IGNORECASE)
_NAME_MOST = 60  # characters of a short name before a title
_DATED_TITLE = re.compile(r"(?P<title>\S.*)\s\((?:19|20)\d\d(?P<venue>\s[^()]{1,40})?\)\Z", re.DOTALL)
_LEAD = re.compile(r"(?P<tag>\*\*\[[^\[\]\n]+\]\*\*\s+)?(?P<rest>.*)\Z", re.DOTALL)
_MANY = re.compile(r",|\band\b|&|\bet al|\b[A-Z]\.")  # one word may be a venue as well as a name
_DATE = re.compile(r"(?P<year>(?:19|20)\d\d)(?P<sign>[-./])(?P<month>0[1-9]|1[0-2])\Z")


@dataclass(frozen=True, slots=True)
class Shape:
    """The form of one entry, and how its further links look; ``cells`` for a row of a table."""

    form: str
    links: str = ""
    separator: str = " "
    cells: tuple[tuple[str, str], ...] = ()


def shape_of(block: Block) -> Shape | None:
    """Return the shape of ``block``, None where it shows no title and no link."""
    if block.kind is BlockKind.ROW:
        return _row(block)
    content = _shown(block.content)
    pieces = scan(content)
    links = [piece for piece in pieces if piece.kind is Kind.LINK]
    found = landmarks.guess(content, pieces)
    if not links or not found or all(piece.url.startswith("#") for piece in links):
        return None
    own = next((piece for piece in links if piece.start <= found.start and found.end <= piece.end), None)
    start, end = (own.start, own.end) if own else (found.start, found.end)
    start, end, before, behind = _signs(content, start, end)
    rest = _Rest(content[end:], [piece for piece in links if piece is not own], end)
    core = rest.title(content[found.start : found.end])
    core = f"[{core}]({{url}})" if own else core
    lead = _lead(content[:start])
    if lead is None:
        sign = _sign_behind_name(content[:start]) if own else ""
        if not sign:
            return None  # text comes before the title: a person has to say which part is what
        lead = f"{{short}}{sign}"
    rest.used |= {name for name in ("short", "authors") if f"{{{name}}}" in lead}
    form = re.sub(r" {2,}", " ", f"{lead}{before}{core}{behind}{rest.form()}").strip()
    return Shape(form, rest.links, rest.separator)


def _sign_behind_name(text: str) -> str:
    """Return the sign behind a short name, as in "Name - ", with its spaces; empty if there is none."""
    bare = text.rstrip()
    name = bare[:-1].rstrip()
    parted = bare != text and bare[-1:] in (":-\u2013\u2014|") and (bare[-1:] == ":" or name != bare[:-1])
    named = 0 < len(name) <= _NAME_MOST and not set("{}") & set(name)
    return text[len(name) :] if parted and named else ""


def _lead(text: str) -> str | None:
    """Return the form of what stands before the title: a name in brackets, authors, or signs."""
    match = _LEAD.match(text)
    tag = "**[{short}]** " if match and match["tag"] else ""
    rest = match["rest"] if match else text
    if not re.search(r"\w", rest):
        return f"<<{tag}>>{rest}" if tag else rest
    names = (rest[:-1] if rest.endswith(('"', "\u201c")) else rest).rstrip()
    names = names[:-1] if names.endswith((".", ",")) else names
    if looks_like_authors(names) or _ET_AL.search(names):
        return f"{tag}{{authors}}{rest[len(names) :]}"
    return None


def _shown(content: str) -> str:
    hidden = [piece for piece in scan(content) if piece.kind in {Kind.COMMENT, Kind.IMAGE, Kind.TAG}]
    return re.sub(r"[ \t]{2,}", " ", without(content, hidden)).strip() if hidden else content


def _signs(content: str, start: int, end: int) -> tuple[int, int, str, str]:
    """Return the span of the title with the signs of emphasis around it, and those signs."""
    for sign in ("**", "__", "*", "_", '"'):
        if content[:start].endswith(sign) and content.startswith(sign, end):
            return start - len(sign), end + len(sign), sign, sign
    return start, end, "", ""


class _Rest:
    """What follows the title: texts, emphasis and links, turned into fields."""

    def __init__(self, text: str, links: Sequence[Piece], offset: int) -> None:
        self.text = text
        self.spans = [(piece.start - offset, piece.end - offset) for piece in links if piece.start >= offset]
        self.links, self.separator = "", " "
        self.used: set[str] = set()

    def title(self, title: str) -> str:
        """Return the form of a title: the year and the venue in parentheses at its end are fields."""
        dated = _DATED_TITLE.match(title)
        if not dated:
            return "{title}." if title.endswith(".") else "{title}"
        self.used |= {"year", "venue"} if dated["venue"] else {"year"}
        return "{title} ({year} {venue})" if dated["venue"] else "{title} ({year})"

    def form(self) -> str:
        """Return the form of it."""
        pieces, position = [], 0
        for start, end in self._runs():
            pieces.append(self._text(self.text[position:start], last=False))
            pieces.append("{links}" if "links" not in self.used else "{note}")
            self.used.add("links")
            position = end
        pieces.append(self._text(self.text[position:], last=True))
        return "".join(pieces)

    def _runs(self) -> list[tuple[int, int]]:
        """Return the runs of links with nothing but signs between them, their brackets included."""
        runs: list[tuple[int, int]] = []
        for start, end in self.spans:
            begin, stop, style = self._bracketed(start, end)
            self.links = self.links or style
            if runs and _LINK_GAP.match(self.text[runs[-1][1] : begin]):
                self.separator = self.text[runs[-1][1] : begin] or " "
                runs[-1] = (runs[-1][0], stop)
            else:
                runs.append((begin, stop))
        return runs

    def _bracketed(self, start: int, end: int) -> tuple[int, int, str]:
        if self.text[start : start + 2] == "[[":
            return start, end, "[[{label}]]({url})"
        if self.text[:start].endswith("[") and self.text.startswith("]", end):
            return start - 1, end + 1, "[[{label}]({url})]"
        return start, end, "[{label}]({url})"

    def _text(self, text: str, *, last: bool) -> str:
        """Return the form of a text between links: emphasised parts first, then plain ones."""
        pieces, position = [], 0
        for match in _EMPHASIS.finditer(text):
            pieces.append(self._plain(text[position : match.start()], last=False))
            sign = match["sign"]
            name = self._role(bold=len(sign) == 2)
            mark = "." if match["text"].endswith(".") else ""
            pieces.append(f"{sign}{{{name}}}{mark}{sign}" if name else match[0])
            position = match.end()
        pieces.append(self._plain(text[position:], last=last))
        return "".join(pieces).replace(PARAGRAPH, "\n\n")

    def _role(self, *, bold: bool) -> str:
        wanted = "short" if bold else "authors"
        for name in (wanted, "text", "note"):
            if name not in self.used:
                self.used.add(name)
                return name
        return ""

    def _plain(self, text: str, *, last: bool) -> str:
        core = _CORE.match(text)
        if not core or not re.search(r"\w", core["text"]):
            return text
        before, middle, behind = core["before"], core["text"], core["behind"]
        years = list(_YEAR.finditer(middle))
        short = None if years else _SHORT_YEAR.search(middle)
        if years and "year" not in self.used:
            return before + self._dated(middle, years[-1], "{year}") + behind
        if short and "year" not in self.used:
            return before + self._dated(middle, short, f"{short['quote']}{{yy}}") + behind
        names = (_MANY.search(middle) and looks_like_authors(middle)) or _ET_AL.search(middle) is not None
        return before + self._free("authors" if names else "text") + ("" if last else behind)

    def _dated(self, text: str, year: re.Match[str], field: str) -> str:
        """Return the form of a text that holds a year: authors, venue, year, and what follows."""
        self.used.add("year")
        left, right = text[: year.start()], text[year.end() :]
        signs = left[len(left.rstrip(" (,")) :]
        left = left.rstrip(" (,")
        parted = _LAST_COMMA.match(left)
        authors = parted and (looks_like_authors(parted["authors"]) or _ET_AL.search(parted["authors"]))
        if parted and authors and "authors" not in self.used:
            head = f"{self._free('authors')}, {self._free('venue')}"
        elif left:
            names = "authors" not in self.used and _MANY.search(left) and looks_like_authors(left)
            head = self._free("authors" if names else "venue")
        else:
            head = ""
        tail = _CORE.match(right)
        after = tail["before"] + self._free("note") if tail and tail["text"] else right
        return f"{head}{signs}{field}{after}"

    def _free(self, name: str) -> str:
        for each in (name, "text", "note"):
            if each not in self.used:
                self.used.add(each)
                return f"{{{each}}}"
        return ""


def _row(block: Block) -> Shape | None:
    cells: dict[str, str] = {}
    for name, cell in block.cells:
        pieces = scan(cell)
        links = [piece for piece in pieces if piece.kind is Kind.LINK]
        date = _DATE.match(cell.strip(" *_"))
        if date and "year" not in "".join(cells.values()):
            cells[name] = f"{{year}}{date['sign']}{{month}}"
        elif links and "title" not in "".join(cells.values()) and _is_title(cell, links[0]):
            cells[name] = "[{title}]({url})"
    if "title" not in "".join(cells.values()):
        plain = next((name for name, cell in block.cells if len(cell.split()) > 1 and "](" not in cell), None)
        if plain and any("](" in cell for _, cell in block.cells):
            cells[plain] = "{title}"
    if "title" not in "".join(cells.values()) or not all(name for name in cells):
        return None
    return Shape("", cells=tuple(cells.items()))


def _is_title(cell: str, link: Piece) -> bool:
    label = cell[link.label_start : link.label_end]
    return len(label.split()) > 1 or (not landmarks.LABEL.match(label) and identify(link.url) is not None)
