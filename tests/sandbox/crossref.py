"""Crossref's works, in the form of recorded answers: one by its DOI."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.sandbox.sources import labelled, reply

if TYPE_CHECKING:
    from werkzeug.wrappers import Request, Response

    from tests.sandbox.model import Json
    from tests.sandbox.scholar import Paper, Scholar

NAME = "crossref"
# It counts fewer citations than Semantic Scholar does: those between its members.
SHARE = 0.6


def answer(scholar: Scholar, request: Request, path: str) -> Response:
    """Return the answer to a request below the service's address."""
    doi = path.removeprefix("/works/")
    paper = scholar.find(f"DOI:{doi}") if request.method == "GET" and doi != path else None
    if paper is None:
        return labelled(NAME, 404, "Resource not found.", "text/plain")
    body = {
        "status": "ok",
        "message-type": "work",
        "message-version": "1.0.0",
        "message": _work(paper, paper.external["DOI"]),
    }
    return reply(NAME, 200, body)


def _work(paper: Paper, doi: str) -> Json:
    return {
        "DOI": doi,
        "URL": f"https://doi.org/{doi}",
        "type": "journal-article",
        "title": [paper.title],
        "author": [_author(name) for name in paper.authors],
        "issued": {"date-parts": [[paper.year]]},
        "is-referenced-by-count": int((paper.citations or 0) * SHARE),
    }


def _author(name: str) -> Json:
    given, _, family = name.rpartition(" ")
    return {"given": given, "family": family, "sequence": "additional", "affiliation": []}
