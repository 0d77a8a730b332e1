"""The form a group of sections wants its entries in: one style that renders what ``rules.entry`` reads."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from rules.entry import Entry, read_entry
from rules.head import Bold, YearForm
from rules.identifiers import identify


@dataclass(frozen=True, slots=True)
class Style:
    """What an entry of a group has: ``None`` for bold leaves it to the author.

    ``tags`` are affiliations in italics, ``marks`` are signs such as ``:sparkles:``; ``label`` is that of a
    link that has none.
    """

    bold: bool | None = False
    year: bool = True
    authors: bool = True
    link: bool = True
    tags: bool = False
    marks: bool = False
    label: str = "pdf"

    def read(self, text: str) -> Entry:
        """Return the entry that the list item ``text`` holds, however it is written."""
        return read_entry(text, dated=self.year)

    def render(self, entry: Entry) -> str:
        """Return ``entry`` as one line of the list, in the form of this group.

        What an entry lacks is left out: rendering never makes up a title, a name or a URL. A missing
        year is read from the link where it names one.
        """
        title = entry.full_title
        bold = entry.bold is not Bold.NONE if self.bold is None else self.bold
        words = [f"**{title}**" if bold and title else title]
        year = self._year(entry)
        if year:
            words.append(f"({year})")
        head = " ".join(word for word in words if word)
        if entry.authors.names:
            head += ", " + entry.authors.canonical
        tags = [f"*({tag})*" for tag in (*entry.tags, *entry.bad_tags)] if self.tags else []
        links = [f"[[{link.label or self.label}]]({link.url})" for link in entry.links if link.url]
        marks = list(entry.marks) if self.marks else []
        return "- " + " ".join([head, *tags, *links, *marks])

    def _year(self, entry: Entry) -> str:
        if not self.year or entry.year.form is not YearForm.MISSING:
            return entry.year.text
        hinted = hinted_year(entry)
        return str(hinted) if hinted else ""


PLAIN = Style()

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
