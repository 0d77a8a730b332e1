"""URLs name papers."""

from __future__ import annotations

from datetime import date

import pytest

from rules.papers.evidence import Evidence, EvidenceRequest, Query
from rules.papers.identifiers import Identifier, identify, months_between, posted


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("http://arxiv.org/pdf/1502.03167", "arxiv:1502.03167"),
        ("https://arxiv.org/pdf/1601.06759v2.pdf", "arxiv:1601.06759"),
        ("https://arxiv.org/abs/1702.03275", "arxiv:1702.03275"),
        ("http://export.arxiv.org/abs/quant-ph/0201082v1", "arxiv:quant-ph/0201082"),
        ("https://ar5iv.labs.arxiv.org/html/1910.06709", "arxiv:1910.06709"),
        ("https://128.84.21.199/pdf/1703.06870", "arxiv:1703.06870"),
        ("https://doi.org/10.1162/neco.1997.9.8.1735", "doi:10.1162/neco.1997.9.8.1735"),
        ("https://doi.org/10.48550/arXiv.1706.03762", "arxiv:1706.03762"),
        (
            "http://www.mitpressjournals.org/doi/pdfplus/10.1162/neco.1997.9.8.1735",
            "doi:10.1162/neco.1997.9.8.1735",
        ),
        ("http://aclweb.org/anthology/N/N16/N16-1030.pdf", "acl:N16-1030"),
        ("http://anthology.aclweb.org/D/D14/D14-1162.pdf", "acl:D14-1162"),
        ("https://www.aclweb.org/anthology/n16-1030/", "acl:N16-1030"),
        ("https://aclanthology.org/2020.acl-main.747/", "acl:2020.acl-main.747"),
        ("https://aclanthology.org/2020.acl-main.747v2.pdf", "acl:2020.acl-main.747"),
        ("https://www.aclweb.org/anthology/2020.acl-main.747.pdf", "acl:2020.acl-main.747"),
        ("HTTPS://WWW.ARXIV.ORG/abs/1512.03385/", "arxiv:1512.03385"),
        ("https://arxiv.org/abs/math.GT/0309136v2", "arxiv:math/0309136"),
        ("https://arxiv.org/abs/arXiv:1512.03385", "arxiv:1512.03385"),
        ("https://doi.org/10.48550/arXiv.1706.03762v5", "arxiv:1706.03762"),
        ("https://huggingface.co/papers/2401.00001", "arxiv:2401.00001"),
        ("http://dx.doi.org/10.1038/NATURE14539/", "doi:10.1038/nature14539"),
        ("https://onlinelibrary.wiley.com/doi/10.1002/9781118445112/full", "doi:10.1002/9781118445112"),
        ("https://dl.acm.org/doi/pdf/10.1145/3065386", "doi:10.1145/3065386"),
        (
            "https://www.semanticscholar.org/paper/Deep-Residual-Learning/2C03DF8B48BF3FA39054345BAFABFEFF15BFD11D",
            "s2:2c03df8b48bf3fa39054345bafabfeff15bfd11d",
        ),
        (
            "https://semanticscholar.org/paper/2c03df8b48bf3fa39054345bafabfeff15bfd11d/",
            "s2:2c03df8b48bf3fa39054345bafabfeff15bfd11d",
        ),
        ("https://api.semanticscholar.org/CorpusID:206594692", "s2:CorpusId:206594692"),
    ],
)
def test_identifies(url: str, name: str) -> None:
    """A known form of URL gives one canonical identifier, without version and suffix."""
    assert str(identify(url)) == name


@pytest.mark.parametrize(
    "url",
    [
        "https://huggingface.co/papers/trending",
        "https://www.semanticscholar.org/author/K.-He/39353098",
        "https://github.com/10.1038/nature14539",
        "http://jmlr.org/papers/",
        "http://example.org/pdf/1502.03167",
        "http://arxiv.org/list/cs/recent",
        "http://arxiv.org/pdf/1599.03167",
        "http://[::1",
        "",
        "not a url",
    ],
)
def test_names_nothing(url: str) -> None:
    """A URL that names no paper gives none, also when it is none."""
    assert identify(url) is None


