"""A form as a pattern: an entry read letter by letter, and written.

The pattern runs in RE2, whose time is linear in the text whatever the form: forms come from a policy file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

import re2

from rules.reading.blocks import PARAGRAPH
from rules.reading.forms.template import Field, FormError, Maybe, Part, Template, Text, parse

_MEMORY = 16 << 20  # bytes that one pattern may use; a form of 300 characters needs a twentieth
_ANY = f"[^{PARAGRAPH}]"
_URL = r"(?:[^\s()<>]|\([^\s()<>]*\))+"
_LINK_URL = rf"(?:<[^<>\n]*>|{_URL})"
_PATTERNS = {
    "title": f"{_ANY}+?",
    "authors": f"{_ANY}+",
    "venue": f"{_ANY}+?",
    "year": r"(?:19|20)\d\d",
    "yy": r"\d\d",
    "month": r"(?:0[1-9]|1[0-2]|[1-9])",
    "day": r"(?:[12]\d|3[01]|0?[1-9])",
    "label": r"[^\[\]\n]+?",
    "url": _LINK_URL,
    "short": f"{_ANY}+?",
    "text": rf"[^\n{PARAGRAPH}]+?",
    "note": rf"[^\n{PARAGRAPH}]+?",
}
# Loosely, what parts the fields may differ: spaces, one mark of punctuation, the kind of quote.
_QUOTES = {"'": "['\u2018\u2019\u02bc`]", '"': '["\u201c\u201d]'}
_PUNCTUATION = ".,;:"


@dataclass(frozen=True, slots=True)
class Match:
    """What a form read: the value of each of its fields, and where it stands in the text."""

    values: Mapping[str, str]
    spans: Mapping[str, tuple[int, int]]


class Strict:
    """One form, to match and to write."""

    def __init__(self, template: Template, links: str, separator: str) -> None:
        self.template = template
        self.link = _link(links) if template.has("links") else None
        self.separator = separator
        self._exact = _compiled(self._pattern(template.parts, loose=False))
        self._loose_pattern = self._pattern(template.parts, loose=True)

    def match(self, text: str) -> Match | None:
        """Return what the form reads in ``text`` when it fits letter by letter, else None."""
        return _matched(self._exact, text)

    def loosely(self, text: str) -> Match | None:
        """Return what the form reads in ``text`` when only spaces, punctuation and brackets differ."""
        return _matched(_compiled(self._loose_pattern), text)

    def write(self, values: Mapping[str, str], links: tuple[tuple[str, str], ...] = ()) -> str | None:
        """Return the entry with these values, None when one is missing; ``links`` are (label, url)."""
        known = dict(values)
        if self.link is not None:
            known["links"] = self.separator.join(self.link.written(label, url) for label, url in links)
        return _written(self.template.parts, known)

    def _pattern(self, parts: tuple[Part, ...], *, loose: bool) -> str:
        pieces = []
        for part, behind in zip(parts, (*parts[1:], None), strict=True):
            if isinstance(part, Maybe):
                pieces.append(f"(?:{self._pattern(part.parts, loose=loose)})?")
            elif isinstance(part, Text):
                pieces.append(_text_pattern(part.text, loose=loose))
            elif part.name == "links":
                pieces.append(f"(?P<links>{self._links_pattern(loose=loose)})")
            else:
                pieces.append(f"(?P<{part.name}>{_field_pattern(part.name, behind)})")
        return "".join(pieces)

    def _links_pattern(self, *, loose: bool) -> str:
        if loose or self.link is None:
            one = rf"\[*\[[^\[\]\n]+\]*\({_LINK_URL}\)\]*"
            return rf"{one}(?:[\s,|/;]*{one})*"
        one = self.link.pattern
        return f"{one}(?:{_text_pattern(self.separator, loose=False)}{one})*"


@dataclass(frozen=True, slots=True)
class _LinkStyle:
    """How one link looks."""

    parts: tuple[Part, ...]

    @property
    def pattern(self) -> str:
        return "".join(
            _text_pattern(part.text, loose=False) if isinstance(part, Text) else f"(?:{_PATTERNS[part.name]})"
            for part in self.parts
            if not isinstance(part, Maybe)
        )

    def written(self, label: str, url: str) -> str:
        return _written(self.parts, {"label": label, "url": url}) or ""


@lru_cache(maxsize=64)
def _link(style: str) -> _LinkStyle:
    template = parse(style, need="url")
    if any(
        not isinstance(part, Text) and part not in {Field("label"), Field("url")} for part in template.parts
    ):
        raise FormError("a link has the fields {label} and {url} alone")
    return _LinkStyle(template.parts)


@lru_cache(maxsize=256)
def strict(form: str, links: str, separator: str) -> Strict:
    """Return the form of this line, its links and what parts them. Raises FormError."""
    return Strict(parse(form), links, separator)


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> Any:
    options = re2.Options()
    options.max_mem = _MEMORY
    options.log_errors = False
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        raise FormError("the form is too intricate") from error


def _matched(pattern: Any, text: str) -> Match | None:
    match = pattern.fullmatch(text)
    if match is None:
        return None
    groups = cast("Mapping[str, int]", pattern.groupindex)
    if any(_is_cut(text, match.span(groups[name])) for name in ("year", "yy") if name in groups):
        return None  # RE2 cannot look behind a year for another digit
    values = {name: match.group(number) for name, number in groups.items() if match.group(number) is not None}
    return Match(values, {name: match.span(groups[name]) for name in values})


def _field_pattern(name: str, behind: Part | None) -> str:
    """Return the pattern of a field; one that a sign of emphasis closes ends at the first such sign."""
    if name in {"title", "authors", "short"} and isinstance(behind, Text):
        closing = behind.text.lstrip(".,:;?! ")
        if closing.startswith("**"):
            return rf"(?:[^*{PARAGRAPH}]|\*[^*{PARAGRAPH}])+?"
        if closing.startswith("*"):
            return rf"(?:[^*{PARAGRAPH}]|\\\*)+?"
    return _PATTERNS[name].removeprefix(r"\b")  # "EMNLP2019"
    return _PATTERNS[name]


def _is_cut(text: str, span: tuple[int, int]) -> bool:
    """Return whether a number goes on before or behind ``span``."""
    start, end = span
    return start >= 0 and (text[start - 1 : start].isdigit() or text[end : end + 1].isdigit())


def _text_pattern(text: str, *, loose: bool) -> str:
    text = text.replace("\n\n", PARAGRAPH)
    return "".join(_loose_sign(sign) if loose else _sign(sign) for sign in text)


def _sign(sign: str) -> str:
    if sign == " ":
        return "[ \\n]"
    return _QUOTES.get(sign) or re2.escape(sign)


def _loose_sign(sign: str) -> str:
    if sign in " \n" or sign == PARAGRAPH:
        return rf"[\s{PARAGRAPH}]*"
    if sign in _PUNCTUATION:
        return rf"\s*[{_PUNCTUATION}]?\s*"
    return _QUOTES.get(sign) or re2.escape(sign)


def _written(parts: tuple[Part, ...], values: Mapping[str, str]) -> str | None:
    """Return ``parts`` with their values, None when a field has none; an optional part is then left out."""
    pieces = []
    for part in parts:
        if isinstance(part, Text):
            pieces.append(part.text)
        elif isinstance(part, Maybe):
            if any(isinstance(inner, Field) for inner in part.parts):
                pieces.append(_written(part.parts, values) or "")
        elif values.get(part.name):
            pieces.append(values[part.name])
        else:
            return None
    return "".join(pieces)
