"""URLs name papers."""

from __future__ import annotations

from datetime import date

import pytest

from rules.identifiers import Identifier, identify, months_between, posted


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
        ("https://aclanthology.org/2020.acl-main.747/", "acl:2020.acl-main.747"),
    ],
)
def test_identifies(url: str, name: str) -> None:
    """A known form of URL gives one canonical identifier, without version and suffix."""
    assert str(identify(url)) == name


@pytest.mark.parametrize(
    "url",
    [
        "http://papers.nips.cc/paper/5423-generative-adversarial-nets.pdf",
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


def test_knows_when_a_preprint_was_posted() -> None:
    """An arXiv id holds year and month; another identifier does not."""
    assert posted(Identifier("arxiv", "1702.01932")) == date(2017, 2, 1)
    assert posted(Identifier("arxiv", "quant-ph/9508027")) == date(1995, 8, 1)
    assert posted(Identifier("doi", "10.1/1702.01932")) is None
    assert months_between(date(2017, 2, 1), date(2017, 9, 14)) == 7
