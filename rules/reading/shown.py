"""What GitHub shows of a piece of Markdown, and which text says nothing of a paper."""

from __future__ import annotations

import re

from rules.reading.inline import Kind, scan, without

_LABEL_MOST = 60  # characters of a line that names what stands below it; "Non-uniform Deblurring" has 22
_FOOTNOTE = re.compile(r" {0,3}\[\^[^\]\s]{1,60}\]:")
_LEADS = re.compile(r"https?:|www\.|\]\(|\]\[|<a\s|href|@", re.IGNORECASE)
_HTML_COMMENT = re.compile(r"\s*<!--.*?-->[ \t]*", re.DOTALL)
_BLOCK_SIGNS = (">", "<", "|", "`")
_LEADING_TAG = re.compile(
    r"<(?:a|img|picture|video|audio|iframe|object|embed|svg|input|button)\b", re.IGNORECASE
)
_BARE_ADDRESS = re.compile(r"(?<![(<])(?:https?://|www\.)\w|\w@\w", re.IGNORECASE)
_WORD = re.compile(r"\w")
_SCANNED_MOST = 20_000  # characters; longer text counts as shown without a look


def shown(text: str) -> str:
    """Return what GitHub shows of ``text``, empty when that is no word and no link."""
    stripped = text.lstrip()
    if stripped.startswith("<!--"):
        stripped = _HTML_COMMENT.sub("", stripped, count=1)
    if len(stripped) > _SCANNED_MOST:
        return stripped
    found = scan(stripped)
    pieces = [piece for piece in found if piece.kind in {Kind.COMMENT, Kind.TAG, Kind.IMAGE}]
    rest = " ".join(without(stripped, pieces).split())
    if _WORD.search(rest):
        return rest
    leads = any(piece.kind in {Kind.LINK, Kind.IMAGE} for piece in found) or _LEADING_TAG.search(stripped)
    return " ".join(stripped.split()) if leads else ""


def leads_away(text: str) -> bool:
    """Return whether ``text``, a heading, holds a link that leaves the page, or an image."""
    pieces = scan(text[:_SCANNED_MOST])
    return bool(_BARE_ADDRESS.search(text)) or any(
        piece.kind is Kind.IMAGE or (piece.kind is Kind.LINK and not piece.url.startswith("#"))
        for piece in pieces
    )


def note_of(text: str) -> str | None:
    """Return the text of a note: a footnote, or one short line that leads nowhere. None when it is none."""
    text = text.strip()
    if _FOOTNOTE.match(text):
        return None if _LEADS.search(text) else text
    if (
        "\n" in text
        or len(text) > _LABEL_MOST
        or _LEADS.search(text)
        or text.startswith((">", "<", "|", "    "))
    ):
        return None
    return text
