"""arXiv's API, in the form of recorded Atom feeds: papers by a list of their ids."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from tests.sandbox.sources import labelled

if TYPE_CHECKING:
    from werkzeug.wrappers import Request, Response

    from tests.sandbox.scholar import Paper, Scholar

NAME = "arxiv"
ATOM = "application/atom+xml; charset=utf-8"
ID = re.compile(r"(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?")
UPDATED = "2026-01-01T00:00:00Z"


def answer(scholar: Scholar, request: Request, path: str) -> Response:
    """Return the answer to a request below the service's address."""
    if path != "/api/query" or request.method != "GET":
        return labelled(NAME, 404, "<html>404 Not Found</html>", "text/html")
    ids = [item for item in request.args.get("id_list", "").split(",") if item]
    malformed = next((item for item in ids if not ID.fullmatch(item)), None)
    if malformed:
        return labelled(NAME, 400, _feed([_error(malformed)]), ATOM)
    found = [(item, scholar.find(f"ARXIV:{_bare(item)}")) for item in ids]
    entries = [_entry(_bare(item), paper) for item, paper in found if paper]
    return labelled(NAME, 200, _feed(entries[: int(request.args.get("max_results", 10))]), ATOM)


def _bare(item: str) -> str:
    match = ID.fullmatch(item)
    return match[1] if match else item


def _feed(entries: list[str]) -> str:
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        '<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/"'
        ' xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">\n'
        f"  <id>https://arxiv.org/api/sandbox</id>\n  <title>arXiv Query</title>\n"
        f"  <updated>{UPDATED}</updated>\n"
        f"  <opensearch:totalResults>{len(entries)}</opensearch:totalResults>\n"
        f"{''.join(entries)}</feed>\n"
    )


def _error(item: str) -> str:
    return (
        f"  <entry>\n    <id>https://arxiv.org/api/errors#incorrect_id_format_for_{escape(item)}</id>\n"
        f"    <title>Error</title>\n    <summary>incorrect id format for {escape(item)}</summary>\n"
        "    <author>\n      <name>arXiv api core</name>\n    </author>\n  </entry>\n"
    )


def _entry(arxiv_id: str, paper: Paper) -> str:
    authors = "".join(
        f"    <author>\n      <name>{escape(name)}</name>\n    </author>\n" for name in paper.authors
    )
    published = f"{paper.published or f'{paper.year}-01-01'}T00:00:00Z"
    doi = paper.external.get("DOI")
    return (
        f"  <entry>\n    <id>http://arxiv.org/abs/{arxiv_id}v1</id>\n"
        f"    <title>{escape(paper.title)}</title>\n    <updated>{published}</updated>\n"
        f"    <published>{published}</published>\n"
        + (f"    <arxiv:doi>{escape(doi)}</arxiv:doi>\n" if doi else "")
        + f"{authors}  </entry>\n"
    )
