"""Link markup that GitHub does not read as its author meant it, whatever the form of the list."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from rules.reading.inline import NONE, Definitions, Kind, Piece, scan

_ADDRESS = r"(?:https?:|www\.)"
_APART = re.compile(rf"(?<!\\)\](?P<gap>\s+)[(\uff08]\s*{_ADDRESS}", re.IGNORECASE)
_UNCLOSED = re.compile(
    rf"(?<!\\)\]\s?[(\uff08][\s(\[<]*{_ADDRESS}|[(\[]\[\s*{_ADDRESS}|\]{_ADDRESS}", re.IGNORECASE
)
_MISPLACED = re.compile(rf"\A[^\w/#.?]+{_ADDRESS}", re.IGNORECASE)
_EMPTY = re.compile(r"(?<!\\)\](?:\(\s*\)|[(\uff08]\s*[)\uff09])")
_BACK_TO_FRONT = re.compile(rf"\([^()\n]{{1,80}}\)\[{_ADDRESS}[^\]\s]+\]", re.IGNORECASE)
_JOINT = re.compile(r"(?<=\w)https?://", re.IGNORECASE)
_SIGNS = re.compile(r"(?<!\\)[\[\]()]")
_PAIRS = {"]": "[", ")": "("}


class MarkupKind(Enum):
    """What is wrong with a link's markup."""

    SPACE = "a space between label and address"
    SPLIT = "a line break inside a link"
    EMPTY = "no address"
    NO_LABEL = "nothing to click on"
    BROKEN = "brackets that do not close"
    TWO = "two addresses in one"


@dataclass(frozen=True, slots=True)
class MarkupFault:
    """One fault: ``said`` is the text at it; ``works`` when GitHub makes a link all the same."""

    kind: MarkupKind
    said: str
    works: bool = False


def markup_faults(content: str, definitions: Definitions = NONE) -> tuple[MarkupFault, ...]:
    """Return what is wrong with the link markup of ``content``, each kind once."""
    return tuple({fault.kind: fault for fault in _faults(content, definitions)}.values())


def _faults(content: str, definitions: Definitions) -> Iterator[MarkupFault]:
    pieces = scan(content, definitions)
    links = [piece for piece in pieces if piece.kind is Kind.LINK]
    text = _blanked(content, pieces)
    for link in links:
        yield from _of_link(content, link, pieces)
    apart = _APART.search(text)
    if apart:
        kind = MarkupKind.SPLIT if "\n" in apart["gap"] else MarkupKind.SPACE
        yield MarkupFault(kind, _near(content, apart.start()))
    empty = _EMPTY.search(text)
    if empty:
        yield MarkupFault(MarkupKind.EMPTY, _near(content, empty.start()))
    broken = (None if apart else _UNCLOSED.search(text)) or _BACK_TO_FRONT.search(text)
    if broken:
        yield MarkupFault(MarkupKind.BROKEN, _near(content, broken.start()))
    else:
        yield from _unbalanced(content, text, links)


def _of_link(content: str, link: Piece, pieces: Sequence[Piece]) -> Iterator[MarkupFault]:
    label = content[link.label_start : link.label_end]
    if not link.url.strip():
        yield MarkupFault(MarkupKind.EMPTY, label[:40])
    elif _MISPLACED.match(link.url):
        yield MarkupFault(MarkupKind.BROKEN, link.url[:60])
    elif _JOINT.search(link.url.split("?", 1)[0], 1):
        yield MarkupFault(MarkupKind.TWO, link.url[:60])
    image = any(
        piece.kind is Kind.IMAGE and link.label_start <= piece.start < link.label_end for piece in pieces
    )
    if not image and not re.search(r"\w|[^\x00-\x7f]", label):
        yield MarkupFault(MarkupKind.NO_LABEL, link.url[:60])
    if "\n" in label.strip() or label != label.strip("\n"):
        yield MarkupFault(MarkupKind.SPLIT, " ".join(label.split())[:40], works=True)


def _blanked(content: str, pieces: Sequence[Piece]) -> str:
    """Return ``content`` with everything blank that is no plain text; links leave a sign of their own."""
    signs = list(content)
    for piece in pieces:
        mark = "\x00" if piece.kind is Kind.LINK else " "
        signs[piece.start : piece.end] = mark * (piece.end - piece.start)
    return re.sub(r"\\.", "  ", "".join(signs))


def _unbalanced(content: str, text: str, links: Sequence[Piece]) -> Iterator[MarkupFault]:
    """Yield a bracket directly before or behind a link that has no counterpart."""
    alone: list[int] = []
    opened: list[tuple[str, int]] = []
    for match in _SIGNS.finditer(text):
        sign = match[0]
        if sign in "[(":
            opened.append((sign, match.start()))
        elif opened and opened[-1][0] == _PAIRS[sign]:
            opened.pop()
        elif not _is_enumeration(text, match.start()):
            alone.append(match.start())
    touching = {piece.end for piece in links} | {piece.start - 1 for piece in links}
    for place in sorted(alone + [place for _, place in opened]):
        if place in touching:
            yield MarkupFault(MarkupKind.BROKEN, _near(content, place))
            return


def _is_enumeration(text: str, at: int) -> bool:
    """Return whether a ")" belongs to "a)" or "1)"."""
    return text[at] == ")" and re.search(r"(?:^|\s)\w\Z", text[max(at - 3, 0) : at]) is not None


def _near(content: str, at: int) -> str:
    return " ".join(content[max(at - 12, 0) : at + 28].split())


@lru_cache(maxsize=16_384)
def cached_faults(content: str) -> tuple[MarkupFault, ...]:
    """Return `markup_faults` without reference links; base and head share most of their entries."""
    return markup_faults(content)
