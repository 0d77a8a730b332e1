"""Tests of ``bot.service.gather_evidence``: which links are followed once the sources have answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import pytest

from bot.service.gather_evidence import gatherer, with_links
from bot.settings import ServiceSettings
from rules.papers.evidence import (
    Answer,
    Evidence,
    EvidenceRequest,
    Query,
    Reach,
    Reached,
    Record,
    Unanswered,
    Unknown,
)
from rules.papers.identifiers import Identifier

ARXIV = Identifier("arxiv", "1506.02025")
DOI = Identifier("doi", "10.1038/nature14539")
ACL = Identifier("acl", "P15-1033")
TODAY = date(2026, 11, 24)
DEAD = Reached(Reach.DEAD, "it answered HTTP 404")


def record(*identifiers: Identifier) -> Record:
    return Record("A source", TODAY, 9000, identifiers=frozenset(identifiers))


def gathered(url: str, identifier: Identifier | None, *answers: Answer) -> tuple[Reached, bool]:
    """Return where ``url`` led, and whether it was followed, when a source answered so."""
    query = Query(identifier, "A title")
    evidence = Evidence({query: answers})
    followed: list[str] = []

    def reach(urls: Sequence[str]) -> Mapping[str, Reached]:
        followed.extend(urls)
        return dict.fromkeys(urls, DEAD)

    found = with_links(lambda _: evidence, reach)(EvidenceRequest(full=(query,), urls=(url,)))
    assert found.answers == evidence.answers
    return found.reached[url], followed == [url]


@pytest.mark.parametrize(
    ("url", "identifier", "answer"),
    [
        ("http://arxiv.org/pdf/1506.02025", ARXIV, record()),
        ("https://www.arxiv.org/abs/1506.02025v2", ARXIV, record()),
        ("https://doi.org/10.1038/nature14539", DOI, record()),
        ("http://dx.doi.org/10.1038/NATURE14539", DOI, record()),
        ("http://www.aclweb.org/anthology/P15-1033", ACL, record()),
        ("https://arxiv.org/pdf/1506.02025", DOI, record(DOI, ARXIV)),
        ("https://arxiv.org/pdf/1506.02025", None, record(ARXIV)),
    ],
)
def test_a_link_whose_paper_is_known_is_not_followed(
    url: str, identifier: Identifier | None, answer: Answer
) -> None:
    """A source has a record of what it names."""
    assert gathered(url, identifier, Unanswered("Another", "it is down"), answer) == (
        Reached(Reach.ALIVE),
        False,
    )


@pytest.mark.parametrize(
    ("url", "identifier", "answer"),
    [
        ("http://arxiv.org/pdf/1506.02025", ARXIV, Unknown("A source", TODAY)),
        ("http://arxiv.org/pdf/1506.02025", ARXIV, Unanswered("A source", "it is down")),
        ("http://arxiv.org/pdf/1506.02026", ARXIV, record(ARXIV)),
        ("http://arxiv.org:8080/pdf/1506.02025", ARXIV, record()),
        ("http://user@arxiv.org/pdf/1506.02025", ARXIV, record()),
        ("ftp://arxiv.org/pdf/1506.02025", ARXIV, record()),
        ("http://128.84.21.199/pdf/1506.02025", ARXIV, record()),
        ("https://example.org/doi/10.1038/nature14539", DOI, record()),
        ("https://example.org/a.pdf", ARXIV, record()),
        ("https://example.org/a.pdf", None, record()),
    ],
)
def test_every_other_link_is_followed(url: str, identifier: Identifier | None, answer: Answer) -> None:
    """Unknown, unanswered, another paper, another host than the registry, no identifier at all."""
    assert gathered(url, identifier, answer) == (DEAD, True)


def test_links_are_followed_only_where_the_operator_wants_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without a way out would call every link unreachable."""
    wanted = EvidenceRequest(urls=("ftp://example.org/a.pdf",))

    def look_up(_: EvidenceRequest) -> Evidence:
        return Evidence()

    refused = Reached(Reach.UNVERIFIED, "it is neither http nor https")
    assert gatherer(ServiceSettings(), look_up)(wanted).reached == dict.fromkeys(wanted.urls, refused)
    monkeypatch.setenv("PAPERGATE_FOLLOW_LINKS", "false")
    assert gatherer(ServiceSettings(), look_up)(wanted) == Evidence()
