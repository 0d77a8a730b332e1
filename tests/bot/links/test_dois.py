"""Tests of ``bot.links.dois``: the registry knows a DOI, knows none, or says nothing."""

from __future__ import annotations

import pytest

from bot.http.connections import Connections
from bot.links.dois import Registry, doi_of
from bot.links.reach import Links
from rules.papers.evidence import Reach, Reached
from tests.bot.links.conftest import Page, Site

# As https://www.doi.org/the-identifier/resources/factsheets/doi-resolution-documentation describes them.
FOUND = b"""{"responseCode": 1, "handle": "10.1038/nature14539", "values": [{"index": 1, "type": "URL",
    "data": {"format": "string", "value": "https://www.nature.com/articles/nature14539"}, "ttl": 86400}]}"""
NOT_FOUND = b'{"responseCode": 100, "handle": "10.1038/nature14539"}'
ERROR = b'{"responseCode": 2, "message": "Error"}'
NO_VALUES = b'{"responseCode": 200, "handle": "10.1038/nature14539"}'


@pytest.mark.parametrize(
    ("page", "answer"),
    [
        (Page(200, body=FOUND), Reached(Reach.ALIVE)),
        (Page(404, body=NOT_FOUND), Reached(Reach.DEAD, "doi.org knows no such DOI")),
        (Page(500, body=ERROR), Reached(Reach.UNVERIFIED, "doi.org could not look the DOI up")),
        (Page(200, body=NO_VALUES), Reached(Reach.UNVERIFIED, "doi.org could not look the DOI up")),
        (
            Page(404, body=b"<html>Not found</html>"),
            Reached(Reach.UNVERIFIED, "the answer of doi.org is not readable"),
        ),
        (Page(200, body=FOUND[:30]), Reached(Reach.UNVERIFIED, "the answer of doi.org is not readable")),
        (Page(200, flow=b"{" * 65_536), Reached(Reach.UNVERIFIED, "the answer of doi.org is not readable")),
        (
            Page(302, headers={"Location": "/api/handles/10.1/x"}),
            Reached(Reach.UNVERIFIED, "the answer of doi.org is not readable"),
        ),
        (
            Page(200, headers={"Content-Encoding": "gzip"}, body=FOUND),
            Reached(Reach.UNVERIFIED, "the answer of doi.org is not readable"),
        ),
    ],
)
def test_a_doi_is_asked_of_the_registry(page: Page, answer: Reached, site: Site) -> None:
    """Only the registry's own "not found" makes a DOI dead; the page it leads to is not asked."""
    site.pages["/api/handles/10.1038/nature14539"] = page
    url = "https://doi.org/10.1038/Nature14539"
    assert Links(site.url).reach([url]) == {url: answer}
    assert site.hits == ["GET /api/handles/10.1038/nature14539"]


def test_a_registry_that_does_not_answer_tells_nothing() -> None:
    """It is down, and the link is not to blame."""
    assert Registry("http://127.0.0.1:1", Connections()).find("10.1/x") == Reached(
        Reach.UNVERIFIED, "doi.org did not answer"
    )


def test_a_strange_doi_stays_below_the_registry(site: Site) -> None:
    """Neither dots nor a question mark lead to another page of it."""
    for doi in ("10.1000/../../secret", "10.1000/x?y#z", "10.1000/a/b"):
        Registry(site.url, Connections()).find(doi)
    assert site.hits == [
        "GET /api/handles/10.1000/..%2F..%2Fsecret",
        "GET /api/handles/10.1000/x%3Fy%23z",
        "GET /api/handles/10.1000/a%2Fb",
    ]


@pytest.mark.parametrize(
    ("url", "doi"),
    [
        ("https://doi.org/10.1038/nature14539", "10.1038/nature14539"),
        ("http://dx.doi.org/10.1038/nature14539", "10.1038/nature14539"),
        ("https://www.doi.org/10.1038/nature14539", "10.1038/nature14539"),
        ("https://dl.acm.org/doi/10.1145/3065386", None),
        ("https://doi.org/10.48550/arXiv.1512.03385", None),
        ("https://doi.org.example/10.1038/nature14539", None),
        ("https://arxiv.org/abs/1512.03385", None),
        ("https://[", None),
    ],
)
def test_only_links_to_the_registry_are_its_own(url: str, doi: str | None) -> None:
    """A publisher's page may be gone though the DOI in its URL exists."""
    assert doi_of(url) == doi
