"""An entry that nearly fits a form, written in it: only where nothing is lost and nothing is guessed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from rules.reading.blocks import PARAGRAPH, Block
from rules.reading.forms.strict import Match, Strict
from rules.reading.inline import Kind, Piece, scan

_WORD = re.compile(r"\w+")
_SPACE = re.compile(r"\s+")
_TAIL = re.compile(r"(?:\s*<!--(?:[^-]|-[^-])*-->)*\s*\Z")


def rewritten(block: Block, content: str, pieces: Sequence[Piece], form: Strict, match: Match) -> str | None:
    """Return the block in the form that read it loosely, None when it would lose or change a word or link."""
    source = block.content
    tail = _TAIL.search(source)
    body = source[: tail.start()] if tail else source
    if _SPACE.sub(" ", body) != _SPACE.sub(" ", content):
        return None  # hidden parts stand inside it: who knows where they belong
    values = {name: _SPACE.sub(" ", value).strip() for name, value in match.values.items()}
    start, end = match.spans.get("links", (0, 0))
    links = tuple(
        (content[piece.label_start : piece.label_end].strip("[] "), piece.url)
        for piece in pieces
        if piece.kind is Kind.LINK and start <= piece.start < end
    )
    if end > start and (not links or not all(label and url for label, url in links)):
        return None
    text = form.write(values, links)
    if text is None or _told(text) != _told(content) or form.match(text.replace("\n\n", PARAGRAPH)) is None:
        return None
    return _indented(block, text) + (tail[0].rstrip() if tail and tail[0].strip() else "")


def _indented(block: Block, text: str) -> str:
    """Return ``text`` with the block's marker, its second paragraph indented to belong to it."""
    marker = " ".join(block.marker.split()) + " " if block.marker.strip() else ""
    indent = block.marker[: len(block.marker) - len(block.marker.lstrip())]
    first, *more = text.split("\n")
    return "\n".join([indent + marker + first, *(f"    {line}" if line else "" for line in more)])


def _told(text: str) -> tuple[Counter[str], list[str]]:
    """Return the words and the links of ``text``: what a correction must not change."""
    pieces = scan(text.replace("\n\n", PARAGRAPH))
    urls = sorted(piece.url for piece in pieces if piece.kind in {Kind.LINK, Kind.IMAGE})
    letters = "".join(_WORD.findall(text))
    return Counter(letters), urls
