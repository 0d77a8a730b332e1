"""Headings: where each section begins, its path, and the anchor that GitHub gives it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

_HTML_HEADING = re.compile(
    r"<h(?P<level>[1-6])\b[^<>]{0,200}>(?P<text>.*?)(?:</?h(?P=level)\s*/?>|$)", re.I | re.S
)
_SUMMARY = re.compile(r"<summary\b[^<>]{0,200}>(?P<text>.*?)(?:</summary\s*>|$)", re.I | re.S)
_DETAILS = re.compile(r"<(?P<close>/)?details\b", re.I)
_DETAILS_LEVEL = 7  # below any heading


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: level 1 to 6, or 7 and more for a ``<summary>``; its plain text, line and path.

    The path is the names of the headings it stands under and its own; a document's title, the first heading
    when that is of level 1, is no part of the paths below it.
    """

    level: int
    name: str
    line: int
    path: tuple[str, ...]


@dataclass
class Headings:
    """Follows the headings of a document; those above ``level`` are no part of a path."""

    level: int
    open: list[tuple[int, str]] = field(default_factory=list)
    details: int = 0
    seen: int = 0
    slugs: Counter[str] = field(default_factory=Counter)

    def enter(self, level: int, name: str, line: int) -> Heading:
        """Return the heading that begins here, with its path."""
        title = level == 1 and self.seen == 0
        self.seen += 1
        if level < _DETAILS_LEVEL:
            self.details = 0
        self.open = [(depth, above) for depth, above in self.open if depth < level]
        path = (*(above for _, above in self.open), name)
        if level >= self.level and not title:
            self.open.append((level, name))
        return Heading(level, name, line, path)

    def html(self, text: str, line: int) -> list[Heading]:
        """Return the headings that a block of HTML holds, and follow its ``<details>``."""
        found = [
            (match.start(), int(match["level"]), match["text"]) for match in _HTML_HEADING.finditer(text)
        ]
        found += [(match.start(), 0, match["text"]) for match in _SUMMARY.finditer(text)]
        signs: list[tuple[int, int | None, str]] = [*found]
        signs += [(match.start(), None, match["close"] or "") for match in _DETAILS.finditer(text)]
        headings = []
        for start, level, said in sorted(signs):
            if level is None:
                self.turn(closing=bool(said))
                continue
            name = plain_heading(said)
            if name:
                deep = level or _DETAILS_LEVEL + max(self.details, 1)
                headings.append(self.enter(deep, name, line + text.count("\n", 0, start)))
        return headings

    def turn(self, *, closing: bool) -> None:
        """Follow a ``<details>`` or ``</details>``."""
        if not closing:
            self.details += 1
            return
        self.open = [(depth, name) for depth, name in self.open if depth < _DETAILS_LEVEL + self.details]
        self.details = max(self.details - 1, 0)

    def closed_in(self, text: str) -> bool:
        """Follow the ``</details>`` in a block that is no HTML; return whether there is one."""
        closing = [match for match in _DETAILS.finditer(text) if match["close"]]
        for _ in closing:
            self.turn(closing=True)
        return bool(closing)

    def path(self) -> tuple[str, ...]:
        """Return the path of what stands here."""
        return tuple(name for _, name in self.open)

    def slug(self, name: str) -> str:
        """Return the anchor GitHub gives a heading; a repeated one gets -1, -2, ..."""
        slug = re.sub(r"[^\w\- ]", "", name.lower()).replace(" ", "-")
        self.slugs[slug] += 1
        return f"{slug}-{self.slugs[slug] - 1}" if self.slugs[slug] > 1 else slug


def plain_heading(heading: str) -> str:
    """Return a heading's text without inline markup."""
    text = re.sub(r"!\[[^\]\n]*\]\([^)\s]*\)", "", heading) if "![" in heading else heading
    text = re.sub(r"\[([^\]\n]*)\]\([^)\s]*\)", r"\1", text)
    return " ".join(re.sub(r"[*`]|(?<!\w)_|_(?!\w)|<[^<>@]{0,200}>", "", text).split())
