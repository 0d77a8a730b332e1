"""Which entry of the BibTeX file is of which paper, and where the two differ."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rules.bibliography.matching import BibEntry, differences, match
from rules.reading.document import Listed
from tests.rules.making import TOP, change, entry, text


def papers(*lines: str) -> tuple[Listed, ...]:
    """Return the entries of a list."""
    return change(text(TOP), text(TOP, *lines)).head.entries


def bib(title: str, *surnames: str, year: int | None = 2015, more: bool = False, line: int = 1) -> BibEntry:
    return BibEntry(title.split(maxsplit=1)[0].lower(), title, surnames, year, line, more)


DEEP = entry("Deep nets for everything", authors="K. He et al.")


def test_the_entry_of_the_same_author_is_taken() -> None:
    """Of two with one title; the other is left over."""
    first, second = bib("Deep nets for everything", "Bee"), bib("Deep nets for everything", "He", line=9)
    found = match(papers(DEEP), [first, second])
    assert [(paper.title, other) for paper, other in found.pairs] == [("Deep nets for everything", second)]
    assert (found.papers, found.entries) == ((), (first,))


def test_without_the_author_the_first_of_the_title_is_taken() -> None:
    """Authors may be misspelled in the list or in the file."""
    first, second = bib("Deep nets for everything", "Bee"), bib("Deep nets for everything", "Cee", line=9)
    assert match(papers(DEEP), [first, second]).pairs[0][1] == first


@pytest.mark.parametrize(
    ("title", "surname", "paired"),
    [
        ("Deep nets for everythings", "Bee", True),
        ("Deep nets of everything", "He", True),
        ("Deep nets of everything", "Bee", False),
        ("Nets of another kind", "He", False),
        ("Deep nets of everything", "", False),
    ],
)
def test_a_title_much_alike_needs_the_author(title: str, surname: str, paired: bool) -> None:
    """One that is the same but for a letter needs none."""
    found = match(papers(DEEP), [bib(title, *filter(None, [surname]))])
    assert bool(found.pairs) == paired


def test_the_most_alike_are_paired_first_and_each_once() -> None:
    """A paper takes the closer of two entries, and leaves the other."""
    near, nearer = bib("Deep nets for everythin", "He"), bib("Deep nets for everythings", "He", line=9)
    found = match(papers(DEEP), [near, nearer])
    assert [other for _, other in found.pairs] == [nearer]
    assert found.entries == (near,)


def test_many_left_over_are_not_compared() -> None:
    """200 papers by 200 entries are; one more is not, because the time grows with the square."""
    lines = [
        entry(f"Title number {number} of them all here", authors="K. He et al.") for number in range(201)
    ]
    entries = [bib(f"Title number {number} of them all hers", "He", line=number) for number in range(201)]
    assert len(match(papers(*lines[:200]), entries[:200]).pairs) == 200
    assert match(papers(*lines), entries[:200]).pairs == ()


def difference(line: str, other: BibEntry) -> list[str]:
    (paper,) = papers(line)
    return [what for what, _ in differences(paper, other)]


HE = bib("Deep nets for everything", "He", "Zhang")


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (HE, []),
        (replace(HE, title="DEEP nets for everything!"), []),
        (replace(HE, title="Deep nets for nothing"), ["title"]),
        (replace(HE, year=2014), ["year"]),
        (replace(HE, year=None), []),
        (replace(HE, surnames=("Bee", "Zhang")), ["authors"]),
        (replace(HE, surnames=()), []),
        (replace(HE, surnames=("He",)), ["authors"]),
        (replace(HE, surnames=("He",), more=True), []),
    ],
)
def test_what_one_side_leaves_out_is_no_difference(other: BibEntry, said: list[str]) -> None:
    """The list says "He et al."; the file needs a second author, or "and others"."""
    assert difference(DEEP, other) == said


@pytest.mark.parametrize(
    ("surnames", "said"),
    [
        (("He", "Zhang"), []),
        (("He",), ["authors"]),
        (("He", "Zhang", "Ren"), ["authors"]),
        (("He", "Bee"), ["authors"]),
    ],
)
def test_two_named_authors_are_exactly_two(surnames: tuple[str, ...], said: list[str]) -> None:
    """Neither fewer nor more, and in their order."""
    line = entry("Deep nets for everything", authors="K. He and X. Zhang")
    assert difference(line, replace(HE, surnames=surnames)) == said
