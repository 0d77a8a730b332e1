"""Where another reader of Markdown, markdown-it-py, sees code, quotes and HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.token import Token

_READER = MarkdownIt("commonmark").enable("table")
_SHOWN = frozenset({"fence", "code_block", "code_inline", "html_block", "html_inline"})


def shown_texts(body: str) -> list[str]:
    """Return the texts of code, inline too, of HTML with its comments, and of everything in quotes."""
    return list(_texts(_READER.parse(body), depth=0))


def _texts(tokens: list[Token], depth: int) -> Iterator[str]:
    for token in tokens:
        if token.type in {"blockquote_open", "blockquote_close"}:
            depth += token.nesting
        elif token.type in _SHOWN or (depth and token.type == "text"):
            yield token.content
        yield from _texts(token.children or [], depth)
