"""A form reads an entry strictly, loosely or by its landmarks, and writes it back."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.policy.forms import FormLine, Standing
from rules.reading.blocks import content_of, item
from rules.reading.entry import Entry
from rules.reading.forms.reader import list_form
from rules.reading.forms.strict import strict
from rules.reading.forms.template import FormError, parse

PLM = (
    FormLine("**{title}**. *{authors}*. {venue} {year}. {links}<< (**{short}**)>>"),
    FormLine("**{title}**. *{authors}*. Preprint. {links}", Standing.ALSO),
)
TWO_LINES = (FormLine("**[{title}.]({url})**<< {links}>>\n\n*{authors}.* {venue}'{yy}"),)
LINKED = (FormLine("[{title}]({url})<< - {text}>>"),)


def read(text: str, forms: tuple[FormLine, ...]) -> Entry:
    lines = tuple(text.split("\n"))
    entry = list_form(forms).read(item(lines, 1, len(lines), nested=False))
    assert entry is not None
    return entry


@pytest.mark.parametrize(
    ("text", "forms", "title", "year", "exact"),
    [
        ("3. **A title**. *A. B, C. D*. ACL 2019. [[pdf](http://a.org/1)]", PLM, "A title", 2019, True),
        (
            "3. **A title 2018**. *A. B*. ACL 2019. [[pdf](http://a.org/1)] (**AT**)",
            PLM,
            "A title 2018",
            2019,
            True,
        ),
        ("3. **A title**. *A. B*. Preprint. [[pdf](http://a.org/1)]", PLM, "A title", None, True),
        ("3. **A title**. *A. B*. ACL2019, [[pdf](http://a.org/1)]", PLM, "A title", 2019, False),
        ("3. **A title**. *A. B*. [[pdf](http://a.org/2018)]", PLM, "A title", None, False),
        ("3. **A title**. *A. B* [[pdf]](http://a.org/1", PLM, "A title", None, False),
        ("- [A title](http://a.org/1) - words", LINKED, "A title", None, True),
        ("- [A [title]](http://a.org/1)", LINKED, "A [title]", None, True),
        ("- [A title] (http://a.org/1) - words", LINKED, "A title", None, False),
        ("- [A title]([http://a.org/1) - words", LINKED, "A title", None, True),
        ("- [A title](http://a.org/1 - words", LINKED, "A title", None, False),
        ("1. **[A title.](http://a.org/1)**\n\n    *A. B.* ACL'24", TWO_LINES, "A title", 2024, True),
        (
            "1. **[A title.](http://a.org/1)** [[code](http://a.org/c)]\n    *A. B* ACL'24",
            TWO_LINES,
            "A title",
            2024,
            False,
        ),
    ],
)
def test_reads_title_and_year(
    text: str, forms: tuple[FormLine, ...], title: str, year: int | None, exact: bool
) -> None:
    """A broken line keeps its title; only one that fits letter by letter is in form."""
    entry = read(text, forms)
    assert (entry.title, entry.year.value, entry.fit and entry.fit.exact) == (title, year, exact)
    assert entry.links[0].url.endswith(("/1", "/2018", "[http://a.org/1"))


@pytest.mark.parametrize(
    ("text", "forms", "written"),
    [
        (
            "3. **A title**.  *A. B*. ACL2019, [[pdf]](http://a.org/1),[code](http://a.org/c)",
            PLM,
            "3. **A title**. *A. B*. ACL 2019. [[pdf](http://a.org/1)] [[code](http://a.org/c)]",
        ),
        (
            "1. **[A title](http://a.org/1)** [[code]](http://a.org/c)\n   *A. B* ACL'24",
            TWO_LINES,
            "1. **[A title.](http://a.org/1)** [[code](http://a.org/c)]\n\n    *A. B.* ACL'24",
        ),
        (
            "- [A title](http://a.org/1)- words <!-- key -->",
            LINKED,
            "- [A title](http://a.org/1) - words <!-- key -->",
        ),
        ("- [A title](http://a.org/1) <!-- key --> words", LINKED, None),
        ("- A title [pdf](http://a.org/1)", LINKED, None),
    ],
)
def test_offers_the_line_in_form_where_it_is_certain(
    text: str, forms: tuple[FormLine, ...], written: str | None
) -> None:
    """Only spaces, punctuation and brackets are put right, and only where every part is where it belongs."""
    entry = read(text, forms)
    assert entry.fit is not None
    assert entry.fit.written == written


WORDS = st.lists(
    st.sampled_from(["Deep", "nets?", "(almost)", "A/B", "3D", "x_1", "of", "C++", "\u00e9t\u00e9"]),
    min_size=1,
)
LINKS = st.lists(st.sampled_from(["pdf", "code", "project page"]), min_size=1, max_size=3)


@given(WORDS, WORDS, st.integers(1990, 2029), LINKS, st.booleans())
def test_writes_back_what_it_reads(
    title: list[str], venue: list[str], year: int, labels: list[str], short: bool
) -> None:
    """A form that reads an entry letter by letter writes it letter by letter."""
    form = strict(PLM[0].text, PLM[0].links, " ")
    links = tuple((label, f"http://a.org/{number}") for number, label in enumerate(labels))
    values = {"title": " ".join(title), "authors": "A. B, C. D", "venue": " ".join(venue), "year": str(year)}
    values |= {"short": "Name"} if short else {}
    line = form.write(values, links)
    assert line is not None
    match = form.match(line)
    assert match is not None
    assert {name: match.values[name] for name in values} == values


@given(WORDS, LINKS, st.integers(0, 3), st.sampled_from(["", ",", "  ", "."]))
def test_corrected_line_is_stable_and_loses_nothing(
    title: list[str], labels: list[str], style: int, sign: str
) -> None:
    """The line offered has the same words and links, fits the form, and has no line offered in its turn."""
    styles = ("[[{0}]]({1})", "[{0}]({1})", "[[{0}]({1})]", "[{0}]({1}) ")
    links = " ".join(styles[style].format(label, f"http://a.org/{label[0]}") for label in labels)
    text = f"- **{' '.join(title)}**. *A. B*{sign} ACL 2020{sign} {links}"
    entry = read(text, PLM)
    assert entry.fit is not None
    if entry.fit.written is None:
        return
    again = read(entry.fit.written, PLM)
    assert again.fit is not None
    assert again.fit.exact
    assert again.fit.written is None
    assert again.title == entry.title
    assert [link.url for link in again.links] == [link.url for link in entry.links]


@pytest.mark.parametrize(
    "form",
    [
        "{titel}",
        "no field",
        "<<{title}>>",
        "{title}<<",
        "{title}>>",
        "{title}{text}",
        "{title} {title}",
        "x" * 301,
    ],
)
def test_bad_forms_are_refused(form: str) -> None:
    """A form that nobody could read by says what is wrong with it."""
    with pytest.raises(FormError):
        parse(form)


HOSTILE_FORMS = [
    "{authors}, {title}, {venue}, {year}. {links}",
    "{title}" + "<<, {note}>>",
    "<<{short} >><<{note} >><<{text} >>{title} {links}",
    "<<<<<<{note},>>,>>,>>{title}",
    "**{title}** " + "a" * 250,
]
HOSTILE_LINES = [
    "- " + "a, " * 950,
    "- " + "[a](" * 700,
    "- " + "**a " * 700,
    "- **" + "[[pdf](http://a.org)] " * 120,
    "- " + "<!--" * 700,
    "- x <a" + " b=c\td" * 480,
    "- " + "`" * 1000 + " ``" * 600,
]


@pytest.mark.parametrize("form", HOSTILE_FORMS)
def test_no_form_and_no_line_takes_long(form: str) -> None:
    """Patterns from a policy run in linear time, whatever the line."""
    for line in HOSTILE_LINES:
        start = time.perf_counter()
        reader = list_form((FormLine(form),))
        reader.read(item((line,), 1, 1, nested=False))
        assert time.perf_counter() - start < 1


def test_content_has_no_indentation_and_no_hard_breaks() -> None:
    """What GitHub shows of a block is one text, its paragraphs apart."""
    assert content_of("a \\\n  b  \n\n   c") == "a\nb\u2029c"
