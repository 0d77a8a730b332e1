"""Whole citations pasted in place of an entry: MLA, IEEE, ISO 690, BibTeX, DBLP; APA with a venue."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rules.reading.authors import Authors, read_authors
from rules.reading.names import NameForm

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_MOST = 600  # characters of a citation; longer text is not taken apart
# Authors, "Title." Venue (2017): MLA; IEEE parts them by commas.
_QUOTED = re.compile(
    r"(?P<authors>[^\"\u201c\u201d]{3,300}?)[.,]?\s*[\"\u201c]\**(?P<title>[^\"\u201c\u201d]{3,300}?)[.,]?\**[.,]?[\"\u201d]"
    r"(?P<rest>.*)\Z",
    re.DOTALL,
)
_LAST_AUTHOR = re.compile(
    r"(?P<name>[^\s,.]+,(?:\s[^\s,.]+){0,2}?(?:\s[^\s,.]\.)*)(?:(?<=\.)|\.)\s(?P<title>[^.]{3,300})\.\s(?P<rest>.*)\Z",
    re.DOTALL,
)
_APA = re.compile(
    r"(?P<authors>[^()]{3,300}?)\s*\((?P<year>(?:19|20)\d\d)[a-z]?\)\.\s(?P<title>[^.?!]{3,300}[.?!])\s(?P<rest>\S.*)\Z",
    re.DOTALL,
)
_DBLP = re.compile(r"(?P<authors>[^:]{5,300}):\s(?P<title>[^.?!]{3,300}[.?!])\s(?P<rest>.*)\Z", re.DOTALL)
_BIBTEX = re.compile(r"\s*@\w{3,20}\s*\{")
_BIBTEX_FIELD = r"\b{name}\s*=\s*[{{\"]+(?P<value>[^{{}}\"]{{1,300}})"


@dataclass(frozen=True, slots=True)
class Pasted:
    """What a citation names."""

    title: str
    authors: Authors
    year: int | None


def read_pasted(text: str) -> Pasted | None:
    """Return what the citation ``text``, without marker and links, names; None when it is none."""
    text = " ".join(text.split())
    if not 20 <= len(text) <= _MOST:
        return None
    if _BIBTEX.match(text):
        return _bibtex(text)
    return _quoted(text) or _capitals(text) or _apa(text) or _dblp(text)


def _quoted(text: str) -> Pasted | None:
    match = _QUOTED.match(text)
    if not match or not match["rest"].strip(" .,"):
        return None
    return _pasted(match["title"], match["authors"], _YEAR.findall(match["rest"]))


def _capitals(text: str) -> Pasted | None:
    """Return an ISO 690 citation: "RUMELHART, David E.; HINTON, Geoffrey E. Title. nature, 1986, 323"."""
    *first, last = text.split(";")
    match = _LAST_AUTHOR.match(last.strip())
    if not match:
        return None
    names = [*first, match["name"]]
    surnames = [name.partition(",")[0].strip() for name in names]
    if not all(surname.isupper() and len(surname) > 1 for surname in surnames):
        return None
    return _pasted(match["title"], "; ".join(names), _YEAR.findall(match["rest"]))


def _apa(text: str) -> Pasted | None:
    match = _APA.match(text)
    return _pasted(match["title"], match["authors"], [match["year"]]) if match else None


def _dblp(text: str) -> Pasted | None:
    match = _DBLP.match(text)
    years = _YEAR.findall(match["rest"]) if match else []
    if not match or not years or not _YEAR.search(match["rest"][:80]):
        return None
    pasted = _pasted(match["title"], match["authors"], years[:1])
    full = pasted and all(name.form in {NameForm.FULL, NameForm.PROPER} for name in pasted.authors.names)
    return pasted if pasted and full and len(pasted.authors.names) > 1 else None


def _bibtex(text: str) -> Pasted | None:
    fields = {
        name: re.search(_BIBTEX_FIELD.format(name=name), text, re.IGNORECASE)
        for name in ("title", "author", "year")
    }
    title, author, year = (fields[name] for name in ("title", "author", "year"))
    if not title:
        return None
    return Pasted(
        title["value"].strip(),
        read_authors(author["value"]) if author else Authors(),
        int(year["value"]) if year and _YEAR.fullmatch(year["value"].strip()) else None,
    )


def _pasted(title: str, authors: str, years: list[str]) -> Pasted | None:
    people = read_authors(authors)
    if (
        not people.names
        or not people.sure
        or all(name.form is NameForm.ORGANISATION for name in people.names)
    ):
        return None
    return Pasted(title.strip(" .,*_"), people, int(years[-1]) if years else None)
