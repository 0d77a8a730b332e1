"""One entry of the list, read tolerantly: title, year, authors, links, and how each was written."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from rules.policy.forms import FormLine
from rules.reading.authors import Authors, surely_authors
from rules.reading.entry_text import Bold, Year, YearForm, bold_of, read_head, read_title, unbold
from rules.reading.inline import comments_removed
from rules.reading.links import Link, first_link, read_links
from rules.reading.pasted import Pasted, read_pasted

LONGEST = 3000  # characters of an entry that are read; the longest real one has 390

_MARKER = re.compile(r"\s*(?:[*+-](?!\*)|\*(?=\*\*)|[\u2022\u2013\u2014]|\d{1,9}[.)])\s*|\s*")
_HARD_BREAK = re.compile(r"[ \t]*\\\n[ \t]*")
_CHECK_BOX = re.compile(r"\[[ xX]\]\s+")
# What stands before a bold title without a word in it: a number in brackets, an emoji.
_LEAD = re.compile(r"\s*(?P<sign>\[\d{1,4}\]|[^\w\s*\[(\"'\u201c_<~`]{1,8})\s+(?=\*\*[^*])")
_STRONG = re.compile(r"\*\*\*(?=\S)([^*\n]+?)(?<=\S)\*\*\*")
_HTML_LINK = re.compile(
    r"<a\s[^<>]{0,100}?href=[\"']?(?P<url>[^\s\"'<>()]+)[\"']?[^<>]{0,100}>(?P<text>[^<>\[\]]+)</a>",
    re.IGNORECASE,
)
_HTML_BOLD = re.compile(r"<(?:/\s*)?(?:b|strong)\s*>", re.IGNORECASE)
_HTML_ITALIC = re.compile(r"<(?:/\s*)?(?:i|em)\s*>", re.IGNORECASE)
_BOLD_LINK = re.compile(
    r"\s*(?P<sign>\*\*|__)\s*\[(?P<text>[^\[\]\n]{3,})\]\((?P<url>[^\s()<>]+(?:\([^\s()<>]*\)[^\s()<>]*)*)\)\s*(?P=sign)"
)
_LINKED_NAME = re.compile(
    r"(?<=[\s,])(?<!\[)\[(?P<name>[A-Z](?:\.|[^\W\d_]+)(?:[ .-]{1,2}[^\W\d_][^\s\[\]()]*){1,4})\]"
    r"\((?!#)[^\s()]+\)(?=\s*(?:,|and\b|et\b|&|\[))"
)
_ALL_LINK = re.compile(
    r"\A\[(?P<text>[^\[\]\n]{61,}|[^\[\]\n]*\(\d{4}\)[^\[\]\n]*)\]\((?P<url>[^\s()<>]+)\)\s*\Z"
)
_MARK = re.compile(r":(?:sparkles|star|star2|boom|fire|new):")
_TAG = re.compile(r"(?<!\*)\*\((?P<tag>[^()*\d]*)\)\*(?!\*)")
_BAD_TAG = re.compile(
    r"(?<![*\w])\*(?!\(?\d|\s*et\b)(?P<tag>[^*\n]{1,80})\*(?![*\w])|(?<!\*)\((?P<tag2>[A-Z][^()*\d]{1,60})\)\s*\Z"
)

# Authors in italics or parentheses are no tag.
_WRAPPED = re.compile(r"(?<![*\w)])[*(](?P<names>[^\W\d_][^*()\n]{1,200}[^\s*()])[*)](?![*\w])")
_BRACKETED = re.compile(r"(?<=\*\*)\s*\[(?P<tag>[^\[\]\n]{1,40})\]\s*\Z")
_PARENTHESIS = re.compile(r"\([^()]{0,30}\d{4}[^()]{0,20}\)")
# A label that says what is behind a link, not the paper's title.
_LABEL = re.compile(
    r"(?:pdf|html|web|paper|code|page|link|arxiv|doi|video|slides|data|blog)\Z", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Fit:
    """How an entry fits the forms of its list: the nearest form, and whether letter by letter.

    ``written`` is the entry in the form that the list asks for, None where it reads so already, or where
    somebody would have to guess. ``form`` is None when no form was near.
    """

    form: FormLine | None
    exact: bool
    written: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """The parts of one entry.

    ``marker`` is the list marker with the white space around it, empty where there is none. ``subtitle``
    is what follows a year that stands in the middle of the title. ``comma`` says whether a comma follows
    the year; ``extra`` is text after the links that belongs to no part. ``title_linked`` says that the title
    is a link, ``citation`` that the entry is a whole citation in another style. ``month`` is that of the
    date, where the list gives one; ``fit`` is None for an entry of the reference list's form.
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
    title_linked: bool = False
    citation: bool = False
    month: int | None = None
    fit: Fit | None = None

    @property
    def body(self) -> str:
        """The text without marker and comments, white space collapsed: what makes it another entry."""
        body = self.text[len(self.marker) :]
        # Of what is longer than an entry that is read, nothing is left out.
        return " ".join((comments_removed(body) if len(body) <= LONGEST else body).split())

    @property
    def full_title(self) -> str:
        """The title with the part that a misplaced year cut off."""
        return self.title + self.subtitle


