"""OpenAlex, Crossref, arXiv, and Semantic Scholar's search: answers in the form of the recorded ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as Xml

import pytest
import requests

from tests.sandbox.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator

RECORDED = Path(__file__).parents[1] / "data"
GREEDY = "10.5555/2976456.2976476"
SELECT = "id,doi,title,publication_year,cited_by_count,authorships,locations"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def plain() -> Iterator[Sandbox]:
    """A sandbox without a contract, for these services have none."""
    with Sandbox() as made:
        yield made


def ask(sandbox: Sandbox, service: str, path: str, **params: str) -> requests.Response:
    url = sandbox.environment()[f"PAPERGATE_{service}_URL"] + path
    answer = requests.get(url, params=params, timeout=10)
    assert answer.headers["X-Sandbox"] == service.lower().replace("_", "-")
    return answer


def test_a_title_is_matched(plain: Sandbox) -> None:
    """The nearest title, with a score; 404 where none is near."""
    path = "/graph/v1/paper/search/match"
    title = "Deep Residual Learning for Image Recognition!"
    answer = ask(plain, "SEMANTIC_SCHOLAR", path, query=title, fields="title,citationCount")
    (paper,) = answer.json()["data"]
    assert (paper["title"], paper["citationCount"]) == (
        "Deep residual learning for image recognition",
        215_518,
    )
    recorded = json.loads((RECORDED / "semantic_scholar" / "match.json").read_text())
    assert paper.keys() <= recorded["data"][0].keys()
    answer = ask(plain, "SEMANTIC_SCHOLAR", path, query="zzz")
    assert (answer.status_code, answer.json()) == (404, {"error": "Title match not found"})


def test_openalex_finds_a_work_by_its_doi(plain: Sandbox) -> None:
    """In the recorded form; 404 as HTML where it knows none."""
    work = ask(plain, "OPENALEX", f"/works/doi:{GREEDY}", select=SELECT).json()
    recorded = json.loads((RECORDED / "openalex" / "work.json").read_text())
    assert work.keys() == set(SELECT.split(","))
    assert work.keys() <= recorded.keys()
    assert work["doi"] == f"https://doi.org/{GREEDY}"
    missing = ask(plain, "OPENALEX", "/works/doi:10.1234/none")
    assert missing.status_code == 404
    assert missing.headers["Content-Type"] == "text/html; charset=utf-8"


def test_openalex_finds_works_by_their_pages(plain: Sandbox) -> None:
    """Each once, whatever the scheme; unknown pages are left out."""
    pages = [
        f"{way}://arxiv.org/abs/{name}" for name in ("1412.6980", "2999.99999") for way in ("http", "https")
    ]
    wanted = f"locations.landing_page_url:{'|'.join(pages)}"
    body = ask(plain, "OPENALEX", "/works", filter=wanted, per_page="100").json()
    assert [work["title"] for work in body["results"]] == ["Adam: A method for stochastic optimization"]
    assert body["results"][0]["cited_by_count"] == 128_622


@pytest.mark.parametrize(
    "params",
    [
        {"filter": "ids.arxiv:1412.6980"},
        {"filter": f"locations.landing_page_url:{'|'.join(['x'] * 101)}"},
        {"filter": "locations.landing_page_url:x", "per_page": "101"},
    ],
)
def test_openalex_refuses_what_it_does_not_take(plain: Sandbox, params: dict[str, str]) -> None:
    """With 400, an error and a message, as documented."""
    answer = ask(plain, "OPENALEX", "/works", **params)
    assert answer.status_code == 400
    assert answer.json().keys() == {"error", "message"}


def test_crossref_knows_dois(plain: Sandbox) -> None:
    """In the recorded form; its 404 is plain text."""
    body = ask(plain, "CROSSREF", f"/works/{GREEDY.replace('/', '%2F')}").json()
    recorded = json.loads((RECORDED / "crossref" / "work.json").read_text())
    assert body["message"].keys() <= recorded["message"].keys()
    assert body["message"]["DOI"] == GREEDY
    missing = ask(plain, "CROSSREF", "/works/10.1371/notarealdoi")
    assert (missing.status_code, missing.headers["Content-Type"]) == (404, "text/plain")
    assert missing.text == (RECORDED / "crossref" / "not_found.txt").read_text()


def test_arxiv_lists_papers_by_id(plain: Sandbox) -> None:
    """Unknown ones are left out, and it returns no more than requested."""
    ids = "1412.6980v9,0704.99999,1512.03385"
    feed = Xml.fromstring(ask(plain, "ARXIV", "/api/query", id_list=ids, max_results="3").text)  # noqa: S314
    assert [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")] == [
        "Adam: A method for stochastic optimization",
        "Deep residual learning for image recognition",
    ]
    one = Xml.fromstring(ask(plain, "ARXIV", "/api/query", id_list=ids, max_results="1").text)  # noqa: S314
    assert len(one.findall(f"{ATOM}entry")) == 1


def test_one_malformed_arxiv_id_spoils_the_request(plain: Sandbox) -> None:
    """With 400 and an entry that names it, as recorded."""
    answer = ask(plain, "ARXIV", "/api/query", id_list="1412.6980,abc")
    recorded = (RECORDED / "arxiv" / "bad_id_400.xml").read_text()
    fault = "https://arxiv.org/api/errors#incorrect_id_format_for_abc"
    assert answer.status_code == 400
    assert fault in answer.text
    assert fault in recorded


def test_faults_reach_every_source(plain: Sandbox) -> None:
    """A fault is chosen by the path, as for GitHub."""
    with_fault = plain.faults.add("*", "^/(openalex|crossref|arxiv)/", status=503, times=None)
    urls = [plain.environment()[f"PAPERGATE_{name}_URL"] for name in ("OPENALEX", "CROSSREF", "ARXIV")]
    assert [requests.get(f"{url}/x", timeout=10).status_code for url in urls] == [503, 503, 503]
    plain.faults.remove(with_fault)
    assert ask(plain, "CROSSREF", f"/works/{GREEDY}").status_code == 200
