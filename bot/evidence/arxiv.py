"""arXiv: titles, authors and dates of preprints, many in one request; it counts no citations.

https://info.arxiv.org/help/api/user-manual.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from xml.etree import ElementTree as Xml

from bot.evidence import fields
from bot.evidence.contracts import Fetched
from bot.evidence.service import Access, Failed, Reply, Service, fetched, unanswered, unknown
from rules.papers.evidence import Query, Record, Unanswered
from rules.papers.identifiers import Identifier, identify

NAME = "arXiv"
PAGE = "https://arxiv.org"
URL = "https://export.arxiv.org"
PACE = 3.0
"""Seconds between requests (https://info.arxiv.org/help/api/tou.html)."""
BATCH = 100
_ATOM = "{http://www.w3.org/2005/Atom}"
_ARXIV = "{http://arxiv.org/schemas/atom}"
_MALFORMED = "incorrect_id_format_for_"
_VERSION = re.compile(r"v\d+\Z")
# An id that is none spoils the whole request; asked again without it so often.
_TRIES = 3

_Answers = dict[Query, Fetched | Unanswered]


class _MalformedId(Exception):  # noqa: N818 - an answer, not a fault
    """The service says that ``args[0]`` is no arXiv id."""


class ArXiv:
    """The service, reached by ``access``."""

    name = NAME

    def __init__(self, access: Access) -> None:
        self._service = Service(NAME, access)

    def takes(self, query: Query) -> bool:
        """Return whether ``query`` has an arXiv id."""
        return query.identifier is not None and query.identifier.scheme == "arxiv"

    def fetch(self, queries: Sequence[Query], now: datetime) -> Mapping[Query, Fetched | Unanswered]:
        """Return an answer to each of ``queries``; a failure is Unanswered, never raised."""
        answers: _Answers = {}
        for start in range(0, len(queries), BATCH):
            try:
                answers |= self._batch(queries[start : start + BATCH], now)
            except Failed as failure:
                return answers | unanswered(NAME, queries[start:], str(failure))
        return answers

    def _batch(self, queries: Sequence[Query], now: datetime) -> _Answers:
        """Ask about several papers. Raises Failed."""
        left = {query.identifier.value: query for query in queries if query.identifier}
        answers: _Answers = {}
        for _ in range(_TRIES):
            if not left:
                return answers
            try:
                records = self._records(list(left), now)
            except _MalformedId as malformed:
                if malformed.args[0] not in left:
                    break
                answers[left.pop(malformed.args[0])] = unknown(NAME, now)
            else:
                return answers | {
                    query: records.get(name, unknown(NAME, now)) for name, query in left.items()
                }
        raise Failed("it does not take the question")

    def _records(self, names: Sequence[str], now: datetime) -> Mapping[str, Fetched | Unanswered]:
        """Return what the service says of each paper it knows. Raises Failed or _MalformedId."""
        params = {"id_list": ",".join(names), "max_results": str(len(names))}
        reply = self._service.get("/api/query", params)
        if reply.status != 400:
            reply.check()
        entries = _feed(reply).findall(f"{_ATOM}entry")
        for entry in entries:
            _, malformed, name = _text(entry, "id").partition(_MALFORMED)
            if malformed:
                raise _MalformedId(_VERSION.sub("", name))
        reply.check()
        read = (_read(entry, now) for entry in entries)
        return {name.value: answer for name, answer in filter(None, read)}


def _feed(reply: Reply) -> Xml.Element:
    """Return the Atom feed that came. Raises Failed when it is none."""
    # Entities could make a small body large; Atom needs none of its own.
    if "<!DOCTYPE" not in reply.text:
        try:
            feed = Xml.fromstring(reply.text)  # noqa: S314 - without a DTD there is nothing to expand
        except (Xml.ParseError, ValueError):
            feed = None
        if feed is not None and feed.tag == f"{_ATOM}feed":
            return feed
    reply.check()
    raise Failed("its answer is not readable")


def _read(entry: Xml.Element, now: datetime) -> tuple[Identifier, Fetched | Unanswered] | None:
    """Return an entry's id and record; None for an entry that is no paper."""
    page = _text(entry, "id")
    identifier = identify(page)
    if identifier is None or identifier.scheme != "arxiv":
        return None
    names = tuple(_text(author, "name") for author in entry.findall(f"{_ATOM}author"))
    doi = " ".join((entry.findtext(f"{_ARXIV}doi") or "").split())
    venue = " ".join((entry.findtext(f"{_ARXIV}journal_ref") or "").split())
    title, published = _text(entry, "title"), _text(entry, "published")
    record = Record(
        source=NAME,
        fetched_on=now.date(),
        citations=None,
        title=title,
        surnames=fields.surnames(names),
        authors=names,
        years=fields.years(published),
        url=f"https://arxiv.org/abs/{identifier.value}",
        identifiers=fields.identifiers(urls=(page,), doi=doi),
    )
    raw = {"id": page, "title": title, "authors": names, "published": published, "doi": doi, "venue": venue}
    return identifier, fetched(record, now, raw)


def _text(element: Xml.Element, tag: str) -> str:
    """Return the text of a child, its white space folded; empty where it is missing."""
    return " ".join((element.findtext(f"{_ATOM}{tag}") or "").split())
