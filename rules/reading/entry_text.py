"""What stands before the links of an entry: title, year and authors, wherever the year was put."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum

from rules.reading.authors import (
    Authors,
    looks_like_authors,
    read_authors,
    split_leading,
    split_title,
    surely_authors,
)

_BOLD = re.compile(r"\s*(\*\*|__)(?=\S)(?P<bold>.+?)(?<=\S)\1", re.DOTALL)
_DIGITS = r"(?<!\d)(?:19|20)\d\d(?!\d)"
_YEAR = re.compile(
    rf"\(\s*(?P<text>(?:[A-Z][a-z]+\s*,\s*)?(?:[A-Z][a-z]{{2,8}}\.?\s+)?(?P<year>{_DIGITS}))\s*\)"
)
_NAMES_FOLLOW = r"(?=\s*(?:[,.:]|\Z|[A-Z]\.))"
_MALFORMED = tuple(
    re.compile(pattern)
    for pattern in (
        rf"[(\uff08][^()\uff08\uff09]{{0,30}}?(?P<year>{_DIGITS})[^()\uff08\uff09]{{0,20}}[)\uff09]{_NAMES_FOLLOW}",
        rf"\(\s*(?P<year>{_DIGITS})(?=\s*[,.;\s])",
        rf"(?<![\w(])(?P<year>{_DIGITS})\s*\)",
        rf"[\[{{]\s*(?P<year>{_DIGITS})\s*[\]}}]",
        rf",\s*(?P<year>{_DIGITS})(?=\s*,)",
        rf"\s(?P<year>{_DIGITS})(?=\s*,\s*[A-Z]\.)",
        rf"\(\s*(?:[A-Z][A-Za-z]{{1,12}}\s?)?['\u2019]?(?P<short>\d\d)\s*\){_NAMES_FOLLOW}",
        rf"\(\s*(?P<typed>(?=\d*[OolI])[12lI][09OoIl][\dOoIl]{{2}})\s*\){_NAMES_FOLLOW}",
        rf"\(\s*(?P<strange>\d{{4}})\s*\){_NAMES_FOLLOW}",
    )
)
_AT_THE_END = tuple(  # "A. Author, 2015", or "A. Author, NIPS 2015"
    re.compile(rf"(?P<before>.*?)[\s,]+{venue}(?P<year>{_DIGITS})[\s.,]*\Z", re.DOTALL)
    for venue in ("", r"[A-Z][A-Za-z]+[\s,]+")
)
_EMPHASIS = r"(?:\*{1,2}|_{1,2})"
# A year with emphasis, with its parentheses twice, or with the comma of another script behind it.
_ADORNED_YEAR = re.compile(
    rf"{_EMPHASIS}\(\s*(?P<around>{_DIGITS})\s*\){_EMPHASIS}|\(\s*{_EMPHASIS}(?P<within>{_DIGITS}){_EMPHASIS}\s*\)"
    rf"|\(\s*\(\s*(?P<twice>{_DIGITS})\s*\)(?:\s*\))*|\(\s*(?P<closed>{_DIGITS})\s*\)(?:\s*\))+"
    rf"|\(\s*(?P<foreign>{_DIGITS})\s*\)\s*[\uff0c\u3001]"
)
_ET_AL = re.compile(r"\s*(?:,\s*)?et\.?\s*al\b[\s.,]*\Z", re.IGNORECASE)


class Bold(Enum):
    """How much of the title is bold."""

    ALL = "all"
    PART = "part"
    NONE = "none"


class YearForm(Enum):
    """How the year is written."""

    GOOD = "(YYYY) between title and authors"
    MISSING = "missing"
    MALFORMED = "without its parentheses, or with more inside"
    MISPLACED = "not between title and authors"


@dataclass(frozen=True, slots=True)
class Year:
    """The year as read: ``text`` is what belongs in the parentheses ("Book, 2016")."""

    form: YearForm
    value: int | None = None
    text: str = ""


MISSING = Year(YearForm.MISSING)


@dataclass(frozen=True, slots=True)
class Head:
    """The parts of what stands before the links.

    ``subtitle`` is what follows a year that stands in the middle of the title; ``comma`` says whether a
    comma follows the year.
    """

    title: str
    bold: Bold
    year: Year
    authors: Authors
    comma: bool = False
    subtitle: str = ""

    @property
    def full_title(self) -> str:
        """The title with the part that a misplaced year cut off."""
        return self.title + self.subtitle


def read_title(text: str) -> Head:
    """Return ``text`` as all title: lectures and blogs have neither year nor authors."""
    return Head(_clean(text), _boldness(text, text), MISSING, Authors())


def read_head(text: str) -> Head:
    """Return title, year and authors of ``text``."""
    plain = _ADORNED_YEAR.sub(
        lambda match: f"({match[match.lastgroup or 0]}){',' * bool(match['foreign'])}", text
    )
    good = list(_YEAR.finditer(plain))
    if good:
        head = _closed(_dated(plain, good[-1]), plain)
        return head if plain == text else _malformed_as(head)
    return _closed(_malformed(text) or _dated_at_the_end(text) or _undated(text), text)


def bold_of(text: str) -> re.Match[str] | None:
    """Return the bold text that ``text`` begins with, as group ``bold``."""
    return _BOLD.match(text)


def unbold(text: str) -> str:
    """Return ``text`` without the signs of bold."""
    return re.sub(r"\*\*|__", "", text)


def _dated(text: str, match: re.Match[str]) -> Head:
    """Read a head that has a well-formed year, wherever it stands."""
    value, shown = int(match["year"]), " ".join(match["text"].split())
    before, after = text[: match.start()], text[match.end() :]
    good, misplaced = Year(YearForm.GOOD, value, shown), Year(YearForm.MISPLACED, value, shown)
    comma = after.lstrip().startswith(",")
    bold = bold_of(text)
    if bold and bold.start("bold") <= match.start() < bold.end():
        subtitle, authors = _cut_off(unbold(after))
        return Head(_clean(before), Bold.ALL, misplaced, read_authors(authors), comma, subtitle)
    if not _clean(before):
        title, authors = split_title(after.lstrip(" ,"))
        return Head(
            _clean(title), _boldness(after.lstrip(" ,"), title), misplaced, read_authors(authors), True
        )
    if not after.strip(" ,.;") or _ET_AL.match(after):
        title, authors = _part(before)
        year = misplaced if authors else good
        return Head(
            _clean(title), _boldness(text, title), year, read_authors(authors + after), comma or bool(authors)
        )
    if _names_come_first(unbold(before), after):
        title = after.lstrip(" ,.:;")
        return Head(_clean(title), _boldness(title, title), misplaced, read_authors(before), True)
    subtitle, authors = _cut_off(after)
    year = misplaced if subtitle else good
    return Head(
        _clean(before),
        _boldness(text, before),
        year,
        read_authors(authors),
        comma or bool(subtitle),
        subtitle,
    )


def _names_come_first(before: str, after: str) -> bool:
    """Return whether the authors stand before the year and the title behind it."""
    if not surely_authors(before) or surely_authors(after):
        return False
    return "." in before or not looks_like_authors(after)


def _cut_off(after: str) -> tuple[str, str]:
    """Return (rest of the title, authors) of what follows the year; mostly it is all authors."""
    lead = re.match(r"\s*[:\u2013\u2014-]\s*", after)
    names = after[lead.end() :] if lead else after.strip().lstrip(",.; ")
    continues = (
        not surely_authors(names)
        if lead
        else not after.lstrip().startswith(",") and not looks_like_authors(names)
    )
    if not continues:
        return "", names
    rest, authors = split_title(after)
    subtitle = _clean(rest)
    if not subtitle or not (lead or authors):
        return "", names
    return subtitle if subtitle.startswith(":") else f" {subtitle}", authors


def _malformed(text: str) -> Head | None:
    """Read a head whose year lacks its parentheses or has more in them; None where there is no such year."""
    plain = unbold(text)
    for pattern in _MALFORMED:
        match = pattern.search(plain)
        if match and _clean(plain[: match.start()]):
            value = _value(match)
            year = Year(YearForm.MALFORMED, value, str(value or ""))
            before, after = plain[: match.start()], plain[match.end() :]
            in_text = pattern.search(text)
            if in_text and not after.strip(" ,.;") and bold_of(text):
                title, authors = _part(text[: in_text.start()])  # "**Title**, A. Author (ICCV 2017)"
                return Head(_clean(title), _boldness(text, title), year, read_authors(authors), True)
            comma = after.lstrip().startswith(",")
            return Head(
                _clean(before), _boldness(text, before), year, read_authors(after.strip(" ,)")), comma
            )
    return None


def _value(match: re.Match[str]) -> int | None:
    groups = match.groupdict()
    if groups.get("year"):
        return int(groups["year"])
    if groups.get("short"):
        short = int(groups["short"])
        return 2000 + short if short <= 40 else 1900 + short
    return None


def _malformed_as(head: Head) -> Head:
    year = Year(YearForm.MALFORMED, head.year.value, head.year.text)
    return Head(head.title, head.bold, year, head.authors, head.comma, head.subtitle)


def _dated_at_the_end(text: str) -> Head | None:
    """Read a head that ends in a bare year behind its authors; None where it does not."""
    for match in filter(None, (pattern.match(text) for pattern in _AT_THE_END)):
        title, authors = _part(match["before"])
        if authors:
            year = Year(YearForm.MISPLACED, int(match["year"]), match["year"])
            return Head(_clean(title), _boldness(text, title), year, read_authors(authors), True)
    return None


def _undated(text: str) -> Head:
    title, authors = _part(text)
    return Head(_clean(title), _boldness(text, title), MISSING, read_authors(authors))


def _part(text: str) -> tuple[str, str]:
    """Return (title, authors) of ``text`` where no year stands between them; authors may be empty."""
    bold = bold_of(text)
    rest = text[bold.end() :].strip(" ,.") if bold else ""
    apart = bold is not None and text[bold.end() :].lstrip()[:1] in {",", "."}
    if bold and (not rest or apart or looks_like_authors(rest)):
        return bold[0], text[bold.end() :].strip().lstrip(",. ")
    title, authors = split_title(text)
    if not authors:
        authors, title = split_leading(text)
    return title, authors


def _closed(head: Head, text: str) -> Head:
    """Return ``head`` with the first closed bold run as its title, when only signs follow it there."""
    bold = bold_of(text)
    if bold is None or head.bold is not Bold.PART:
        return head
    title = _clean(bold["bold"])
    rest = head.full_title.removeprefix(title)
    if rest == head.full_title or re.sub(r"\([^()]*\)|\[[^\[\]]*\]|\W", "", rest):
        return head
    return replace(head, title=title, bold=Bold.ALL, subtitle="")


def _boldness(text: str, title: str) -> Bold:
    """Return how much of ``title``, the beginning of ``text`` or of it without its signs, is bold."""
    bold = bold_of(text)
    if bold is None:
        return Bold.PART if re.search(r"\*\*|__", text) and _clean(title) else Bold.NONE
    rest = unbold(title).strip().removeprefix(unbold(bold[0]).strip())
    return Bold.PART if rest.strip(" ,.") else Bold.ALL


def _clean(title: str) -> str:
    """Return ``title`` on one line, without the punctuation that parts it from what follows."""
    return " ".join(unbold(title).split()).rstrip(" ,.;")
