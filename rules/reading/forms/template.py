"""A form line taken apart: text, fields in braces, and parts in << >> that may be missing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from rules.policy.forms import LONGEST_FORM

FIELDS = frozenset(
    {
        "title", "authors", "venue", "year", "yy", "month", "day",
        "links", "label", "url", "short", "text", "note",
    }
)  # fmt: skip
"""The fields that a form may name; ``label`` and ``url`` are one link, ``links`` any number of them."""
_DEEPEST = 4  # levels of << >>; three are more than any real list needs
_PIECE = re.compile(r"<<|>>|\{[^{}]*\}|[^{}<>]+|[{}<>]")
_MARKER = re.compile(r"(?:[-*+]|\d{1,9}[.)]) +")


class FormError(ValueError):
    """A form line that cannot be used; says why."""


@dataclass(frozen=True, slots=True)
class Text:
    """What stands in the entry as it stands in the form."""

    text: str


@dataclass(frozen=True, slots=True)
class Field:
    """A field to read and write."""

    name: str


@dataclass(frozen=True, slots=True)
class Maybe:
    """A part that may be missing."""

    parts: tuple[Part, ...]


Part = Text | Field | Maybe


@dataclass(frozen=True, slots=True)
class Template:
    """A form line taken apart; ``marker`` is the list marker it begins with, empty when any block will do."""

    marker: str
    parts: tuple[Part, ...]

    @property
    def paragraphs(self) -> bool:
        """True when the form runs over two paragraphs."""
        return any("\n\n" in part.text for part in flat(self.parts) if isinstance(part, Text))

    def has(self, *names: str) -> bool:
        """Return whether the form has one of these fields at all."""
        return any(isinstance(part, Field) and part.name in names for part in flat(self.parts))

    def needs(self, *names: str) -> bool:
        """Return whether one of these fields stands outside << >>."""
        return any(isinstance(part, Field) and part.name in names for part in self.parts)


def flat(parts: tuple[Part, ...]) -> Iterator[Text | Field]:
    """Yield the texts and fields of ``parts`` in order, those of optional parts included."""
    for part in parts:
        if isinstance(part, Maybe):
            yield from flat(part.parts)
        else:
            yield part


@lru_cache(maxsize=256)
def parse(form: str, *, need: str = "title") -> Template:
    """Return ``form`` taken apart. Raises FormError when it is no form, or lacks the field ``need``."""
    if len(form) > LONGEST_FORM:
        raise FormError(f"a form has at most {LONGEST_FORM} characters")
    marker = _MARKER.match(form)
    prefix = marker[0] if marker else ""
    pieces = _PIECE.findall(form[len(prefix) :])
    parts, rest = _parts(pieces, 0, 0)
    if rest < len(pieces):
        raise FormError("expected << before >>")
    template = Template(prefix.strip(), parts)
    _check(template, need)
    return template


def _parts(pieces: list[str], position: int, depth: int) -> tuple[tuple[Part, ...], int]:
    """Return the parts from ``position`` to the closing >> or the end, and where they end."""
    if depth > _DEEPEST:
        raise FormError(f"<< >> may be nested {_DEEPEST} deep at most")
    parts: list[Part] = []
    while position < len(pieces):
        piece = pieces[position]
        position += 1
        if piece == ">>":
            if depth:
                return tuple(parts), position
            raise FormError("expected << before >>")
        if piece == "<<":
            inner, position = _parts(pieces, position, depth + 1)
            parts.append(Maybe(inner))
        elif piece.startswith("{") and piece.endswith("}") and len(piece) > 1:
            parts.append(_field(piece[1:-1]))
        elif piece in {"{", "}"}:
            raise FormError("a field is written {name}")
        elif parts and isinstance(parts[-1], Text):
            parts[-1] = Text(parts[-1].text + piece)
        else:
            parts.append(Text(piece))
    if depth:
        raise FormError("expected >> after <<")
    return tuple(parts), position


def _field(name: str) -> Field:
    name = {"name": "title"}.get(name, name)
    if name not in FIELDS:
        raise FormError(f"no such field: {{{name[:30]}}}; there are {', '.join(sorted(FIELDS))}")
    return Field(name)


def _check(template: Template, need: str) -> None:
    names = [part.name for part in flat(template.parts) if isinstance(part, Field)]
    if need and not template.needs(need):
        raise FormError(f"expected the field {{{need}}}, outside << >>")
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise FormError(f"the field {{{min(twice)}}} stands twice")
    for left, right in _neighbours(template.parts):
        raise FormError(f"expected a sign between {{{left}}} and {{{right}}}, or nobody can tell them apart")


_SELF_BOUNDED = frozenset({"year", "yy", "month", "day", "links", "url", "label"})


def _neighbours(parts: tuple[Part, ...]) -> Iterator[tuple[str, str]]:
    """Yield each pair of free fields with nothing between them."""
    previous: str | None = None
    for part in parts:
        if isinstance(part, Maybe):
            yield from _neighbours(part.parts)
            previous = None
        elif isinstance(part, Text):
            previous = None
        else:
            if previous is not None and not {previous, part.name} & _SELF_BOUNDED:
                yield previous, part.name
            previous = part.name
