"""Tests of ``bot.evidence.fields``: names, years and identifiers as services write them."""

from __future__ import annotations

import pytest

from bot.evidence.fields import identifiers, surname, years
from rules.papers.identifiers import Identifier


@pytest.mark.parametrize(
    ("name", "last"),
    [
        ("Kaiming He", "He"),
        ("K. He", "He"),
        ("Aäron van den Oord", "Oord"),
        ("Martin Luther King Jr.", "King"),
        ("Robert Downey, III", "Downey"),
        ("Plato", "Plato"),
        ("", ""),
        ("Jr.", "Jr."),
    ],
)
def test_a_surname_is_the_last_name(name: str, last: str) -> None:
    """What stands after a name is none; a name of one word is one."""
    assert surname(name) == last


def test_years_are_read_from_dates() -> None:
    """Each once, in order; what holds none is left out."""
    assert years(2014, "2014-10-27", None, "", "2015", "soon", 7) == (2014, 2015)


def test_identifiers_are_read_from_addresses_and_a_doi() -> None:
    """An arXiv DOI names the preprint."""
    found = identifiers(urls=(None, "http://arxiv.org/abs/1512.03385v1"), doi="10.48550/arXiv.1412.6980")
    assert found == {Identifier("arxiv", "1512.03385"), Identifier("arxiv", "1412.6980")}
