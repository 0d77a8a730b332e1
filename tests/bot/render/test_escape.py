"""Hostile text is shown literally and does nothing else."""

from __future__ import annotations

import unicodedata

import pytest
from cmarkgfm import github_flavored_markdown_to_html
from hypothesis import given
from hypothesis import strategies as st

from bot.render.escape import INLINE_LIMIT, code, fenced, inline, plain, prose, visible
from tests.bot.render.hostile import TITLES
from tests.bot.render.page import BREAK, LATER_PASSES, fences, html, outside_code, shown, tokens

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
    """A hostile title makes no link, mention, reference, HTML or block, and is shown as it was written."""
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


@pytest.mark.parametrize("title", TITLES)
def test_githubs_own_parser_finds_no_link(title: str) -> None:
    """GitHub's extension of Markdown links bare hosts and addresses, also behind an underscore."""
    for markdown in (inline(title), prose(title), f"### {inline(title)}", f"- *{inline(title)}*: x"):
        assert "<a " not in github_flavored_markdown_to_html(markdown)


@given(
    st.text(ALPHABET, max_size=40), st.sampled_from(["www.evil.example", "https://evil.example", "a@b.cc"])
)
def test_no_text_around_an_address_makes_it_a_link(text: str, address: str) -> None:
    """What is before an address does not decide whether it is linked."""
    assert "<a " not in github_flavored_markdown_to_html(inline(f"{text}{address}/x"))


@given(st.text(max_size=60))
def test_visible_text_hides_nothing(text: str) -> None:
    """No control, format or private-use character is left, except tabs and line ends."""
    left = {unicodedata.category(character) for character in visible(text) if character not in "\n\t"}
    assert not left & {"Cc", "Cf", "Cs", "Co"}


@pytest.mark.parametrize(
    ("character", "name"),
    [
        ("\u202e", "[U+202E]"),
        ("\u009b", "[U+009B]"),
        ("\x1b", "[U+001B]"),
        ("\ud800", "[U+D800]"),
        ("\ue000", "[U+E000]"),
        ("\u2063", "[U+2063]"),
        ("\u3164", "[U+3164]"),
        ("\U000e0041", "[U+E0041]"),
    ],
)
def test_hidden_characters_are_named(character: str, name: str) -> None:
    """A reader sees what was tried: overrides, terminal controls, half characters and invisible ones."""
    assert visible(f"a{character}b") == f"a{name}b"
    assert plain(f"a{character}b") == f"a{name}b"


@pytest.mark.parametrize("number", ["", "1", "123456789"])
@pytest.mark.parametrize("mark", [*"-+=#.)"])
def test_text_at_the_start_of_a_line_begins_no_block(number: str, mark: str) -> None:
    """No list, heading or underline, with as many digits as a list number may have."""
    parsed = tokens(inline(f"{number}{mark} text"))
    assert [token.type for token in parsed if token.block] == ["paragraph_open", "inline", "paragraph_close"]


def test_only_references_are_broken() -> None:
    """Words that merely begin like one stay as they are, so that they can be searched and copied."""
    assert inline("a GH- b") == "a GH- b"
    assert inline("GH-7") == "GH-&#8203;7"
    assert inline("x_GHSA-a") == "x\\_GHSA-&#8203;a"


def test_a_commit_id_is_broken_every_six_characters() -> None:
    """GitHub links seven and more hexadecimal digits; fewer breaks are easier to copy."""
    assert inline("9fceb02d0ae598") == "9fceb0&#8203;2d0ae5&#8203;98"
    assert inline("9fceb0") == "9fceb0"


def test_a_fence_is_as_short_as_its_text_allows() -> None:
    """Three backticks, or one more than any run in the text."""
    assert fenced("x").startswith("```\n")
    assert fenced("``").startswith("```\n")
    assert fenced("a ``` b").startswith("````\n")
    assert code("x") == "`x`"


@pytest.mark.parametrize("title", TITLES)
def test_prose_shows_hostile_text_literally(title: str) -> None:
    """A message keeps its own code, and what it quotes makes no link, mention, HTML or block."""
    message = prose(f"Write `[[pdf]](url)`, not “{title}”.", 10_000)
    shown_text = shown(message).replace(BREAK, "").replace("`", "")
    assert shown_text == plain(f"Write [[pdf]](url), not “{title}”.".replace("`", ""), 10_000)
    assert {token.type for token in tokens(message)} <= {
        *TEXT, "paragraph_open", "inline", "paragraph_close", "code_inline", "html_inline",
    }  # fmt: skip
    for name, shape in LATER_PASSES.items():
        assert not shape.search(outside_code(message)), name


def test_prose_shows_code_as_code() -> None:
    """What a message holds between backticks is a code span; one backtick alone is a character."""
    assert prose("Write `(2014)` after it.") == "Write `(2014)` after it."
    assert prose("One ` alone") == "One \\` alone"
    assert prose("Empty `` here") == "Empty \\`\\` here"
    assert prose("An `<!-- mark -->`") == "An \\`&lt;!-- mark --&gt;\\`"


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
    """A fence is longer than any fence inside it, and its text can be pasted unchanged."""
    block = fenced(title)
    kept = "".join(
        character
        for character in title
        if character in "\n\t"
        or (unicodedata.category(character) != "Cc" and character not in "\u202e\u202c\u2066\u2069")
    )
    assert fences(f"before\n\n{block}\n\nafter") == [kept + "\n"]
    assert html(f"{block}\n\nafter").endswith("<p>after</p>\n")
