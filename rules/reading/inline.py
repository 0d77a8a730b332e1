"""Links, code spans, comments and HTML inside a block, as GitHub's Markdown parser sees them.

A scanner of CommonMark's inline syntax as far as a list needs it: emphasis is left out, for it hides no text.
Its time is linear in the text but for link destinations, which the longest entry bounds.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

_PUNCTUATION = "!-/:-@\\[-`{-~"
_ESCAPE = re.compile(rf"\\([{_PUNCTUATION}])")
_TICKS = re.compile(r"`+")
_AUTOLINK = re.compile(r"<([A-Za-z][A-Za-z0-9.+-]{1,31}:[^\s<>]*)>")
_MAIL = re.compile(r"<[\w.!#$%&'*+/=?^`{|}~-]+@[\w.-]+>")
# As GitHub's parser has it: "--->" ends no comment.
_COMMENT = re.compile(r"<!--(?:-?>|(?:[^-]|-[^-]|--[^>])*?-->)")
_VALUE = r"(?:[^\s\"'=<>`]++|'[^']*+'|\"[^\"]*+\")"
_TAG = re.compile(
    rf"<[A-Za-z][A-Za-z0-9-]*+(?:\s++[A-Za-z_:][\w.:-]*+(?:\s*+=\s*+{_VALUE})?+)*+\s*+/?>"
    r"|</[A-Za-z][A-Za-z0-9-]*+\s*+>|<\?.*?\?>|<![A-Z]+\s[^>]*+>|<!\[CDATA\[.*?\]\]>",
    re.DOTALL,
)
_ANCHOR = re.compile(r"<a\s(?:[^>]*?\s)??href\s*=\s*[\"']?([^\s\"'>]*)", re.IGNORECASE)
_OPEN = re.compile(r"[ \t]*\n?[ \t]*")
_ANGLE = re.compile(r"<((?:[^<>\\\n]|\\.)*+)>")
_BARE = re.compile(r"(?:[^\s()\\\x00-\x1f]|\\.|\\|[()])++")
_TITLE = re.compile(
    r"(?:[ \t]+\n?[ \t]*|[ \t]*\n[ \t]*)(?:\"(?:[^\"\\]|\\.)*+\"|'(?:[^'\\]|\\.)*+'|\((?:[^()\\]|\\.)*+\))",
    re.DOTALL,
)
_REFERENCE = re.compile(r"\[((?:[^\[\]\\]|\\.)*+)\]")
_DEFINITION = re.compile(r" {0,3}\[((?:[^\[\]\\]|\\.)+)\]:\s*(?:<([^<>\n]*)>|(\S+))")
_WORTH_A_LOOK = re.compile(r"[\\`<!\[\]\n]")
_MOST_PARENTHESES = 32  # as cmark has it
_REACH = 4096  # characters of one URL, title, tag or label; longer ones are read as text, in linear time


class Kind(Enum):
    """What a piece of a block is; all that is in no piece is plain text."""

    LINK = "a link"
    IMAGE = "an image"
    CODE = "a code span"
    COMMENT = "an HTML comment"
    TAG = "an HTML tag"


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a block: ``text[start:end]``.

    ``label_start`` and ``label_end`` bound the visible text of a link or image; ``url`` is where it leads,
    escapes and entities resolved.
    """

    kind: Kind
    start: int
    end: int
    label_start: int = 0
    label_end: int = 0
    url: str = ""


Definitions = Mapping[str, str]
NONE: Definitions = {}


def label_key(label: str) -> str:
    """Return the label of a reference link in the form in which labels are compared."""
    return " ".join(label.casefold().split())


def definition(text: str) -> tuple[str, str] | None:
    """Return (label, url) of a line that defines a reference link, None where it is none."""
    match = _DEFINITION.match(text)
    return (label_key(match[1]), match[2] or match[3] or "") if match else None


def plain(text: str) -> str:
    """Return ``text`` with its escapes and entities resolved."""
    return html.unescape(_ESCAPE.sub(r"\1", text)) if "\\" in text or "&" in text else text


def scan(text: str, definitions: Definitions = NONE) -> tuple[Piece, ...]:
    """Return the pieces of ``text``, the content of one block, in the order of their starts.

    An image or code span inside a link's label is a piece of its own. A blank line ends what is open.
    """
    return _scan(text) if not definitions else _Scanner(text, definitions).scan()


@lru_cache(maxsize=16_384)
def _scan(text: str) -> tuple[Piece, ...]:
    return _Scanner(text, NONE).scan()


def inlined(text: str, definitions: Definitions) -> str | None:
    """Return ``text`` with its reference links as inline ones, None where it has none."""
    if not definitions or "[" not in text:
        return None
    inline = {(piece.start, piece.end) for piece in scan(text)}
    found = [
        piece
        for piece in scan(text, definitions)
        if piece.kind is Kind.LINK and (piece.start, piece.end) not in inline
    ]
    if not found:
        return None
    for piece in reversed(found):
        label = text[piece.label_start : piece.label_end]
        text = f"{text[: piece.start]}[{label}](<{piece.url}>){text[piece.end :]}"
    return text


def comments_removed(text: str) -> str:
    """Return ``text`` without the comments that GitHub hides."""
    if "<!--" not in text:
        return text
    return without(text, [piece for piece in scan(text) if piece.kind is Kind.COMMENT])


def without(text: str, pieces: list[Piece]) -> str:
    """Return ``text`` without ``pieces``, which come in order."""
    kept, position = [], 0
    for piece in pieces:
        if piece.start >= position:
            kept.append(text[position : piece.start])
            position = piece.end
    return "".join(kept) + text[position:]


@dataclass
class _Bracket:
    start: int
    image: bool
    active: bool = True


