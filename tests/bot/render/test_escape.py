"""Hostile text is shown as it is and does nothing else."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.render.escape import INLINE_LIMIT, code, fenced, inline, plain, visible
from tests.bot.render.hostile import TITLES
from tests.bot.render.page import BREAK, LATER_PASSES, fences, html, shown, tokens

TEXT = {"text", "text_special"}
ALPHABET = st.sampled_from(
    [*"@#:/\\|`*_~[](){}<>!&;$-+=.,\n\r\t\"'^% 019abfghvwxGCE", "\u200b", "\u202e", "é"]
)


def assert_inert(markdown: str, expected: str) -> None:
    """Nothing in ``markdown`` is more than text, and its text is ``expected``."""
    for token in tokens(markdown):
        if token.type == "html_inline":
            assert token.content in {"<span>", "</span>"}
        else:
            assert token.type in TEXT | {"paragraph_open", "inline", "paragraph_close"}, token
    assert shown(markdown).replace(BREAK, "") == expected
    for name, shape in LATER_PASSES.items():
        assert not shape.search(shown(markdown)), name


@pytest.mark.parametrize("title", TITLES)
def test_hostile_title_is_only_text(title: str) -> None:
    """A hostile title makes no link, mention, reference, HTML or block, and reads as it was written."""
    assert_inert(inline(title), plain(title))


@pytest.mark.parametrize("title", TITLES)
def test_hostile_title_stays_in_its_cell(title: str) -> None:
    """A hostile title in a table leaves it with the cells it had."""
    table = f"| A | B | C |\n|---|---|---|\n| 1 | **{inline(title)}**<br>x | 3 |\n| 4 | 5 | 6 |"
    parsed = tokens(table)
    assert [token.type for token in parsed].count("td_open") == 6
    assert [token.type for token in parsed].count("table_open") == 1
    assert "link_open" not in {token.type for token in parsed}
    assert plain(title) in shown(table).replace(BREAK, "")


@given(st.text(ALPHABET, max_size=40))
def test_any_text_is_only_text(text: str) -> None:
    """No mix of the characters that mean something in Markdown gets through."""
    if plain(text):
        assert_inert(inline(text), plain(text))


@given(st.text(max_size=60))
def test_visible_text_hides_nothing(text: str) -> None:
    """No control, format or private character is left but tabs and line ends."""
    left = {unicodedata.category(character) for character in visible(text) if character not in "\n\t"}
    assert not left & {"Cc", "Cf", "Cs", "Co"}


def test_hidden_characters_are_named() -> None:
    """A bidirectional override is written out, so that a reader sees what was tried."""
    assert plain("a\u202eb") == "a[U+202E]b"


@pytest.mark.parametrize("limit", [1, 2, 10, INLINE_LIMIT])
def test_inline_text_is_bounded_by_what_is_shown(limit: int) -> None:
    """The limit counts characters shown and is marked by an ellipsis, never by half an escape."""
    long = shown(inline("<&|@x" * 200, limit)).replace(BREAK, "")
    assert len(long) == limit
    assert long.endswith("…")


@pytest.mark.parametrize("title", [title for title in TITLES if title.strip()])
def test_code_span_holds_anything(title: str) -> None:
    """A code span ends where it is meant to, whatever backticks it holds."""
    parsed = [token for token in tokens(f"x {code(title)} y") if token.type == "code_inline"]
    assert [token.content for token in parsed] == [plain(title)]


@pytest.mark.parametrize("title", TITLES)
def test_fence_holds_anything(title: str) -> None:
    """A fence outlasts any fence inside it, and its text is pasted as it stood."""
    block = fenced(title)
    kept = "".join(
        character
        for character in title
        if character in "\n\t"
        or (unicodedata.category(character) != "Cc" and character not in "\u202e\u202c\u2066\u2069")
    )
    assert fences(f"before\n\n{block}\n\nafter") == [kept + "\n"]
    assert html(f"{block}\n\nafter").endswith("<p>after</p>\n")