@lru_cache(maxsize=16_384)  # base and head have nearly all their entries in common
def read_entry(text: str, *, dated: bool = True, shown: str | None = None) -> Entry:
    """Return the parts of the list item ``text`` (its source lines with the marker, joined by newlines).

    Where entries are not ``dated`` (lectures, blogs) all that stands before the links is the title.
    ``shown`` is the text with its reference links as inline ones, where it has any.
    """
    marker = _MARKER.match(text[:LONGEST])
    prefix = marker[0] if marker else ""
    box = _CHECK_BOX.match(text, len(prefix)) if prefix.strip() else None
    prefix += box[0] if box else ""
    body = _prepared((shown or text)[len(prefix) : LONGEST])
    marks = tuple(_MARK.findall(body))
    body = _MARK.sub("", body)
    lead = _LEAD.match(body)
    if lead:
        marks, body = (lead["sign"].strip(), *marks), body[lead.end() :]
    bold = bold_of(body)
    linked = _BOLD_LINK.match(body)
    if linked and not _LABEL.match(linked["text"]):
        body = f"**{linked['text']}**{body[linked.end() :]} [](<{linked['url']}>)"
        bold = bold_of(body)
    elif bold and first_link(bold["bold"]) < len(bold["bold"]):
        body, bold = unbold(body), None  # all of the entry is bold, its link included
    begins = first_link(body, bold.end() if bold else 0)
    links, after = read_links(body[begins:])
    front = body[:begins]
    title_linked = linked is not None
    if links and not front.strip():
        front, after = after, ""
        if not _LABEL.match(links[0].label):  # the title itself is the link
            front, links = f"{links[0].label} {front}", (replace(links[0], label=""), *links[1:])
            title_linked = True
    pasted = read_pasted(_cited(front, after)) if dated else None
    if pasted:
        return _of_citation(text, prefix, links, pasted)
    head, tags, bad_tags = _take_tags(front)
    extra, more_tags, _ = _take_tags(after)
    parts = read_head(head) if dated else read_title(head)
    return Entry(
        text=text,
        marker=prefix,
        links=_once(links),
        tags=tags + more_tags,
        bad_tags=bad_tags,
        marks=marks,
        extra=extra.strip(),
        title=parts.title,
        bold=parts.bold,
        year=parts.year,
        comma=parts.comma,
        authors=parts.authors,
        subtitle=parts.subtitle,
        title_linked=title_linked,
    )


def _prepared(body: str) -> str:
    """Return ``body`` as Markdown shows it: no comments, HTML emphasis as signs, names without links."""
    body = _HARD_BREAK.sub(" ", comments_removed(body))
    if "<" in body:
        body = _HTML_LINK.sub(r"[\g<text>](\g<url>)", body)
        body = _HTML_ITALIC.sub("*", _HTML_BOLD.sub("**", body))
    body = _STRONG.sub(r"**\1**", body)
    body = _LINKED_NAME.sub(r"\g<name>", body)
    return _ALL_LINK.sub(r"\g<text> [](\g<url>)", body)


def linked_name(body: str) -> bool:
    """Return whether an author's name is a link."""
    return _LINKED_NAME.search(body) is not None


def _once(links: tuple[Link, ...]) -> tuple[Link, ...]:
    """Return the links without that of the title where another leads to the same place."""
    named = {link.url for link in links if link.label}
    return tuple(link for link in links if link.label or link.url not in named)


def _cited(front: str, after: str) -> str:
    return f"{front} {after}".strip()


def _of_citation(text: str, marker: str, links: tuple[Link, ...], pasted: Pasted) -> Entry:
    form = YearForm.MISPLACED if pasted.year else YearForm.MISSING
    return Entry(
        text=text,
        marker=marker,
        links=_once(links),
        title=pasted.title,
        bold=Bold.NONE,
        year=Year(form, pasted.year, str(pasted.year or "")),
        comma=True,
        authors=pasted.authors,
        citation=True,
    )


def _take_tags(text: str) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """Return ``text`` without its tags, the tags, and those written wrongly: they follow title and year."""
    text = _WRAPPED.sub(lambda match: match["names"] if surely_authors(match["names"]) else match[0], text)
    tags = tuple(match["tag"] for match in _TAG.finditer(text))
    text = _TAG.sub("", text)
    year = _PARENTHESIS.search(text)
    start = year.end() if year else max(text.rfind("**") + 2, 2) if bold_of(text) else len(text)
    found = [match["tag"] or match["tag2"] for match in _BAD_TAG.finditer(text, start)]
    between = _BRACKETED.search(text[: year.start()]) if year and bold_of(text) else None
    if between:  # "**Title** [ICCV] (2017)"
        found.append(between["tag"])
        text = text[: between.start()] + " " * (between.end() - between.start()) + text[between.end() :]
    bad = tuple(tag for written in found if (tag := re.sub(r"[()*]", "", written).strip()))
    return text[:start] + _BAD_TAG.sub("", text[start:]), tags, bad
