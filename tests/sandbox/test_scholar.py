"""Semantic Scholar's batch endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import requests

from tests.sandbox.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator

FIELDS = "paperId,externalIds,url,title,year,citationCount,publicationDate,authors"


@pytest.fixture(scope="module")
def plain() -> Iterator[Sandbox]:
    """A sandbox without a contract, for Semantic Scholar has none."""
    with Sandbox() as made:
        yield made


def ask(sandbox: Sandbox, ids: object, fields: str = FIELDS) -> requests.Response:
    url = sandbox.environment()["PAPERGATE_SEMANTIC_SCHOLAR_URL"] + "/graph/v1/paper/batch"
    return requests.post(url, params={"fields": fields}, json={"ids": ids}, timeout=10)


def test_real_counts_come_in_the_order_asked(plain: Sandbox) -> None:
    """Known papers with their fields, unknown ones as null, each in its place."""
    answer = ask(plain, ["ARXIV:1412.6980", "ARXIV:9999.99999", "arXiv:1512.03385"])
    adam, nobody, resnet = answer.json()
    assert nobody is None
    assert (adam["citationCount"], resnet["citationCount"]) == (160_778, 215_518)
    assert (resnet["title"], resnet["year"]) == ("Deep residual learning for image recognition", 2015)
    assert resnet["publicationDate"] == "2015-12-10"
    assert resnet["externalIds"]["ArXiv"] == "1512.03385"
    assert [author["name"] for author in adam["authors"]] == ["D. Kingma", "J. Ba"]
    assert answer.headers["X-Sandbox"] == "semantic-scholar"
    assert answer.headers["Content-Type"] == "application/json"


def test_only_the_fields_asked_for_come_back(plain: Sandbox) -> None:
    """The paper's id always does; without a choice, id and title."""
    assert ask(plain, ["ARXIV:1412.6980"], "citationCount").json()[0].keys() == {"paperId", "citationCount"}
    assert ask(plain, ["ARXIV:1412.6980"], "").json()[0].keys() == {"paperId", "title"}


def test_a_paper_is_found_by_doi_and_by_its_own_id(plain: Sandbox) -> None:
    """But not by an arXiv DOI, as with the real service."""
    greedy = ask(plain, ["DOI:10.5555/2976456.2976476"]).json()[0]
    assert ask(plain, [greedy["paperId"]]).json()[0] == greedy
    assert ask(plain, ["DOI:10.48550/arXiv.1412.6980", greedy["paperId"]]).json()[0] is None


@pytest.mark.parametrize(
    ("ids", "fields", "error"),
    [
        (["ARXIV:9999.99999"], "title", "No valid paper ids given"),
        ([], "title", "No valid paper ids given"),
        (None, "title", "No valid paper ids given"),
        (["ARXIV:1412.6980"] * 501, "title", "Too many"),
        (["ARXIV:1412.6980"], "title,unknown", "Unrecognized or unsupported fields: [unknown]"),
    ],
)
def test_a_wrong_question_is_refused(plain: Sandbox, ids: object, fields: str, error: str) -> None:
    """Each with 400 and an `error`."""
    answer = ask(plain, ids, fields)
    assert answer.status_code == 400
    assert error in answer.json()["error"]


def test_five_hundred_ids_are_taken(plain: Sandbox) -> None:
    """The most a batch may hold."""
    assert len(ask(plain, ["ARXIV:1412.6980"] * 500).json()) == 500


def test_papers_can_be_added_and_counts_changed(plain: Sandbox) -> None:
    """For a test's own story."""
    plain.scholar.add_arxiv("2001.00001", "A new paper", year=2020, citations=5, authors=("A. Nobody",))
    assert ask(plain, ["ARXIV:2001.00001"]).json()[0]["citationCount"] == 5
    plain.scholar.set_citations("ARXIV:2001.00001", 50)
    assert ask(plain, ["ARXIV:2001.00001"]).json()[0]["citationCount"] == 50
    with pytest.raises(KeyError):
        plain.scholar.set_citations("ARXIV:9999.99999", 1)
