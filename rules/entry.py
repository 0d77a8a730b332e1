"""One entry of the list, read tolerantly: title, year, authors, links, and how each was written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from rules.authors import Authors, looks_like_authors, read_authors, split_title
from rules.links import Link, first_link, read_links

LONGEST = 3000  # characters of an entry that are read; the longest real one has 390

_MARKER = re.compile(r"\s*(?:[*+-]|\d{1,9}[.)])\s*|\s*")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_MARK = re.compile(r":(?:sparkles|star|star2|boom|fire|new):")
_TAG = re.compile(r"\*\((?P<tag>[^()*]*)\)\*")
_BAD_TAG = re.compile(
    r"(?<![*\w])\*(?P<tag>[^*\n]{1,80})\*(?![*\w])|(?<!\*)\((?P<tag2>[A-Z][^()*\d]{1,60})\)\s*\Z"
)
_BOLD = re.compile(r"\s*(\*\*|__)(?P<bold>.+?)\1", re.DOTALL)
_DIGITS = r"(?P<year>(?:19|20)\d\d)"
_YEAR = re.compile(rf"\(\s*(?P<text>(?:[A-Z][a-z]+\s*,\s*)?(?:[A-Z][a-z]{{2,8}}\.?\s+)?{_DIGITS})\s*\)")
_BAD_YEAR = re.compile(
    rf"\(\s*{_DIGITS}(?=\s*[,.;\s])|\b{_DIGITS.replace('year', 'year2')}\s*\)"
    rf"|[\[{{]\s*{_DIGITS.replace('year', 'year3')}\s*[\]}}]|,\s*{_DIGITS.replace('year', 'year4')}(?=\s*,)"
)


class Bold(Enum):
    """How much of the title is bold."""

    ALL = "all"
    PART = "part"
    NONE = "none"


class YearForm(Enum):
    """How the year is written."""

    GOOD = "(YYYY) between title and authors"
    MISSING = "missing"
    MALFORMED = "without its parentheses"
    MISPLACED = "not between title and authors"


@dataclass(frozen=True, slots=True)
class Year:
    """The year as read: ``text`` is what stands in the parentheses ("Book, 2016")."""

    form: YearForm
    value: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """The parts of one entry.

    ``marker`` is the list marker with the white space around it, empty where there is none. ``subtitle``
    is what follows a year that stands in the middle of the title. ``comma`` says whether a comma follows
    the year; ``extra`` is text after the links that belongs to no part.
    """

    text: str
    marker: str
    title: str
    bold: Bold
    year: Year
    comma: bool
    authors: Authors
    links: tuple[Link, ...]
    subtitle: str = ""
    tags: tuple[str, ...] = ()
    bad_tags: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    extra: str = ""

    @property
    def body(self) -> str:
        """The text without marker and comments, white space collapsed: what makes it another entry."""
        return " ".join(_COMMENT.sub("", self.text[len(self.marker) :]).split())

    @property
    def full_title(self) -> str:
        """The title with the part that a misplaced year cut off."""
        return self.title + self.subtitle


@lru_cache(maxsize=16_384)  # base and head have nearly all their entries in common
def read_entry(text: str, *, dated: bool = True) -> Entry:
    """Return the parts of the list item ``text`` (its source lines with the marker, joined by newlines).

    Where entries are not ``dated`` (lectures, blogs) all that stands before the links is the title.
    """
    marker = _MARKER.match(text[:LONGEST])
    prefix = marker[0] if marker else ""
    body = _COMMENT.sub("", text[len(prefix) : LONGEST])
    marks = tuple(_MARK.findall(body))
    body = _MARK.sub("", body)
    bold = _BOLD.match(body)
    begins = first_link(body, bold.end() if bold else 0)
    links, after = read_links(body[begins:])
    front = body[:begins]
    if links and not front.strip():  # the title itself is the link
        front, after = f"{links[0].label} {after}", ""
    head, tags, bad_tags = _take_tags(front, bold is not None)
    extra, more_tags, _ = _take_tags(after, bold is not None)
    parts = _read_head(head) if dated else _read_title(head)
    return Entry(
        text=text,
        marker=prefix,
        links=links,
        tags=tags + more_tags,
        bad_tags=bad_tags,
        marks=marks,
        extra=extra.strip(),
        **vars(parts),
    )


@dataclass(frozen=True)
class _Head:
    """What stands before the links."""

    title: str
    bold: Bold
    year: Year
    comma: bool
    authors: Authors
    subtitle: str = ""


def _take_tags(text: str, has_bold: bool) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """Return ``text`` without its tags, the tags, and those written wrongly."""
    tags = tuple(match["tag"] for match in _TAG.finditer(text))
    text = _TAG.sub("", text)
    year = _YEAR.search(text)
    start = year.end() if year else (text.rfind("**") + 2 if has_bold else len(text))
    found = [match["tag"] or match["tag2"] for match in _BAD_TAG.finditer(text, start)]
    bad = tuple(tag for written in found if (tag := re.sub(r"[()*]", "", written).strip()))
    return text[:start] + _BAD_TAG.sub("", text[start:]), tags, bad


def _read_title(text: str) -> _Head:
    boldness = _boldness(text, _BOLD.match(text), text)
    return _Head(_clean(text), boldness, Year(YearForm.MISSING), False, Authors())


def _read_head(text: str) -> _Head:
    bold = _BOLD.match(text)
    years = list(_YEAR.finditer(text))
    if years:
        return _around_year(text, years[-1], bold)
    plain = _unbold(text)
    bad = _bad_year(plain)
    if bad:
        start, end, value = bad
        before, after = plain[:start], plain[end:]
        return _Head(
            _clean(before), _boldness(text, bold, before), Year(YearForm.MALFORMED, value, str(value)),
            after.lstrip().startswith(","), read_authors(after.strip(" ,)")),
        )  # fmt: skip
    if bold:
        rest = text[bold.end() :]
        if rest.strip(" ,.") and not looks_like_authors(rest.strip(" ,")):
            title, authors = split_title(plain)
        else:
            title, authors = bold["bold"], rest.strip().lstrip(",. ")
    else:
        title, authors = split_title(text)
    return _Head(
        _clean(title), _boldness(text, bold, title), Year(YearForm.MISSING), False, read_authors(authors)
    )


def _around_year(text: str, year: re.Match[str], bold: re.Match[str] | None) -> _Head:
    """Read a head that has a well-formed year, wherever it stands."""
    value = int(year["year"])
    written = " ".join(year["text"].split())
    before, after = text[: year.start()], text[year.end() :]
    comma = after.lstrip().startswith(",")
    if bold and bold.start() <= year.start() < bold.end():
        title = _unbold(before)
        return _Head(_clean(title), Bold.ALL, Year(YearForm.MISPLACED, value, written), comma,
                     read_authors(_unbold(after).strip(" ,")))  # fmt: skip
    boldness = _boldness(text, bold, before)
    if not after.strip(" ,.;"):
        title, authors = split_title(_unbold(before))
        form = YearForm.MISPLACED if authors else YearForm.GOOD
        return _Head(_clean(title), boldness, Year(form, value, written), bool(authors) or comma,
                     read_authors(authors))  # fmt: skip
    subtitle, authors = _cut_off(after)
    form = YearForm.MISPLACED if subtitle else YearForm.GOOD
    return _Head(_clean(_unbold(before)), boldness, Year(form, value, written), comma or bool(subtitle),
                 read_authors(authors), subtitle)  # fmt: skip


def _cut_off(after: str) -> tuple[str, str]:
    """Return (rest of the title, authors) of what follows the year; mostly it is all authors."""
    if not re.match(r"\s*[:\u2013\u2014-]\s*\S", after):
        return "", after.strip().lstrip(",.;: ")
    rest, authors = split_title(after)
    subtitle = _clean(rest)
    return subtitle if subtitle.startswith(":") else f" {subtitle}", authors


def _bad_year(text: str) -> tuple[int, int, int] | None:
    """Return (start, end, year) of a year that lacks its parentheses."""
    match = _BAD_YEAR.search(text)
    if not match:
        return None
    value = match["year"] or match["year2"] or match["year3"] or match["year4"]
    return match.start(), match.end(), int(value)


def _boldness(text: str, bold: re.Match[str] | None, title: str) -> Bold:
    if bold is None:
        return Bold.PART if re.search(r"\*\*|__", title) else Bold.NONE
    rest = title[len(text[: bold.end()]) :] if title.startswith(text[: bold.end()]) else ""
    return Bold.PART if rest.strip(" ,.") else Bold.ALL


def _unbold(text: str) -> str:
    return re.sub(r"\*\*|__", "", text)


def _clean(title: str) -> str:
    """Return ``title`` on one line, without the punctuation that parts it from what follows."""
    return " ".join(_unbold(title).split()).rstrip(" ,.;")
