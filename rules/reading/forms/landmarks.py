"""Title, year and authors of an entry that fits no form, by the signs that its form puts around them.

A broken line keeps its title this way: it gets the finding it deserves and is not another paper.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rules.reading.blocks import PARAGRAPH
from rules.reading.forms.template import Field, Part, Template, Text, flat
from rules.reading.inline import Kind, Piece

_SIGNS = re.compile(r"[*_\[\]\"\u201c\u201d`|(]+")
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>\]]*[^\s<>\].,;:)\uff09]", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_SHORT_YEAR = re.compile(r"['\u2018\u2019\u02bc`](\d\d)(?!\d)")
_BOLD = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1", re.DOTALL)
_WORD = re.compile(r"[^\W\d_]{2,}")
# "NAME - [Title of the paper](url)": a short name of the thing, a sign, and a link that says a sentence.
_SHORT_NAME = re.compile(r"[^\n]{1,60}?\s*[-\u2013\u2014:|]\s*\Z")
_TITLE_WORDS = 4
_BRACKETED = re.compile(r"\[+(?P<title>.+?)\]+\s*[(\uff08]\s*\(?\[*", re.DOTALL)
# What a link says that leads to something about a paper, and is not its title.
LABEL = re.compile(
    r"\[?(?:pdf|html|web|paper|code|page|project(?: page)?|link|arxiv|doi|video|slides|data|dataset|blog"
    r"|poster|model|github|bibtex|demo|website|post|here)\]?\Z",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Found:
    """Where the title stands in a block's content, and where what follows it begins."""

    start: int
    end: int
    after: int


@dataclass(frozen=True, slots=True)
class Landmarks:
    """The signs of a form: what stands directly before and behind its title and its authors."""

    before: str
    behind: str
    first: bool
    before_authors: str
    behind_authors: str

    def find(self, content: str, pieces: Sequence[Piece]) -> Found | None:
        """Return where the title is, None when the signs are not there."""
        if self.before.endswith("[") and self.behind.startswith("]"):
            return _linked(content, pieces, first=self.first)
        if not self.before or not self.behind:
            return None
        start = content.find(self.before)
        if start < 0 or (self.first and _WORD.search(content[:start])):
            return None
        start += len(self.before)
        end = content.find(self.behind, start)
        return Found(start, end, end + len(self.behind)) if end > start else None

    def authors(self, content: str, after: int) -> tuple[int, int] | None:
        """Return where the authors are, None when no sign says so."""
        if not self.before_authors or not self.behind_authors:
            return None
        start = content.find(self.before_authors, after)
        if start < 0:
            return None
        start += len(self.before_authors)
        end = content.find(self.behind_authors, start)
        return (start, end) if end > start else None


def _linked(content: str, pieces: Sequence[Piece], *, first: bool) -> Found | None:
    """Return the title that is a link, also one that is broken; ``first``: no words come before it."""
    link = next((piece for piece in pieces if piece.kind is Kind.LINK), None)
    if link and not (first and _WORD.search(content[: link.start])):
        return Found(link.label_start, link.label_end, link.end)
    broken = _BRACKETED.search(content)
    if broken and not _WORD.search(content[: broken.start()]):
        address = _ADDRESS.search(content, broken.end("title"))
        return Found(broken.start("title"), broken.end("title"), address.end() if address else broken.end())
    return None


def guess(content: str, pieces: Sequence[Piece]) -> Found | None:
    """Return the title by no form: bold text, a link that is no label, or what stands before the links."""
    first = content.split(PARAGRAPH, 1)[0]
    link = next((piece for piece in pieces if piece.kind is Kind.LINK and piece.start < len(first)), None)
    limit = link.start if link else len(first)
    found = _bold(content, first[:limit] if link is None else first, link)
    if found:
        return found
    label = content[link.label_start : link.label_end] if link else ""
    named = len(label.split()) >= _TITLE_WORDS and _SHORT_NAME.match(content[:limit])
    if link and not LABEL.match(label) and (named or not _WORD.search(content[:limit])):
        return Found(link.label_start, link.label_end, link.end)
    text = content[:limit].rstrip(" ([,.;:|-")
    return Found(0, len(text), limit) if _WORD.search(text) else None