def test_only_some_identifiers_can_be_asked_about() -> None:
    """Services know papers by arXiv id, DOI, ACL Anthology id and Semantic Scholar's own."""
    urls = ("http://arxiv.org/abs/1512.03385", "http://papers.nips.cc/paper/5423-generative-adversarial-nets")
    assert [found.askable for found in map(identify, urls) if found] == [True, False]


@pytest.mark.parametrize(
    ("url", "year"),
    [
        ("http://arxiv.org/abs/1512.03385", 2015),
        ("http://aclweb.org/anthology/P97-1002", 1997),
        ("https://aclanthology.org/2020.acl-main.747/", 2020),
        ("https://papers.nips.cc/paper/2014/hash/5ca3e9b122f61f8f06494c97b1a20010-Abstract.html", 2014),
        ("https://openaccess.thecvf.com/content/CVPR2021/html/A_B_CVPR_2021_paper.html", 2021),
        ("http://papers.nips.cc/paper/5423-generative-adversarial-nets", None),
        ("https://doi.org/10.1162/neco.1997.9.8.1735", None),
    ],
)
def test_some_identifiers_hold_a_year(url: str, year: int | None) -> None:
    """A DOI may hold digits that look like a year, and is not asked for one."""
    found = identify(url)
    assert found
    assert found.year == year


def test_knows_when_a_preprint_was_posted() -> None:
    """An arXiv id holds year and month; another identifier does not."""
    assert posted(Identifier("arxiv", "1702.01932")) == date(2017, 2, 1)
    assert posted(Identifier("arxiv", "quant-ph/9508027")) == date(1995, 8, 1)
    assert posted(Identifier("doi", "10.1/1702.01932")) is None
    assert months_between(date(2017, 2, 1), date(2017, 9, 14)) == 7


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("9001.0001", date(2090, 1, 1)),
        ("hep-th/9108001", date(1991, 8, 1)),
        ("hep-th/9012001", date(2090, 12, 1)),
        ("1612.00001", date(2016, 12, 1)),
        ("1601.00001", date(2016, 1, 1)),
        ("quant-ph/0113001", None),
        ("quant-ph/0100001", None),
    ],
)
def test_the_month_of_a_preprint_is_one_of_twelve(value: str, day: date | None) -> None:
    """arXiv began in 1991: two digits up to 90 are of this century."""
    assert posted(Identifier("arxiv", value)) == day


@pytest.mark.parametrize(("value", "year"), [("P60-1001", 2060), ("P61-1001", 1961), ("P00-1001", 2000)])
def test_the_year_of_an_old_anthology_id_has_two_digits(value: str, year: int) -> None:
    """The anthology begins with papers of the sixties."""
    assert Identifier("acl", value).year == year


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        (date(2016, 12, 31), date(2017, 1, 1), 1),
        (date(2016, 9, 1), date(2017, 3, 31), 6),
        (date(2017, 3, 1), date(2017, 3, 31), 0),
        (date(2017, 3, 1), date(2016, 12, 1), -3),
    ],
)
def test_months_are_counted_across_a_year(first: date, last: date, months: int) -> None:
    """By the month alone, whatever the day."""
    assert months_between(first, last) == months


def test_a_query_is_askable_by_an_identifier_that_services_know() -> None:
    """Not by a title, and not by a name that only tells papers apart."""
    assert Query(Identifier("doi", "10.1/a"), "A title").askable
    assert not Query(Identifier("neurips", "5423"), "A title").askable
    assert not Query(None, "A title").askable


def test_evidence_is_asked_for_again_after_a_week() -> None:
    """Unless a policy says otherwise; nothing is known of what was not asked."""
    assert EvidenceRequest().fresh_days == 7
    assert Evidence().of(Query(None, "A title")) == ()


@pytest.mark.attack("A NUL or another control character in a link")
@pytest.mark.parametrize("sign", ["%00", "%0a", "%7f", "%C2%85"])
def test_a_control_character_is_part_of_no_identifier(sign: str) -> None:
    """The database would refuse it, and the pull request would never be judged."""
    assert identify(f"https://doi.org/10.1234/a{sign}b") is None
