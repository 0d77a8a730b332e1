"""The links of an entry: ``[[pdf]](url)``, and the many ways in which that goes wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from rules.reading.inline import Kind, Piece, plain, scan

# A URL with parentheses that balance, as CommonMark reads it; two levels are deeper than any real one.
_URL = r"(?:[^\s()<>\uff08\uff09]|\((?:[^\s()]|\([^\s()]*\))*\))+"
_LABEL = r"[^\[\]()\n]{0,60}"
_ADDRESS = r"(?:https?:|www\.)"
_OPEN, _CLOSE = r"[(\uff08]", r"[)\uff09]"
_SPACED = re.compile(rf"\[\[(?P<label>{_LABEL})\]\]\(\s*(?P<url>{_ADDRESS}[^()\n]*?)\s*\)")
_APART = re.compile(
    rf"\[{{1,2}}(?P<label>{_LABEL})\]{{1,2}}(?P<gap>\s+)\(\s*(?P<url>(?={_ADDRESS}|[\w-]+\.[a-z]{{2,}}){_URL})\s*\)"
)
_DOUBLED = re.compile(rf"\[{{1,2}}(?P<label>{_LABEL})\]{{1,2}}\(\s*(?=\[)")
_EMPTY = re.compile(rf"\[\[(?P<label>{_LABEL})\]\](?:\(\s*\))?(?!\s*{_OPEN}?\s*{_ADDRESS})")
_BROKEN = re.compile(
    rf"\[{{0,3}}(?P<label>{_LABEL})\]{{1,3}}\s*{_OPEN}*\s*(?P<url>{_ADDRESS}{_URL})\s*[\])\uff09]*"
    rf"|{_OPEN}?\s*<?(?P<url2>(?:https?://|www\.){_URL})>?\s*{_CLOSE}?"
)
_START = re.compile(
    r"\[\[|\[\\\[|<a\s|\[?!\[|\[[^\[\]\n]{0,60}\]{1,2}\("
    rf"|\[[^\[\]\n]{{0,60}}\]{{1,2}}\s*{_OPEN}\s*(?:{_ADDRESS}|[\w-]+\.[a-z]{{2,}})"
    r"|\[\w+\]\]|\]\]?\s*\(\s*https?:|\(?<?https?://|\(?www\."
)
_MISPLACED = re.compile(rf"[^\w/#.?]+(?={_ADDRESS})", re.IGNORECASE)
_FOOTNOTE = re.compile(r"\[\^[^\[\]\s]{1,40}\]")


class LinkForm(Enum):
    """How a link is written."""

    GOOD = "[[label]](url)"
    PLAIN = "a link that works, in other brackets"
    SPACE = "a space between label and URL"
    SPLIT = "a line break between label and URL"
    EMPTY = "no URL"
    BROKEN = "broken markup"


@dataclass(frozen=True, slots=True)
class Link:
    """One link as read; ``padded`` when white space stands inside the parentheses."""

    label: str
    url: str
    form: LinkForm
    padded: bool = False

    @property
    def works(self) -> bool:
        """True when GitHub makes a link of it."""
        return self.form in {LinkForm.GOOD, LinkForm.PLAIN}

    @property
    def canonical(self) -> str:
        """The link as the list writes it."""
        url = f"<{self.url}>" if re.search(r"\s", self.url) else self.url
        return f"[[{self.label or 'pdf'}]]({url})"


def first_link(text: str, position: int = 0) -> int:
    """Return where the next link of ``text`` from ``position`` on begins; its length where there is none."""
    match = _START.search(text, position)
    return match.start() if match else len(text)


def read_links(text: str) -> tuple[tuple[Link, ...], str]:
    """Return the links of ``text``, which begins with one, and what stands between and after them."""
    links: list[Link] = []
    rest: list[str] = []
    found_pieces = scan(text)
    pieces = {piece.start: piece for piece in found_pieces if piece.kind is Kind.LINK}
    badges = _badges(found_pieces)
    position = 0
    while position < len(text):
        footnote = _FOOTNOTE.match(text, position)
        badge = badges.get(position)
        if badge:
            position = badge
            continue
        found = None if footnote else _read_link(text, position, pieces)
        if found:
            link, position = found
            links.append(link)
        else:
            following = first_link(text, footnote.end() if footnote else position + 1)
            rest.append(text[footnote.end() if footnote else position : following])
            position = following
    return tuple(links), " ".join("".join(rest).split())


def _badges(pieces: tuple[Piece, ...]) -> dict[int, int]:
    """Return where each image ends, with the link around it, by where it begins."""
    images = [piece for piece in pieces if piece.kind is Kind.IMAGE]
    badges = {image.start: image.end for image in images}
    for link in pieces:
        if link.kind is Kind.LINK and any(link.start < image.start < link.label_end for image in images):
            badges[link.start] = link.end
    return badges


def _read_link(text: str, position: int, pieces: Mapping[int, Piece]) -> tuple[Link, int] | None:
    piece = pieces.get(position)
    if piece:
        return _working(text, piece), piece.end
    inner = pieces.get(position + 1) if text[position] == "[" else None
    if inner:  # "[[pdf](url)]"
        closed = text.startswith("]", inner.end)
        link = _working(text, inner)
        form = LinkForm.PLAIN if closed and link.works else LinkForm.BROKEN
        return Link(link.label, link.url, form), inner.end + closed
    return _read_broken(text, position, pieces)


def _working(text: str, piece: Piece) -> Link:
    """Return a link that GitHub makes one of."""
    label = text[piece.label_start : piece.label_end].strip()
    before, behind = text[piece.label_end + 2 : piece.label_end + 3], text[piece.end - 2 : piece.end - 1]
    padded = text.startswith("](", piece.label_end) and (before.isspace() or behind.isspace())
    misplaced = _MISPLACED.match(piece.url)
    if misplaced:  # "[pdf]([http://...)"
        return Link(label.strip("[]"), piece.url[misplaced.end() :], LinkForm.BROKEN)
    if text[piece.start] == "<" and label == piece.url:
        return Link("", piece.url, LinkForm.PLAIN)
    if piece.url.count("]") > piece.url.count("[") and piece.url.endswith("]"):
        return Link(label.strip("[]"), piece.url.rstrip("]"), LinkForm.BROKEN)
    if not piece.url:
        return Link(label.strip("[]"), "", LinkForm.EMPTY)
    if label.startswith("[") and label.endswith("]") and len(label) > 1:
        return Link(label[1:-1].strip(), piece.url, LinkForm.GOOD, padded)
    return Link(plain(label).strip("[] "), piece.url, LinkForm.PLAIN, padded)


def _read_broken(text: str, position: int, pieces: Mapping[int, Piece]) -> tuple[Link, int] | None:
    apart = _APART.match(text, position)
    if apart:
        form = LinkForm.SPLIT if "\n" in apart["gap"] else LinkForm.SPACE
        return Link(apart["label"].strip(), apart["url"], form), apart.end()
    doubled = _DOUBLED.match(text, position)
    if doubled and doubled.end() in pieces:  # "[[pdf]]([[pdf]](url)"
        inner = pieces[doubled.end()]
        end = inner.end + text.startswith(")", inner.end)
        return Link(doubled["label"].strip(), inner.url, LinkForm.BROKEN), end
    spaced = _SPACED.match(text, position)
    if spaced:
        url = "%20".join(re.sub(r"://\s+", "://", spaced["url"]).split())
        return Link(spaced["label"].strip(), url, LinkForm.BROKEN), spaced.end()
    empty = _EMPTY.match(text, position)
    if empty:
        return Link(empty["label"].strip(), "", LinkForm.EMPTY), empty.end()
    broken = _BROKEN.match(text, position)
    if broken:
        url = (broken["url"] or broken["url2"]).rstrip("],.")
        return Link((broken["label"] or "").strip(), url, LinkForm.BROKEN), broken.end()
    return None
