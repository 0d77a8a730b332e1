"""When two titles are one, at the measured bounds."""

from __future__ import annotations

import pytest

from rules.papers.titles import ALIKE, SAME, key, likeness


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Deep Residual Learning", "deepresiduallearning"),
        ("Gülçehre: 1/1 nets (v2)!", "gulcehre11netsv2"),
        ("\ufb01ne-tuning \uff21\uff22\uff23", "finetuningabc"),
        ("Straße", "strasse"),
        ("...", ""),
    ],
)
def test_a_key_is_letters_and_digits_alone(title: str, expected: str) -> None:
    """Case, accents, ligatures and width are folded."""
    assert key(title) == expected


def test_the_bounds_are_the_measured_ones() -> None:
    """True matches are above 95, false ones reach 93."""
    assert (SAME, ALIKE) == (95.0, 85.0)


def test_likeness_is_a_ratio_and_nothing_below_the_cutoff() -> None:
    """The same text is 100, and what has nothing in common is 0."""
    assert likeness("abcd", "abcd") == 100
    assert likeness("abcd", "wxyz") == 0
    assert likeness("abcdefghij", "abcdefghix") == pytest.approx(90)
    assert likeness("abcdefghij", "abcdefghix", 90) == pytest.approx(90)
    assert likeness("abcdefghij", "abcdefghix", 90.1) == 0
