"""Inline code and tags that run over several lines of a paragraph."""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.slash.commands import Where

_TAG = re.compile(r"<[A-Za-z/!?]")
_TICKS = re.compile(r"`+")
# What may keep a backtick from opening inline code: an escape, a tag, a link's address.
_DOUBTFUL = re.compile(r"[\\<]|\]\(")
# What may make a line anything but the paragraph's next.
_BLOCK_START = re.compile(r"[\s#>*+\-=_~<|:\[]|[0-9]{1,9}[.)]")


def shown_in(paragraph: Sequence[str]) -> list[Where | None]:
    """Return for each line what its beginning is inside of.

    The lines may be more than a paragraph, as long as no paragraph among them goes on beyond them. Where
    a paragraph's start, an escape or a tag leaves doubt, any backtick before and any after pass for a pair.
    """
    text = "\n".join(paragraph)
    starts = [0, *accumulate(len(line) + 1 for line in paragraph[:-1])]
    first_tag, last_tag_end = _first(_TAG, text), text.rfind(">")
    first_tick, last_tick = text.find("`"), text.rfind("`")
    blocks = (start for start, line in zip(starts, paragraph, strict=True) if _BLOCK_START.match(line))
    doubtful_from = min(_first(_DOUBTFUL, text), next(blocks, len(text)))
    pairs = _pairs(text)
    closings = [closing for _, closing in pairs]

    def inside(start: int) -> Where | None:
        if first_tag < start <= last_tag_end:
            return "HTML"
        if start > doubtful_from:
            return "code" if 0 <= first_tick < start <= last_tick else None
        index = bisect_left(closings, start)
        return "code" if index < len(pairs) and pairs[index][0] < start else None

    return [inside(start) for start in starts]


def _first(pattern: re.Pattern[str], text: str) -> int:
    found = pattern.search(text)
    return found.start() if found else len(text)


def _pairs(text: str) -> list[tuple[int, int]]:
    """Return where inline code opens and closes: a run of backticks pairs with the next one of its length."""
    runs = [(match.start(), match.end() - match.start()) for match in _TICKS.finditer(text)]
    next_of_length: dict[int, int] = {}
    partner: list[int | None] = [None] * len(runs)
    for index in range(len(runs) - 1, -1, -1):
        length = runs[index][1]
        partner[index] = next_of_length.get(length)
        next_of_length[length] = index
    pairs, index = [], 0
    while index < len(runs):
        closing = partner[index]
        if closing is not None:
            pairs.append((runs[index][0], runs[closing][0]))
        index = (index if closing is None else closing) + 1
    return pairs