def _bold(content: str, first: str, link: Piece | None) -> Found | None:
    """Return the title that is bold; behind "**[NAME]**" it is the plain text before the links."""
    for bold in _BOLD.finditer(first):
        if link and bold.start() > link.end:
            return None
        before = _BOLD.sub("", content[: bold.start()])
        quoted = before.rstrip().endswith(('"', "\u201c"))
        if LABEL.match(bold[2]) or (_WORD.search(before) and not quoted):
            continue
        if link and link.start >= bold.start() and link.end <= bold.end():
            return Found(link.label_start, link.label_end, bold.end())
        if bold[2].startswith("[") and bold[2].endswith("]"):
            text = content[bold.end() : link.start if link else len(first)]
            named = text.strip(" ([,.;:|-\n")
            if len(named.split()) > 1 and not _BOLD.search(text) and not _WORD.search(before):
                start = bold.end() + text.index(named[0])
                return Found(start, start + len(named), bold.end() + len(text))
            continue
        if _WORD.search(bold[2]):
            return Found(bold.start(2), bold.end(2), bold.end())
    return None


def address(content: str, start: int = 0) -> str | None:
    """Return the first web address in ``content`` from ``start`` on, however it is marked up."""
    found = _ADDRESS.search(content, start)
    return found[0] if found else None


def year(template: Template, content: str, pieces: Sequence[Piece], after: int) -> int | None:
    """Return the year where the form has it: behind the title, before the links that follow it there."""
    if not template.has("year", "yy"):
        return None
    names = [part.name for part in flat(template.parts) if isinstance(part, Field)]
    place = next(index for index, name in enumerate(names) if name in {"year", "yy"})
    if "title" in names[place:]:
        start, end = 0, after
    else:
        start, end = after, len(content)
        paragraph = content.find(PARAGRAPH)
        if template.paragraphs and paragraph >= after:
            start = paragraph
        links = [piece.start for piece in pieces if piece.kind is Kind.LINK and piece.start > start]
        if links and {"links", "url"} & set(names[place:]):
            end = links[0]
    region = content[start:end]
    full = _YEAR.findall(region)
    if full:
        return int(full[-1])
    short = _SHORT_YEAR.findall(region)
    return century(int(short[-1])) if short else None


def century(short: int) -> int:
    """Return the year that two digits name."""
    return 2000 + short if short <= 40 else 1900 + short


@lru_cache(maxsize=256)
def landmarks(template: Template) -> Landmarks:
    """Return the landmarks of a form."""
    before, behind = _around(template.parts, "title")
    before_authors, behind_authors = _around(template.parts, "authors")
    names = [part.name for part in flat(template.parts) if isinstance(part, Field)]
    return Landmarks(
        before=_last_sign(before),
        behind=_first_sign(behind),
        first=bool(names) and names[0] == "title",
        before_authors=_last_sign(before_authors),
        behind_authors=_first_sign(behind_authors),
    )


def _around(parts: tuple[Part, ...], name: str) -> tuple[str, str]:
    """Return the text directly before and behind the field ``name``."""
    run = list(flat(parts))
    for index, part in enumerate(run):
        if isinstance(part, Field) and part.name == name:
            before = run[index - 1] if index else Text("")
            behind = run[index + 1] if index + 1 < len(run) else Text("")
            return (
                before.text if isinstance(before, Text) else "",
                behind.text if isinstance(behind, Text) else "",
            )
    return "", ""


def _last_sign(text: str) -> str:
    runs = list(_SIGNS.finditer(text))
    return runs[-1][0] if runs and not text[runs[-1].end() :].strip() else ""


def _first_sign(text: str) -> str:
    run = _SIGNS.search(text)
    return run[0] if run and not text[: run.start()].strip(" .,:;?!") else ""
