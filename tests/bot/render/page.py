"""An independent reader of the Markdown that is shown, and GitHub's later passes over its text."""

from __future__ import annotations

import re
from collections.abc import Callable

from markdown_it import MarkdownIt
from markdown_it.token import Token

BREAK = "\u200b"
_TEXT: dict[str, Callable[[Token], str]] = {
    "text": lambda token: token.content,
    "text_special": lambda token: token.content,
    "code_inline": lambda token: token.content,
    "softbreak": lambda _: "\n",
    "html_inline": lambda token: "\n" if token.content == "<br>" else "",
}
_READER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])

# What GitHub turns into pings, references, links and pictures once the Markdown is read.
LATER_PASSES = {
    "mention": re.compile(r"(?<![\w`])@[a-z\d]", re.IGNORECASE),
    "issue": re.compile(r"#\d"),
    "GH-issue": re.compile(r"(?<![A-Za-z\d])(?:GH|GHSA|CVE|CWE)-\w", re.IGNORECASE),
    "commit": re.compile(r"(?<![0-9A-Za-z])[0-9a-f]{7,40}(?![0-9A-Za-z])", re.IGNORECASE),
    "address": re.compile(r"\w:(?://)?[\w/]"),
    "host": re.compile(r"(?<![A-Za-z\d])www\.", re.IGNORECASE),
    "mail": re.compile(r"[\w.+-]@[\w-]"),
    "emoji": re.compile(r":[\w+-]+:"),
}


def tokens(markdown: str) -> list[Token]:
    """Return the block tokens of ``markdown`` with their inline children flattened in place."""
    flat: list[Token] = []
    for token in _READER.parse(markdown):
        flat.append(token)
        flat += token.children or []
    return flat


def html(markdown: str) -> str:
    """Return ``markdown`` as HTML."""
    return str(_READER.render(markdown))


def shown(markdown: str) -> str:
    """Return the text that a reader of ``markdown`` sees, line by line, invisible breaks included."""
    return "\n".join(
        "".join(_TEXT[child.type](child) for child in token.children or [] if child.type in _TEXT)
        for token in _READER.parse(markdown)
        if token.type == "inline"
    )


def outside_code(markdown: str) -> str:
    """Return the text of ``markdown`` that GitHub looks through for mentions and links: all but code."""
    return "\n".join(
        "".join(
            "\n" if child.type == "code_inline" else _TEXT[child.type](child)
            for child in token.children or []
            if child.type in _TEXT
        )
        for token in _READER.parse(markdown)
        if token.type == "inline"
    )


def fences(markdown: str) -> list[str]:
    """Return the content of each fenced block, as its copy button gives it."""
    return [token.content for token in tokens(markdown) if token.type == "fence"]


def links(markdown: str) -> list[str]:
    """Return where the links of ``markdown`` go."""
    return [str(token.attrs["href"]) for token in tokens(markdown) if token.type == "link_open"]
