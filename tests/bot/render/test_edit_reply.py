"""A reply gives the reason, and a patch that can be copied out of the comment."""

from __future__ import annotations

import pytest

from bot.render.edit_reply import BUDGET, not_done, patched
from tests.bot.render.hostile import TITLES
from tests.bot.render.page import fences, html, links

UNIFIED = "diff --git a/README.md b/README.md\n--- a/README.md\n+++ b/README.md\n@@ -1,1 +1,1 @@\n-a\n+b\n"
BINARY = "diff --git a/README.md b/README.md\nindex 1..2\nGIT binary patch\nliteral 1\nIcmZ\n\n"


def test_the_patch_is_shown_byte_for_byte() -> None:
    """It is collapsed, and its copy button gives the patch that git takes."""
    answer = patched("Correct 1 entry", "because.", UNIFIED, BINARY)
    assert answer.startswith("Correct 1 entry: because. This patch does it.")
    assert "<details>" in answer
    assert fences(answer) == [UNIFIED]


@pytest.mark.parametrize("lost", ["\r", "\u202e", "\x07"])
def test_text_that_a_comment_would_lose_comes_as_a_binary_patch(lost: str) -> None:
    """Carriage returns and control characters cannot be shown."""
    answer = patched("Correct 1 entry", "because.", UNIFIED.replace("+b", f"+b{lost}"), BINARY)
    assert fences(answer) == [BINARY]


def test_a_patch_longer_than_a_comment_is_not_shown() -> None:
    """The reply says that it is too long."""
    answer = patched("Correct 1 entry", "because.", UNIFIED + "+x" * BUDGET, BINARY)
    assert answer == "Correct 1 entry: because. The patch is too long for a comment."


@pytest.mark.parametrize("fence", ["```", "~~~", "`````"])
def test_the_patch_stays_in_its_fence(fence: str) -> None:
    """A list may hold fences and HTML of its own."""
    unified = UNIFIED + f"+{fence}\n {fence}\n+</details>\n"
    assert fences(patched("Correct", "because.", unified, BINARY)) == [unified]


@pytest.mark.parametrize("title", TITLES)
def test_reasons_quote_titles_harmlessly(title: str) -> None:
    """A title makes no link, no mention and no HTML in an answer."""
    for answer in (
        not_done(f'the list has no entry "{title}"'),
        patched(f'Remove "{title}"', ".", UNIFIED, BINARY),
    ):
        assert links(answer) == []
        assert "<script" not in html(answer)
        assert "<img" not in html(answer)
