"""Links are read however broken they are."""

from __future__ import annotations

import pytest

from rules.reading.links import LinkForm, first_link, read_links


@pytest.mark.parametrize(
    ("text", "form", "url"),
    [
        ("[[pdf]](http://a.org/b.pdf)", LinkForm.GOOD, "http://a.org/b.pdf"),
        ("[[pdf]](http://a.org/AI%20(2009).pdf)", LinkForm.GOOD, "http://a.org/AI%20(2009).pdf"),
        ("[[pdf]](http://a.org/b.pdf )", LinkForm.GOOD, "http://a.org/b.pdf"),
        ('[[pdf]](http://a.org/b.pdf "The paper")', LinkForm.GOOD, "http://a.org/b.pdf"),
        ("[pdf](http://a.org/b.pdf)", LinkForm.PLAIN, "http://a.org/b.pdf"),
        ("[[pdf](http://a.org/b.pdf)]", LinkForm.PLAIN, "http://a.org/b.pdf"),
        ("[[pdf]] (http://a.org/b.pdf)", LinkForm.SPACE, "http://a.org/b.pdf"),
        ("[[pdf]]\n (http://a.org/b.pdf)", LinkForm.SPLIT, "http://a.org/b.pdf"),
        ("[[pdf]]()", LinkForm.EMPTY, ""),
        ("[[pdf]]", LinkForm.EMPTY, ""),
        ("[[pdf](http://a.org/b.pdf)", LinkForm.BROKEN, "http://a.org/b.pdf"),
        ("[pdf]](http://a.org/b.pdf)", LinkForm.BROKEN, "http://a.org/b.pdf"),
        ("[[pdf]](http://a.org/b.pdf", LinkForm.BROKEN, "http://a.org/b.pdf"),
        ("[[pdf]]http://a.org/b.pdf", LinkForm.BROKEN, "http://a.org/b.pdf"),
        ("(http://a.org/b.pdf)", LinkForm.BROKEN, "http://a.org/b.pdf"),
        ("http://a.org/b.pdf", LinkForm.BROKEN, "http://a.org/b.pdf"),
    ],
)
def test_reads_a_link(text: str, form: LinkForm, url: str) -> None:
    """A link's form is told, and its URL is found."""
    links, _ = read_links(text)
    assert [(link.form, link.url) for link in links] == [(form, url)]


def test_reads_several_links_and_what_is_left() -> None:
    """Links follow each other with or without a space; what belongs to none is returned."""
    links, rest = read_links(
        "[[web]](http://a.org/)[[pdf]](http://b.org/) [[code]](http://c.org/)) :sparkles:"
    )
    assert [link.label for link in links] == ["web", "pdf", "code"]
    assert rest == ") :sparkles:"


def test_finds_where_links_begin() -> None:
    """A title's parentheses are no link."""
    text = (
        "Natural language processing (almost) from scratch (2011), R. Collobert et al. [[pdf]](http://a.org/)"
    )
    assert text[first_link(text) :] == "[[pdf]](http://a.org/)"
    assert first_link("No link here (2011)") == len("No link here (2011)")
