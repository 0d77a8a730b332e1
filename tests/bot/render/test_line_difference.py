"""What differs between a line and its correction."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.render.line_difference import columns, difference

WORDS = st.text(alphabet="ab c.,(日\u0301")


def test_changed_words_are_marked_on_both_sides() -> None:
    """What was added is marked in the correction alone."""
    old, new = difference("S. Loffe, (2015)", "S. Ioffe and C. Szegedy, (2015)")
    assert [part for part, differs in old.parts if differs] == ["Loffe"]
    assert [part for part, differs in new.parts if differs] == ["Ioffe and C. Szegedy"]
    assert old.marks() == "   ^^^^^"


@given(WORDS, WORDS)
def test_the_whole_lines_are_shown(old: str, new: str) -> None:
    """What is not marked is the same on both sides."""
    before, after = difference(old, new)
    assert (before.text, after.text) == (old, new)
    same = ["".join(text for text, differs in side.parts if not differs) for side in (before, after)]
    assert same[0] == same[1]


@given(WORDS, WORDS, st.integers(min_value=2, max_value=12))
def test_a_cut_line_fits(old: str, new: str, width: int) -> None:
    """In columns, of which some characters take two and some none."""
    assert all(columns(side.text) <= width for side in difference(old, new, width))


def test_a_line_is_cut_around_the_difference() -> None:
    """With an ellipsis on each side that is cut."""
    old, new = difference("x" * 50 + " old " + "y" * 50, "x" * 50 + " new " + "y" * 50, 40)
    assert old.text == "…" + "x" * 19 + " old " + "y" * 14 + "…"
    assert new.marks() == " " * 21 + "^^^"


def test_hidden_characters_are_named_and_marked() -> None:
    """A zero-width space that a correction takes out can be seen."""
    old, _ = difference("a\u200bb", "ab")
    assert old.text == "a[U+200B]b"
    assert "^" * 8 in old.marks()


def test_a_very_long_line_is_shown_around_the_first_difference() -> None:
    """However long it is, it takes no time."""
    text = "(a " * 200_000
    old, new = difference(text + "x " + text, text + "y " + text)
    assert ("x", True) in old.parts
    assert ("y", True) in new.parts
    assert len(old.text) == 1_002
    assert (old.text[0], old.text[-1]) == ("…", "…")
