"""Names are read however they are written, and written in one way."""

from __future__ import annotations

import pytest

from rules.reading.authors import looks_like_authors, read_authors, split_title
from rules.reading.names import NameForm


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("G. Hinton et al.", "G. Hinton et al."),
        ("D. Kingma and J. Ba", "D. Kingma and J. Ba"),
        ("Y. LeCun, Y. Bengio and G. Hinton", "Y. LeCun et al."),
        ("A. van den Oord, et al.", "A. van den Oord et al."),
        ("K. Cho et. al.", "K. Cho et al."),
        ("Andrew G. Howard et al.", "A. G. Howard et al."),
        ("Aäron van den Oord et al.", "A. van den Oord et al."),
        ("H. Wang and Bhiksha Raj.", "H. Wang and B. Raj"),
        ("D Ulyanov et al.", "D. Ulyanov et al."),
        ("E.Denton et al.", "E. Denton et al."),
        ("Goodfellow et al.", "Goodfellow et al."),
        ("J. B. Tenenbaum", "J. B. Tenenbaum"),
        ("A. Karpathy and L. Fei-Fei", "A. Karpathy and L. Fei-Fei"),
        ("P. O'Brien & R. Al-Rfou", "P. O'Brien and R. Al-Rfou"),
        ("", ""),
    ],
)
def test_writes_names_as_the_list_does(written: str, canonical: str) -> None:
    """One author, two joined by "and", or the first "et al."."""
    assert read_authors(written).canonical == canonical


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("G. Hinton", NameForm.PROPER),
        ("D Ulyanov", NameForm.INITIAL),
        ("E.Denton", NameForm.INITIAL),
        ("Goodfellow", NameForm.SURNAME),
        ("Michael Nielsen", NameForm.FULL),
        ("42", NameForm.OTHER),
    ],
)
def test_tells_how_a_name_is_written(written: str, form: NameForm) -> None:
    """Each way of writing a name is known for what it is."""
    assert [name.form for name in read_authors(written).names] == [form]


def test_keeps_the_punctuation_after_the_names() -> None:
    """A comma or a period after the names is noticed, the dot of "et al." is not one."""
    assert [read_authors(text).end for text in ("A. Graves.", "Y. Li,", "Y. Li et al.,", "Y. Li et al.")] == [
        ".", ",", ",", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "title", "authors"),
    [
        ("A deep model, Z. Wang et al.", "A deep model", "Z. Wang et al."),
        (
            "A fast parser using networks. Chen and Manning.",
            "A fast parser using networks",
            "Chen and Manning.",
        ),
        ("Show, attend and tell: Captions", "Show, attend and tell: Captions", ""),
        ("Bag, Boosting and Trees", "Bag, Boosting and Trees", ""),
        ("A title, Y. LeCun, Y. Bengio and G. Hinton", "A title", "Y. LeCun, Y. Bengio and G. Hinton"),
    ],
)
def test_parts_title_and_authors_without_a_year(text: str, title: str, authors: str) -> None:
    """The longest ending that shows itself to be names is taken for the authors."""
    assert split_title(text) == (title, authors)


def test_long_runs_of_names_are_read_in_linear_time() -> None:
    """What looks like ever more names is given up, not tried in every way."""
    assert not looks_like_authors("Abc Def, " * 5000 + "!")
    assert split_title("A. Abc, " * 400 + "!")[1] == ""
