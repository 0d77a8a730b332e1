"""Entries are read tolerantly and rendered in one form."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.policy.style import Style
from rules.reading.entry import read_entry
from rules.reading.entry_text import Bold, YearForm
from rules.reading.rendering import hinted_year, render

TOP = Style(bold=True)
LINK = "[[pdf]](http://arxiv.org/pdf/1412.6980)"
CANONICAL = f"- **Adam: A method for stochastic optimization** (2014), D. Kingma and J. Ba {LINK}"


@pytest.mark.parametrize(
    "written",
    [
        f"- Adam: A method for stochastic optimization (2014), D. Kingma and J. Ba {LINK}",
        f"* **Adam: A method for stochastic optimization** (2014), D. Kingma and J. Ba {LINK}",
        f"- **Adam: A method for stochastic optimization (2014)**, D. Kingma and J. Ba {LINK}",
        f"- **Adam: A method for stochastic optimization** (2014) D. Kingma and J. Ba {LINK}",
        f"- **Adam: A method for stochastic optimization** (2014), D. Kingma and J. Ba. {LINK}",
        f"- **Adam: A method for stochastic optimization** (2014), D. Kingma and J. Ba, {LINK}  ",
        f"- **Adam: A method for stochastic optimization** (2014, D. Kingma and J. Ba {LINK}",
        f"- **Adam: A method for stochastic optimization** 2014), D. Kingma and J. Ba {LINK}",
        f"- **Adam: A method for stochastic optimization** [2014], D. Kingma and J. Ba {LINK}",
        f"- **Adam: A method for stochastic optimization**, 2014, D. Kingma and J. Ba {LINK}",
        f"- **Adam: A method for stochastic optimization**, D. Kingma and J. Ba (2014) {LINK}",
        f"- **Adam: A method for stochastic optimization**, D. Kingma and J. Ba {LINK}",
        f"- **Adam: A method for\n stochastic optimization** (2014), Diederik Kingma and Jimmy Ba {LINK}",
        "- **Adam: A method for stochastic optimization** (2014), D. Kingma and J. Ba [[pdf]]\n"
        " (http://arxiv.org/pdf/1412.6980)",
        "- **Adam: A method for stochastic optimization** (2014), D. Kingma and J. Ba <!-- note --> " + LINK,
    ],
)
def test_renders_what_it_reads_in_one_form(written: str) -> None:
    """However it is written, an entry with all its parts has one corrected line."""
    assert render(read_entry(written), TOP) == CANONICAL


def test_keeps_the_parts_of_a_title_cut_by_its_year() -> None:
    """A year in the middle of the title goes behind it."""
    entry = read_entry("- Neural machine translation(2017): A tutorial, G. Neubig. " + LINK)
    assert (entry.title, entry.year.form) == ("Neural machine translation", YearForm.MISPLACED)
    assert render(entry, Style()) == f"- Neural machine translation: A tutorial (2017), G. Neubig {LINK}"


@pytest.mark.parametrize(
    ("text", "value", "shown"),
    [
        ("(Book, 2016)", 2016, "Book, 2016"),
        ("(Book, Jan 2017)", 2017, "Book, Jan 2017"),
        ("(2015)", 2015, "2015"),
    ],
)
def test_reads_the_forms_of_a_year(text: str, value: int, shown: str) -> None:
    """A year may come with what it is the year of."""
    year = read_entry(f"- Deep learning {text}, I. Goodfellow et al. {LINK}").year
    assert (year.form, year.value, year.text) == (YearForm.GOOD, value, shown)


def test_takes_tags_and_marks_apart() -> None:
    """Affiliations and sparkles of the older list are no part of title, names or links."""
    entry = read_entry(f"- A title (2015) *(Google)*, Q. Le and T. Mikolov *(Le: Google)* {LINK} :sparkles:")
    assert entry.tags == ("Google", "Le: Google")
    assert entry.marks == (":sparkles:",)
    assert (entry.authors.canonical, entry.extra) == ("Q. Le and T. Mikolov", "")


def test_reads_lectures_as_they_stand() -> None:
    """Where entries are not dated, a year in the title is no year of the entry."""
    entry = read_entry("- NIPS 2016 Tutorials, Long Beach [[web]](https://nips.cc/)", dated=False)
    assert (entry.title, entry.bold, entry.authors.names) == (
        "NIPS 2016 Tutorials, Long Beach",
        Bold.NONE,
        (),
    )


@pytest.mark.parametrize(
    ("url", "year"),
    [
        ("http://arxiv.org/pdf/1412.6980", 2014),
        ("http://aclweb.org/anthology/P/P15/P15-1033.pdf", 2015),
        (
            "http://www.cv-foundation.org/openaccess/content_cvpr_2016/papers/He_Deep_CVPR_2016_paper.pdf",
            2016,
        ),
        ("http://example.org/paper.pdf", None),
    ],
)
def test_a_link_may_name_the_year(url: str, year: int | None) -> None:
    """A missing year is suggested only where the link names one."""
    assert hinted_year(read_entry(f"- A title, A. Author et al. [[pdf]]({url})")) == year


FRAGMENTS = [
    "- ",
    "* ",
    "**",
    "[[pdf]]",
    "(",
    ")",
    "(2014)",
    "2016)",
    ", ",
    ". ",
    "et al.",
    "A. Author",
    "Chen",
    " and ",
    "http://arxiv.org/pdf/1412.6980",
    "]",
    "[",
    "*(Google)*",
    "*",
    ":sparkles:",
    "<!--",
    "-->",
    "Title",
    "\n",
    " ",
    "\u202e",
    "&",
    "_",
]
PIECES = st.lists(st.sampled_from(FRAGMENTS), max_size=40)


@given(PIECES, st.sampled_from([TOP, Style(), Style(bold=None, tags=True, marks=True)]))
def test_any_pieces_make_one_line(pieces: list[str], style: Style) -> None:
    """However pieces of entries are put together, they are read, and rendered as one line."""
    line = render(read_entry("".join(pieces), dated=style.year), style)
    assert "\n" not in render(read_entry(line, dated=style.year), style)
    assert "\n" not in line


TITLE_WORDS = ("Deep", "learning", "of", "sparse:", "memory-based", "(almost)", "A/B", "nets?", "in", "3D")
WORDS = st.lists(st.sampled_from(TITLE_WORDS), min_size=2)
AUTHORS = st.sampled_from(["A. Author et al.", "B. Writer", "C. One and D. Two"])
SLIPS: dict[str, Callable[[str], str]] = {
    "marker": lambda line: "* " + line.removeprefix("- "),
    "indent": lambda line: "  " + line,
    "plain": lambda line: line.replace("**", ""),
    "comma": lambda line: line.replace("), ", ") ", 1),
    "period": lambda line: line.replace(" [[", ". [[", 1),
    "comma before link": lambda line: line.replace(" [[", ", [[", 1),
    "glued link": lambda line: line.replace(" [[", "[[", 1),
    "double space": lambda line: line.replace(" [[", "  [[", 1),
    "apart": lambda line: line.replace("]](", "]] (", 1),
    "broken line": lambda line: line.replace("]](", "]]\n (", 1),
    "trailing": lambda line: line + "  ",
}


@given(WORDS, st.integers(1990, 2026), AUTHORS, st.sets(st.sampled_from(sorted(SLIPS))))
def test_any_mix_of_slips_is_mended(words: list[str], year: int, authors: str, slips: set[str]) -> None:
    """An entry with all its parts has one corrected line, whatever slips of the pen it holds together."""
    line = f"- **{' '.join(words)}** ({year}), {authors} {LINK}"
    written = line
    for name, slip in SLIPS.items():
        written = slip(written) if name in slips else written
    assert render(read_entry(written), TOP) == line


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    """No text makes the reader fail."""
    render(read_entry(text), TOP)
