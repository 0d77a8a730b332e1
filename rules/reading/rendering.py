"""Write an entry as one line of the list, in the style of its group."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from rules.papers.identifiers import identify
from rules.policy.style import Style
from rules.reading.entry import Entry
from rules.reading.entry_text import Bold, YearForm


def render(entry: Entry, style: Style) -> str:
    """Return ``entry`` as one line of the list, in the given style.

    What an entry lacks is left out: rendering never makes up a title, a name or a URL. A missing
    year is read from the link where it names one.
    """
    title = entry.full_title
    bold = entry.bold is not Bold.NONE if style.bold is None else style.bold
    words = [f"**{title}**" if bold and title else title]
    year = _year(entry, style)
    if year:
        words.append(f"({year})")
    head = " ".join(word for word in words if word)
    if entry.authors.names:
        head += ", " + entry.authors.canonical
    tags = [f"*({tag})*" for tag in (*entry.tags, *entry.bad_tags)] if style.tags else []
    links = [f"[[{link.label or style.label}]]({link.url})" for link in entry.links if link.url]
    marks = list(entry.marks) if style.marks else []
    return "- " + " ".join([head, *tags, *links, *marks])


def _year(entry: Entry, style: Style) -> str:
    if not style.year or entry.year.form is not YearForm.MISSING:
        return entry.year.text
    hinted = hinted_year(entry)
    return str(hinted) if hinted else ""


_YEAR_IN_PATH = re.compile(r"(?<!\d)(?:19[89]\d|20[0-4]\d)(?!\d)")


def hinted_year(entry: Entry) -> int | None:
    """Return the year that the entry's links name: their identifier, or a year in the path."""
    for link in entry.links:
        identifier = identify(link.url)
        if identifier and identifier.year:
            return identifier.year
        years = _YEAR_IN_PATH.findall(_path(link.url))
        if years:
            return int(years[-1])
    return None


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""
