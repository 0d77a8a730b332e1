"""Tests of ``rules.reading.names``: one name, however it is written."""

from __future__ import annotations

import pytest

from rules.reading.names import NameForm, read_name


@pytest.mark.parametrize("written", ["A. Author", "M. Brain", "J.-B. Institute", "K. L. Center"])
def test_initials_and_one_word_are_a_person(written: str) -> None:
    """A surname may be a word that organisations have in their names."""
    name = read_name(written)
    assert (name.form, name.surname) == (NameForm.PROPER, written.rsplit(maxsplit=1)[-1])


@pytest.mark.parametrize("written", ["Google Brain", "U. S. Army Research Laboratory", "OpenAI"])
def test_a_name_of_an_organisation_is_no_person(written: str) -> None:
    """It is kept as written, and nothing of it is taken for a surname."""
    name = read_name(written)
    assert (name.form, name.surname) == (NameForm.ORGANISATION, written)
