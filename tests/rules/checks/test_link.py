"""Links at the edges: copied URLs, file names of other papers, beginnings that lead nowhere, labels."""

from __future__ import annotations

import pytest

from rules.context import Question
from rules.evaluate import evaluate
from rules.report.findings import Severity
from tests.rules.making import (
    APPENDIX,
    POLICY,
    TODAY,
    TOP,
    audit,
    change,
    codes,
    entry,
    found,
    report_on,
    text,
)

ONE = entry("A title of one paper", url="http://example.org/one.pdf")
COPIED = entry("Another thing altogether", authors="B. Bee", url="http://example.org/one.pdf")


def said(url: str, title: str = "A title of one paper", label: str = "pdf") -> list[str]:
    """Return the codes for a link of an added entry."""
    line = f"- **{title}** (2015), A. Author et al. [[{label}]]({url})"
    return codes(report_on(text(TOP), text(TOP, line)), "link")


def test_a_copied_url_is_reported_at_the_new_entry() -> None:
    """With the entry it was copied from; nobody can tell the right URL."""
    (finding,) = found(report_on(text(TOP, ONE), text(TOP, COPIED, ONE)), "link")
    assert (finding.code, finding.severity) == ("same-url-other-entry", Severity.ERROR)
    assert (finding.line, finding.end_line, finding.title) == (4, 4, "Another thing altogether")
    assert ([place.line for place in finding.related], finding.fix) == ([5], None)
    assert finding.message == (
        'Replace the URL: it is that of "A title of one paper", line 5, in Image / Video / Etc.'
    )


def test_an_old_copy_is_reported_at_the_later_entry_as_old() -> None:
    """Unless the change gives one of the two its URL."""
    both = text(TOP, ONE, COPIED)
    (old,) = found(report_on(both, both.replace("B. Bee", "C. Cee")), "link")
    assert (old.line, old.introduced) == (5, False)
    before = both.replace("one.pdf", "two.pdf", 1)
    (new,) = found(report_on(before, both), "link")
    assert (new.line, new.introduced) == (4, True)


def test_a_url_of_an_entry_that_only_the_base_has_is_copied_too() -> None:
    """Its line is one of the base."""
    before = text(TOP, "", APPENDIX)
    after = text(TOP, COPIED, "", APPENDIX)
    of = change(before, after, base=text(TOP, "", APPENDIX, ONE.replace("**", "")))
    (finding,) = found(evaluate(of, POLICY, None, Question(TODAY)), "link")
    assert [(place.line, place.base_line) for place in finding.related] == [(None, 6)]


def test_an_audit_introduces_every_fault() -> None:
    """It compares with nothing, and checks every line."""
    line = "- A title of one paper (2015), A. Author et al. [[pdf]] (http://example.org/one.pdf)"
    report = audit(text(TOP, line))
    assert codes(report, "link") == ["space-between"]
    assert codes(report, "format") == ["not-bold"]
    again = report_on(text(TOP, line), text(TOP, line, ONE.replace("one", "two")))
    assert codes(again, "link") == codes(again, "format") == []


@pytest.mark.parametrize(
    ("title", "slug", "wrong"),
    [
        ("Memory networks", "1234-memory-networks", False),
        ("Memory networks", "1234-spatial-transformer-networks", True),
        ("Memory networks", "1234-memory-transformers", False),
        ("Memory networks", "1234-memory-of-deep-transformers", True),
        ("Memory networks", "1234-on-an-is", False),
    ],
)
def test_a_file_name_with_less_than_half_of_the_title_is_another_paper(
    title: str, slug: str, wrong: bool
) -> None:
    """Words of three letters and more; exactly half of them is enough."""
    assert said(f"http://papers.nips.cc/paper/{slug}.pdf", title) == ["wrong-paper"] * wrong


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("He_Deep_Residual_Learning_CVPR_2016_paper.pdf", True),
        ("Author_A_Title_Of_CVPR_2015_paper.pdf", False),
        ("Author_A_Title_Of_2015_CVPR_paper.pdf", False),
    ],
)
def test_file_names_of_computer_vision_begin_with_the_author(name: str, wrong: bool) -> None:
    """The words after it are the title's first."""
    url = f"http://www.cv-foundation.org/openaccess/content_cvpr_2015/papers/{name}"
    assert said(url) == ["wrong-paper"] * wrong


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://example.org/a.pdf", None),
        ("ftp://example.org/a.pdf", None),
        ("https://user@example.org/a.pdf", None),
        ("/papers/a.pdf", "broken-markup"),
        ("mailto:a@example.org", "broken-markup"),
        ("http://nodots/a.pdf", "broken-markup"),
        ("www.example.org/a.pdf", "no-scheme"),
        ("papers/a", "no-scheme"),
        ("TODO", "empty-url"),
    ],
)
def test_a_url_begins_with_a_scheme_and_a_host(url: str, code: str | None) -> None:
    """What does not, leads nowhere."""
    assert said(url) == ([code] if code else [])


@pytest.mark.parametrize(
    ("label", "url", "code"),
    [
        ("pdf", "http://example.org/a.html", "html-not-pdf"),
        ("PDF", "http://example.org/a.XHTM", "html-not-pdf"),
        ("html", "http://example.org/a.html", None),
        ("web", "http://arxiv.org/abs/1506.02025", None),
        ("pdf", "http://arxiv.org/abs/1506.02025", "arxiv-abs"),
        ("pdf", "http://93.184.216.34/a.pdf", "raw-ip"),
        ("pdf", "http://[2001:db8::1]/a.pdf", "raw-ip"),
        ("pdf", "http://93.184.216.example.org/a.pdf", None),
        ("", "http://example.org/a.pdf", "empty-label"),
        (" ", "http://example.org/a.pdf", "empty-label"),
    ],
)
def test_a_label_promises_what_is_behind_it(label: str, url: str, code: str | None) -> None:
    """In any case of its letters; without one nobody can click."""
    assert said(url, label=label) == ([code] if code else [])


def test_stray_brackets_are_quoted_up_to_a_bound() -> None:
    """Enough to find them."""
    line = f"{ONE}{')' * 30}"
    finding = next(item for item in found(report_on(text(TOP), text(TOP, line)), "link"))
    assert finding.message == f"Remove the extra `{')' * 20}` after the link."
