"""Tests of ``rules.papers.venues``: one paper has one name, at each address its proceedings have had."""

from __future__ import annotations

import pytest

from rules.papers.identifiers import identify

NIPS = "5ca3e9b122f61f8f06494c97b1afccf3"


@pytest.mark.parametrize(
    ("name", "urls"),
    [
        (
            "openreview:SkBYYyZRZ",
            [
                "https://openreview.net/forum?id=SkBYYyZRZ&noteId=x",
                "http://www.openreview.net/pdf?id=SkBYYyZRZ",
            ],
        ),
        (
            "pmlr:v37/ioffe15",
            [
                "http://proceedings.mlr.press/v37/ioffe15.html",
                "https://proceedings.mlr.press/v37/ioffe15/",
                "https://proceedings.mlr.press/v37/ioffe15/ioffe15.pdf",
                "http://jmlr.org/proceedings/papers/v37/ioffe15.pdf",
                "http://www.jmlr.org/proceedings/papers/v37/ioffe15.html",
            ],
        ),
        (
            "jmlr:15/srivastava14a",
            [
                "http://jmlr.org/papers/v15/srivastava14a.html",
                "https://www.jmlr.org/papers/volume15/srivastava14a/srivastava14a.pdf",
                "http://www.jmlr.org/papers/volume15/srivastava14a.old/srivastava14a.pdf",
            ],
        ),
        ("jmlr:18/16-107", ["https://jmlr.org/papers/v18/16-107.html"]),
        (
            "neurips:5423",
            [
                "http://papers.nips.cc/paper/5423-generative-adversarial-nets.pdf",
                "https://papers.nips.cc/paper/5423-generative-adversarial-nets/",
                "https://papers.nips.cc/paper/5423",
            ],
        ),
        (
            f"neurips:2014/{NIPS}",
            [
                f"https://proceedings.neurips.cc/paper/2014/hash/{NIPS}-Abstract.html",
                f"https://proceedings.neurips.cc/paper/2014/file/{NIPS}-Paper.pdf",
                f"https://papers.nips.cc/paper_files/paper/2014/file/{NIPS}-Paper.pdf",
                f"https://proceedings.neurips.cc/paper_files/paper/2014/hash/{NIPS}-Abstract-Conference.html",
            ],
        ),
        (
            "cvf:long_fully_convolutional_networks_cvpr_2015",
            [
                "http://www.cv-foundation.org/openaccess/content_cvpr_2015/papers/"
                "Long_Fully_Convolutional_Networks_2015_CVPR_paper.pdf",
                "http://www.cv-foundation.org/openaccess/content_cvpr_2015/html/"
                "Long_Fully_Convolutional_Networks_2015_CVPR_paper.html",
                "https://openaccess.thecvf.com/content_cvpr_2015/html/"
                "Long_Fully_Convolutional_Networks_2015_CVPR_paper.html",
            ],
        ),
        (
            "cvf:he_deep_residual_learning_cvpr_2016",
            [
                "https://openaccess.thecvf.com/content_cvpr_2016/papers/"
                "He_Deep_Residual_Learning_CVPR_2016_paper.pdf",
                "http://openaccess.thecvf.com/content/CVPR2016/html/He_Deep_Residual_Learning_CVPR_2016_paper.html",
            ],
        ),
    ],
)
def test_one_paper_has_one_name(name: str, urls: list[str]) -> None:
    """Page and PDF, the site's old and new address, with and without ``www.`` and a slash at the end."""
    assert {str(identify(url)) for url in urls} == {name}


@pytest.mark.parametrize(
    "url",
    [
        "https://openreview.net/group?id=ICLR.cc/2018/Conference",
        "https://openreview.net/forum",
        "https://proceedings.mlr.press/v37/",
        "http://jmlr.org/papers/v15/",
        "https://papers.nips.cc/book/advances-in-neural-information-processing-systems-27-2014",
        "https://proceedings.neurips.cc/paper/2014/hash/abc-Abstract.html",
        "https://openaccess.thecvf.com/content_cvpr_2016/supplemental/He_Deep_Residual_Learning_CVPR_2016.pdf",
        "https://openaccess.thecvf.com/CVPR2016",
        "https://example.org/paper/5423-generative-adversarial-nets.pdf",
    ],
)
def test_other_pages_name_no_paper(url: str) -> None:
    """A volume, a group and another host's page are no paper."""
    assert identify(url) is None
