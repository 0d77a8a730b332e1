"""Semantic Scholar, serving real citation counts of the list's papers: by id in batches, by title."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tests.sandbox.sources import reply

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from werkzeug.wrappers import Request, Response

    from tests.sandbox.model import Json

COUNTS = Path(__file__).parent / "data" / "citation-counts-2026-01.json"
DOI_IN_URL = re.compile(r"/doi/(10\.\d+/[^?#]+)")
BATCH = "/graph/v1/paper/batch"
MATCH = "/graph/v1/paper/search/match"
MAX_IDS = 500
ALWAYS_GIVEN = ("paperId", "title")
# Titles less alike than this are no match.
LEAST_LIKENESS = 0.6

_reply = partial(reply, "semantic-scholar")


@dataclass(frozen=True)
class Paper:
    """A paper as Semantic Scholar knows it; `external` maps ArXiv, DOI... to the paper's id there."""

    paper_id: str
    title: str
    year: int | None
    citations: int | None
    external: Mapping[str, str]
    authors: tuple[str, ...] = ()
    published: str | None = None

    def record(self) -> Json:
        """Return the paper with every field the stand-in knows."""
        return {
            "paperId": self.paper_id,
            "externalIds": dict(self.external) | {"CorpusId": int(self.paper_id[:7], 16)},
            "url": f"https://www.semanticscholar.org/paper/{self.paper_id}",
            "title": self.title,
            "year": self.year,
            "citationCount": self.citations,
            "publicationDate": self.published,
            "authors": [{"authorId": str(int(_digest(name)[:7], 16)), "name": name} for name in self.authors],
        }


FIELDS = frozenset(Paper("0" * 40, "", None, None, {}).record())


def _digest(text: str) -> str:
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


class Scholar:
    """The papers known, found by `ARXIV:`, `DOI:` or Semantic Scholar's own id."""

    def __init__(self, papers: Iterable[Paper]) -> None:
        self._papers: dict[str, Paper] = {}
        for paper in papers:
            self.add(paper)

    def add(self, paper: Paper) -> None:
        """Make a paper known, under each of its ids."""
        self._papers[paper.paper_id] = paper
        for kind, value in paper.external.items():
            self._papers[f"{kind.lower()}:{value.lower()}"] = paper

    def add_arxiv(
        self, arxiv_id: str, title: str, *, year: int, citations: int | None, authors: tuple[str, ...] = ()
    ) -> Paper:
        """Return a new paper known by its arXiv id."""
        paper = Paper(_digest(arxiv_id), title, year, citations, {"ArXiv": arxiv_id}, authors)
        self.add(paper)
        return paper

    def find(self, identifier: str) -> Paper | None:
        """Return the paper of an id as a client spells it (`ARXIV:1512.03385`), or None."""
        kind, colon, value = identifier.partition(":")
        return self._papers.get(f"{kind.lower()}:{value.lower()}" if colon else identifier)

    def set_citations(self, identifier: str, citations: int | None) -> None:
        """Change a known paper's count."""
        paper = self.find(identifier)
        if paper is None:
            raise KeyError(identifier)
        self.add(replace(paper, citations=citations))

    def answer(self, request: Request, path: str) -> Response:
        """Return the answer to a request below the service's address."""
        endpoints = {BATCH: ("POST", self._batch), MATCH: ("GET", self._match)}
        if path not in endpoints:
            return _reply(404, {"message": "Not Found"})
        method, endpoint = endpoints[path]
        if request.method != method:
            return _reply(405, {"message": "Method Not Allowed"})
        fields = [item for item in request.args.get("fields", "").split(",") if item]
        strange = sorted({item.partition(".")[0] for item in fields} - FIELDS)
        if strange:
            return _reply(400, {"error": f"Unrecognized or unsupported fields: [{', '.join(strange)}]"})
        wanted = {*(item.partition(".")[0] for item in fields), "paperId"} if fields else {*ALWAYS_GIVEN}
        return endpoint(request, wanted)

    def _match(self, request: Request, wanted: set[str]) -> Response:
        query = _letters(request.args.get("query", ""))
        if not query:
            return _reply(400, {"error": "Missing required parameter: query"})
        scored = [
            (SequenceMatcher(None, query, _letters(paper.title)).ratio(), paper)
            for paper in {paper.paper_id: paper for paper in self._papers.values()}.values()
        ]
        score, best = max(scored, key=lambda item: item[0])
        if score < LEAST_LIKENESS:
            return _reply(404, {"error": "Title match not found"})
        return _reply(200, {"data": [_chosen(best, wanted) | {"matchScore": 100 * score}]})

    def _batch(self, request: Request, wanted: set[str]) -> Response:
        try:
            ids = json.loads(request.get_data()).get("ids")
        except (ValueError, AttributeError):
            ids = None
        if not isinstance(ids, list) or not ids:
            return _reply(400, {"error": "No valid paper ids given"})
        if len(ids) > MAX_IDS:
            return _reply(400, {"error": f"Too many paper ids given: {len(ids)} (maximum is {MAX_IDS})"})
        found = [self.find(str(item)) for item in ids]
        if not any(found):
            return _reply(400, {"error": "No valid paper ids given"})
        return _reply(200, [_chosen(paper, wanted) if paper else None for paper in found])


def _chosen(paper: Paper, wanted: set[str]) -> Json:
    return {name: value for name, value in paper.record().items() if name in wanted}


def _letters(title: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKD", title).casefold() if letter.isalnum())


def read_counts(path: Path = COUNTS) -> list[Paper]:
    """Return the papers of the counts file: known by arXiv id, or by the DOI in their link, if there is one.

    An arXiv paper is not found by its arXiv DOI, as with the real service.
    """
    return [_paper(row) for row in json.loads(path.read_text(encoding="utf-8"))]


def _paper(row: Mapping[str, str | int | None]) -> Paper:
    title, arxiv_id, published = str(row["list_title"]), row["arxiv_id"], str(row["epoch_publication_date"])
    doi = DOI_IN_URL.search(str(row["epoch_link"]))
    external = {"ArXiv": str(arxiv_id)} if arxiv_id else {"DOI": doi[1]} if doi else {}
    citations, authors = row["citations"], _authors(str(row["list_authors"]))
    count = citations if isinstance(citations, int) else None
    return Paper(_digest(title), title, int(published[:4]), count, external, authors, published)


def _authors(text: str) -> tuple[str, ...]:
    people = text.rstrip(".").removesuffix(" et al").replace(" and ", ", ").split(",")
    return tuple(name.strip() for name in people if name.strip())
