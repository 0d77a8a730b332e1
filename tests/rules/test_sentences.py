"""Numbers have the noun that fits them, and a guess is like what was written."""

from __future__ import annotations

import pytest

from rules.sentences import counted, nearest


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0 papers"), (1, "1 paper"), (2, "2 papers"), (1_200, "1,200 papers")]
)
def test_numbers_have_the_noun_that_fits(number: int, said: str) -> None:
    """Only one is singular, and thousands are separated."""
    assert counted(number, "paper", "papers") == said


def test_the_nearest_name_is_guessed() -> None:
    """A name that is like none gets no guess, and a caller may ask for more likeness."""
    assert nearest("acept", ["accept", "attest"]) == "accept"
    assert nearest("xyz", ["accept", "attest"]) is None
    assert nearest("accpt", ["accept"], like=0.95) is None
    assert nearest("accept", []) is None