class _Scanner:
    def __init__(self, text: str, definitions: Definitions) -> None:
        self.text = text
        self.definitions = definitions
        self.pieces: list[Piece] = []
        self.open: list[_Bracket] = []
        self.last_comment = text.rfind("-->")
        self.ticks: dict[int, list[int]] = defaultdict(list)
        for match in _TICKS.finditer(text):
            self.ticks[len(match[0])].append(match.start())

    def scan(self) -> tuple[Piece, ...]:
        position = 0
        while match := _WORTH_A_LOOK.search(self.text, position):
            position = self._take(match.start(), match[0])
        return tuple(sorted(self.pieces, key=lambda piece: (piece.start, -piece.end)))

    def _take(self, at: int, sign: str) -> int:
        """Read what begins at ``at`` and return where to go on."""
        if sign == "\\":
            return at + 2
        if sign == "`":
            return self._code(at)
        if sign == "<":
            return self._angle(at)
        if sign == "!":
            if self.text.startswith("[", at + 1):
                self.open.append(_Bracket(at, image=True))
                return at + 2
        elif sign == "[":
            self.open.append(_Bracket(at, image=False))
        elif sign == "]":
            return self._close(at)
        elif sign == "\n" and not self.text[at + 1 :].split("\n", 1)[0].strip():
            self.open.clear()
        return at + 1

    def _code(self, at: int) -> int:
        run = _TICKS.match(self.text, at)
        length = len(run[0]) if run else 1
        same = self.ticks[length]
        following = bisect_right(same, at)
        if following == len(same):
            return at + length
        end = same[following] + length
        self.pieces.append(Piece(Kind.CODE, at, end))
        return end

    def _angle(self, at: int) -> int:
        reach = at + _REACH
        link = _AUTOLINK.match(self.text, at, reach)
        if link:
            self.pieces.append(Piece(Kind.LINK, at, link.end(), at + 1, link.end() - 1, link[1]))
            return link.end()
        comment = _COMMENT.match(self.text, at) if at < self.last_comment else None
        if comment:
            self.pieces.append(Piece(Kind.COMMENT, at, comment.end()))
            return comment.end()
        mail = _MAIL.match(self.text, at, reach)
        if mail:
            url = f"mailto:{mail[0][1:-1]}"
            self.pieces.append(Piece(Kind.LINK, at, mail.end(), at + 1, mail.end() - 1, url))
            return mail.end()
        tag = _TAG.match(self.text, at, reach)
        if not tag:
            return at + 1
        anchor = _ANCHOR.match(tag[0])
        if anchor:
            close = re.compile(r"</a\s*>", re.IGNORECASE).search(self.text, tag.end(), tag.end() + _REACH)
            end = close.start() if close else min(len(self.text), tag.end() + _REACH)
            url = html.unescape(anchor[1])
            self.pieces.append(Piece(Kind.LINK, at, close.end() if close else end, tag.end(), end, url))
        self.pieces.append(Piece(Kind.TAG, at, tag.end()))
        return tag.end()

    def _close(self, at: int) -> int:
        if not self.open:
            return at + 1
        bracket = self.open.pop()
        if not bracket.active:
            return at + 1
        found = self._destination(at + 1) or self._reference(bracket, at)
        if found is None:
            return at + 1
        url, end = found
        start = bracket.start + 1 + bracket.image
        kind = Kind.IMAGE if bracket.image else Kind.LINK
        if bracket.image:  # what its text says is no link
            self.pieces = [
                piece
                for piece in self.pieces
                if piece.start < bracket.start or piece.kind not in {Kind.LINK, Kind.IMAGE}
            ]
        self.pieces.append(Piece(kind, bracket.start, end, start, at, url))
        if not bracket.image:
            for outer in self.open:  # a link holds no other link
                outer.active = outer.active and outer.image
        return end

    def _destination(self, at: int) -> tuple[str, int] | None:
        """Return (url, end) of "(url "title")" at ``at``, None where there is none."""
        if not self.text.startswith("(", at):
            return None
        begin = _OPEN.match(self.text, at + 1)
        position = begin.end() if begin else at + 1
        angle = _ANGLE.match(self.text, position, position + _REACH)
        if angle:
            url, position = angle[1], angle.end()
        elif self.text.startswith("<", position):
            return None
        else:
            end = self._bare_end(position)
            url, position = self.text[position:end], end
        title = _TITLE.match(self.text, position, position + _REACH)
        position = title.end() if title else position
        space = _OPEN.match(self.text, position)
        position = space.end() if space else position
        return (plain(url), position + 1) if self.text.startswith(")", position) else None

    def _bare_end(self, start: int) -> int:
        """Return where a URL without angle brackets ends: at white space or a ")" too many."""
        run = _BARE.match(self.text, start, start + _REACH)
        depth, position, limit = 0, start, run.end() if run else start
        while position < limit:
            sign = self.text[position]
            if sign == "\\":
                position += 1
            elif sign == "(":
                depth += 1
                if depth > _MOST_PARENTHESES:
                    return start
            elif sign == ")":
                if not depth:
                    return position
                depth -= 1
            position += 1
        return min(position, limit)

    def _reference(self, bracket: _Bracket, at: int) -> tuple[str, int] | None:
        """Return (url, end) of a reference link whose text ends at ``at``, None where it is not defined."""
        if not self.definitions:
            return None
        following = _REFERENCE.match(self.text, at + 1, at + _REACH)
        if following and following[1].strip():
            url = self.definitions.get(label_key(following[1]))
            return (url, following.end()) if url is not None else None
        own = self.text[bracket.start + 1 + bracket.image : at]
        url = self.definitions.get(label_key(own))
        end = following.end() if following else at + 1
        return (url, end) if url is not None else None
