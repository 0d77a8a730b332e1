"""OpenAlex's works, in the form of recorded answers: one by its DOI, or a list by the addresses of pages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.sandbox.sources import labelled, reply

if TYPE_CHECKING:
    from werkzeug.wrappers import Request, Response

    from tests.sandbox.model import Json
    from tests.sandbox.scholar import Paper, Scholar

NAME = "openalex"
MAX_VALUES = 100
# It counts fewer citations than Semantic Scholar does.
SHARE = 0.8
PAGE = re.compile(r"https?://arxiv\.org/abs/(\S+)")
NOT_FOUND = (
    "<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n"
    "<p>The requested URL was not found on the server.</p>\n"
)


def answer(scholar: Scholar, request: Request, path: str) -> Response:
    """Return the answer to a request below the service's address."""
    if request.method != "GET":
        return reply(NAME, 405, {"error": "Method Not Allowed"})
    if path == "/works":
        return _list(scholar, request)
    doi = re.fullmatch(r"/works/(?:doi:|https://doi\.org/)(10\..+)", path)
    paper = scholar.find(f"DOI:{doi[1]}") if doi else None
    if paper is None:
        return labelled(NAME, 404, NOT_FOUND, "text/html; charset=utf-8")
    return reply(NAME, 200, _chosen(_work(paper), request))


def _list(scholar: Scholar, request: Request) -> Response:
    name, _, values = request.args.get("filter", "").partition(":")
    pages = values.split("|")
    per_page = int(request.args.get("per_page", 25))
    if name != "locations.landing_page_url":
        return _refusal("Invalid query parameters error.", f"{name} is not a valid filter field")
    if len(pages) > MAX_VALUES or not 1 <= per_page <= MAX_VALUES:
        return _refusal("Invalid query parameters error.", f"Maximum number of values exceeded: {MAX_VALUES}")
    found = {paper.paper_id: paper for page in pages if (paper := _at(scholar, page))}
    works = [_chosen(_work(paper), request) for paper in found.values()]
    meta = {"count": len(works), "db_response_time_ms": 1, "page": 1, "per_page": per_page}
    return reply(NAME, 200, {"meta": meta, "results": works[:per_page], "group_by": []})


def _refusal(error: str, message: str) -> Response:
    return reply(NAME, 400, {"error": error, "message": message})


def _at(scholar: Scholar, page: str) -> Paper | None:
    match = PAGE.fullmatch(page)
    return scholar.find(f"ARXIV:{match[1]}") if match else None


def _work(paper: Paper) -> Json:
    doi, arxiv = paper.external.get("DOI"), paper.external.get("ArXiv")
    link = f"https://doi.org/{doi}" if doi else None
    number = f"https://openalex.org/W{int(paper.paper_id[:8], 16)}"
    pages = [page for page in (link, arxiv and f"http://arxiv.org/abs/{arxiv}") if page]
    return {
        "id": number,
        "doi": link,
        "title": paper.title,
        "publication_year": paper.year,
        "publication_date": paper.published,
        "cited_by_count": int((paper.citations or 0) * SHARE),
        "ids": {"openalex": number} | ({"doi": link} if link else {}),
        "authorships": [
            {"author_position": "middle", "author": {"display_name": name}, "raw_author_name": name}
            for name in paper.authors
        ],
        "locations": [{"is_oa": True, "landing_page_url": page, "pdf_url": None} for page in pages],
    }


def _chosen(work: Json, request: Request) -> Json:
    wanted = [name for name in request.args.get("select", "").split(",") if name]
    return {name: work[name] for name in wanted if name in work} if wanted else work
