"""Text from pull requests made safe to show: in GitHub Markdown, in fenced code and in plain text."""

from __future__ import annotations

import re
import unicodedata

INLINE_LIMIT = 240

# GitHub turns a few shapes of plain text into pings, references and links after Markdown is read, so a
# backslash does not stop it. A zero-width space inside the shape does, and shows nothing:
# https://docs.github.com/en/get-started/writing-on-github/working-with-advanced-formatting/autolinked-references-and-urls
_BREAK = "&#8203;"
_SPECIAL = str.maketrans(
    {
        "&": "&amp;",
        "<": "&lt;",
        ">": "&gt;",
        "|": "&#124;",
        "\\": "&#92;",
        "$": "<span>$</span>",  # the documented way to show a dollar that opens no formula
        **{mark: f"\\{mark}" for mark in "`*_~[]{}"},
    }
)
_GLUED = re.compile(r"[@#:](?=\S)")
# Anywhere, not only at the border of a word: GitHub links `_www.` too, where `\b` sees no border.
_HOST = re.compile(r"www(?=\.)", re.IGNORECASE)
_LEADING = re.compile(r"^(\d{0,9})([-+=#.)])")
_REFERENCE = re.compile(r"(?:GH|GHSA|CVE|CWE)-(?=\w)", re.IGNORECASE)
_HEXADECIMAL = re.compile(r"(?<![0-9A-Za-z])[0-9a-fA-F]{7,}(?![0-9A-Za-z])")
# Takes the place of a break while the other characters are escaped; it is never in a line itself, because
# `plain` writes private-use characters as names.
_MARKER = "\ue000"

# Not of a control category, yet drawn as nothing: Unicode's Default_Ignorable_Code_Point beyond category Cf.
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_BACKTICKS = re.compile(r"`+")


def visible(text: str) -> str:
    """Return ``text`` with each control, bidirectional or invisible character written as ``[U+XXXX]``.

    Tabs and line ends are kept.
    """
    return "".join(f"[U+{ord(character):04X}]" if _is_hidden(character) else character for character in text)


def plain(text: str, limit: int = INLINE_LIMIT) -> str:
    """Return ``text`` on one line of at most ``limit`` characters, nothing hidden in it."""
    line = visible(" ".join(text.split())[: limit + 1])
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def inline(text: str, limit: int = INLINE_LIMIT) -> str:
    """Return ``text`` as inline Markdown that shows it literally, in a table cell too.

    It makes no link, no mention, no issue or commit reference, no HTML, no formula, no emphasis, and at the
    start of a line no heading or list.
    ``limit`` bounds the characters shown, not the characters returned.
    """
    return _escaped(plain(text, limit))


def prose(text: str, limit: int = INLINE_LIMIT) -> str:
    """Return a sentence of our own as inline Markdown, with what it holds between backticks as code.

    It may quote a stranger's text: where that holds backticks itself, more or less of the sentence is code,
    and either way it is shown literally. No code holds the beginning of an HTML comment: by such comments
    Papergate knows its own words again.
    """
    line = plain(text, limit)
    parts = line.split("`")
    if len(parts) % 2 == 0 or not all(part.strip() for part in parts[1::2]) or "<!--" in line:
        return _escaped(line)
    return "".join(f"`{part}`" if position % 2 else _escaped(part) for position, part in enumerate(parts))


def code(text: str) -> str:
    """Return ``text`` as an inline code span; not for a table cell where ``text`` may hold a bar."""
    line = plain(text)
    tick = _backticks_around(line, least=1)
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{tick}{pad}{line}{pad}{tick}"


def fenced(text: str, language: str = "") -> str:
    """Return ``text`` in a fence longer than any in it, without its control and bidirectional characters.

    Everything else is kept byte for byte, so that it can be pasted.
    """
    content = "".join(
        character
        for character in text
        if character in "\n\t" or not (unicodedata.category(character) in {"Cc", "Cs"} or character in _BIDI)
    )
    fence = _backticks_around(content, least=3)
    return f"{fence}{language}\n{content}\n{fence}"


def _backticks_around(text: str, least: int) -> str:
    return "`" * max(least, 1 + max(map(len, _BACKTICKS.findall(text)), default=0))


def _escaped(line: str) -> str:
    for shape in (_GLUED, _HOST, _REFERENCE):
        line = shape.sub(lambda match: match[0] + _MARKER, line)
    line = _HEXADECIMAL.sub(lambda match: _MARKER.join(re.findall(".{1,6}", match[0])), line)
    line = _LEADING.sub(r"\1\\\2", line.translate(_SPECIAL))
    return line.replace(_MARKER, _BREAK)


def _is_hidden(character: str) -> bool:
    if character in "\n\t":
        return False
    return character in _INVISIBLE or unicodedata.category(character) in _HIDDEN_CATEGORIES
