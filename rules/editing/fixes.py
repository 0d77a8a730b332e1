"""The corrected line of an entry: its own words in the form of its group."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from urllib.parse import urlsplit, urlunsplit

from rules.papers.identifiers import identify
from rules.policy.style import Style
from rules.reading.document import Listed
from rules.reading.entry import Entry, Fit, read_entry
from rules.reading.entry_text import Bold, YearForm
from rules.reading.inline import Kind, Piece, plain, scan
from rules.reading.links import Link
from rules.reading.rendering import render

_TRACKING = re.compile(r"\A(?:utm_\w+|fbclid|gclid|mc_[ce]id|ref_src)\Z", re.IGNORECASE)
_URL = re.compile(r"\]\([^\s()]*(?:\([^\s()]*\)[^\s()]*)*\)")
_LIKE_A_YEAR = re.compile(
    r"(?:19|20)\d\d|['\u2019]\d\d\b|\((?:in press|to appear|forthcoming)\)", re.IGNORECASE
)
_WORD = re.compile(r"[^\s\[\](){}<>*_,.;:'\"\u2018-\u201f\uff08\uff09\uff0c\u3001/-]+")
_JOINT = re.compile(
    r"(?<!%5Cn)(?<!\\\\n)(?<!%0A)(?:%5Cn|\\\\n|%0A)++(?=https?:)|(?<=\w)(?=https?://)", re.IGNORECASE
)
_FILE = re.compile(r"\.pdf\b|/pdf/|/pdf\Z", re.IGNORECASE)
_TWO_SENTENCES = re.compile(r"\w\w\w\.\s+[A-Z]\w")
_EMPHASIS_TAG = re.compile(r"</?(?:b|strong|i|em)\s*>", re.IGNORECASE)
_MISPLACED = re.compile(r"[^\w/#.?]", re.IGNORECASE)
_ABSTRACT = re.compile(r"(?<=arxiv\.org/)abs(?=/)", re.IGNORECASE)


def corrected(listed: Listed) -> Listed | None:
    """Return ``listed`` as it should read, on one line, or None when it reads so already or nobody can tell.

    Nothing is made up, guessed or lost: what the entry lacks stays lacking, and without a title there is
    no entry.
    """
    if not listed.key:
        return None
    if listed.entry.fit is not None:
        return _in_form(listed, listed.entry.fit)
    style, entry = listed.group.style, listed.entry
    links = tuple(_labelled(link, style) for link in entry.links)
    links = tuple(replace(link, url=mended_url(link)) for link in links)
    text = render(replace(entry, links=links), style)
    if text == entry.text or _guesses(entry, style) or _loses(entry, text):
        return None
    return replace(listed, entry=read_entry(text, dated=style.year), end_line=listed.line)


def _in_form(listed: Listed, fit: Fit) -> Listed | None:
    """Return the entry in the form of its list, as the reader of that form wrote it."""
    if fit.written is None or fit.written == listed.entry.text:
        return None
    end_line = listed.line + fit.written.count("\n")
    entry = replace(listed.entry, text=fit.written, fit=Fit(fit.form, exact=True))
    return replace(listed, entry=entry, end_line=end_line)


def _labelled(link: Link, style: Style) -> Link:
    """Return a link with a label: "html" for a page where the list's usual label promises a file."""
    if link.label or not link.url:
        return link
    promises = style.label == "pdf" and not (is_abstract(link.url) or _FILE.search(link.url))
    return replace(link, label="html" if promises else style.label)


def _guesses(entry: Entry, style: Style) -> bool:
    """Return whether a correction would rest on a guess: which words are names, or which year is meant."""
    names = entry.authors.names
    if entry.citation or not entry.authors.sure or (entry.subtitle and not names):
        return True
    if entry.bold is Bold.NONE and _TWO_SENTENCES.search(entry.full_title):
        return True  # "A title. ICCV": where does it end?
    unknown = entry.year.form is YearForm.MALFORMED and entry.year.value is None
    return style.year and (
        unknown or (entry.year.form is YearForm.MISSING and _LIKE_A_YEAR.search(entry.full_title) is not None)
    )


def _loses(entry: Entry, line: str) -> bool:
    """Return whether ``line`` lacks something that ``entry`` says: better no correction than a loss.

    A correction drops first names for their initials, authors for "et al.", and the trimmings of URLs.
    """
    if any(not link.url for link in entry.links):
        return True
    text = entry.text[len(entry.marker) :]
    known_urls = {link.url for link in entry.links}
    if any(piece.url not in known_urls and not _MISPLACED.match(piece.url) for piece in _links(text)):
        return True
    for link in entry.links:
        text = text.replace(link.url, " ")
    line = _URL.sub(" ", line)
    names = " ".join(name.written for name in entry.authors.names)
    labels = " ".join(link.label for link in entry.links)
    known = Counter(_words(line)) + Counter(_words(f"{names} {labels} by and others et al all & |"))
    if entry.year.value:
        known += Counter([str(entry.year.value), f"{entry.year.value % 100:02}"])
    return bool(Counter(_words(plain(_EMPHASIS_TAG.sub(" ", text)))) - known)


def _links(text: str) -> list[Piece]:
    return [piece for piece in scan(text) if piece.kind in {Kind.LINK, Kind.IMAGE}]


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def mended_url(link: Link) -> str:
    """Return the link's URL with a scheme, without tracking, and leading to the PDF its label promises."""
    url = without_tracking(first_url(link.url))
    if re.match(r"(?:www\.|[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|edu|io|gov|ai)/)", url, re.IGNORECASE):
        url = "http://" + url
    if link.label.strip().lower() == "pdf" and is_abstract(url):
        url = _ABSTRACT.sub("pdf", url, count=1)
    return url


def first_url(url: str) -> str:
    """Return the first of several URLs that were pasted into one, or ``url`` itself."""
    return _JOINT.split(url, maxsplit=1)[0]


def is_abstract(url: str) -> bool:
    """Return whether ``url`` is an arXiv abstract page."""
    identifier = identify(url)
    return identifier is not None and identifier.scheme == "arxiv" and bool(_ABSTRACT.search(url))


def without_tracking(url: str) -> str:
    """Return ``url`` without the query parameters that follow its readers around."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    query = parts.query.split("&")
    kept = [field for field in query if not _TRACKING.match(field.partition("=")[0])]
    return url if len(kept) == len(query) else urlunsplit(parts._replace(query="&".join(kept)))
