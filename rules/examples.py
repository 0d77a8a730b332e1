"""The examples in a rule's docstring: they are its tests and its page."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

# White space at the end of a line would not survive an editor.
_VISIBLE_SPACE = "\N{OPEN BOX}"
_HEADER = re.compile(r"(?P<kind>Bad|Good):\s*(?P<terms>.*)\Z")
_CITED = re.compile(r"(?P<count>\d+) citations\Z")
_RECORD = re.compile(r'record "(?P<title>[^"]+)" by (?P<names>[A-Z].*?) (?P<year>\d{4})\Z')
_STATUS = re.compile(r"answers (?P<status>\d{3})\Z")
_CAP = re.compile(r"cap (?P<cap>\d+)\Z")


@dataclass(frozen=True, slots=True)
class Recorded:
    """The record that an example supposes; a hyphen in a surname stands for a space."""

    title: str
    surnames: tuple[str, ...]
    year: int


@dataclass(frozen=True, slots=True)
class Example:
    """One example: lines of a list, or of a list before and after a change.

    ``code`` is what a bad example is an example of, None for a good one. ``cap`` and ``citations`` are
    what it supposes, ``status`` what its links answer, ``record`` what a source knows, ``down`` that none
    answers. ``companion`` are the lines of the BibTeX file, None where there is none; with ``before`` it
    stands as it stood, else it is new.
    """

    code: str | None
    before: tuple[str, ...] | None
    after: tuple[str, ...]
    cap: int | None = None
    citations: int | None = None
    status: int = 200
    down: bool = False
    record: Recorded | None = None
    companion: tuple[str, ...] | None = None


def page_of(check: Callable[..., object]) -> str:
    """Return a rule's page: its docstring, as text."""
    return inspect.cleandoc(check.__doc__ or "")


def examples_of(check: Callable[..., object]) -> Iterator[Example]:
    """Yield the examples of a rule's docstring, in their order."""
    block: _Block | None = None
    for line in page_of(check).split("\n"):
        header = _HEADER.match(line)
        if header:
            if block:
                yield block.example()
            block = _Block(header["kind"] == "Bad", [term.strip() for term in header["terms"].split(",")])
        elif block and line.startswith("    "):
            block.take(line[4:].replace(_VISIBLE_SPACE, " "))
    if block:
        yield block.example()


@dataclass
class _Block:
    """The lines of one example while they are read."""

    bad: bool
    terms: list[str]
    lines: list[str] = field(default_factory=list)
    before: list[str] | None = None
    companion: list[str] | None = None

    def take(self, line: str) -> None:
        if line == "Companion:":
            self.companion = []
        elif self.companion is not None:
            self.companion.append(line)
        elif line == "Before:":
            self.before = []
        elif line == "After:":
            self.before, self.lines = self.lines, []
        else:
            self.lines.append(line)

    def example(self) -> Example:
        cited = [match for term in self.terms if (match := _CITED.match(term))]
        records = [match for term in self.terms if (match := _RECORD.match(term))]
        statuses = [match for term in self.terms if (match := _STATUS.match(term))]
        caps = [match for term in self.terms if (match := _CAP.match(term))]
        return Example(
            code=self.terms[0] if self.bad else None,
            before=None if self.before is None else tuple(self.before),
            after=tuple(self.lines),
            cap=int(caps[0]["cap"]) if caps else None,
            citations=int(cited[0]["count"]) if cited else None,
            status=int(statuses[0]["status"]) if statuses else 200,
            down="down" in self.terms,
            record=_recorded(records[0]) if records else None,
            companion=None if self.companion is None else tuple(self.companion),
        )


def _recorded(match: re.Match[str]) -> Recorded:
    surnames = tuple(name.replace("-", " ") for name in match["names"].split())
    return Recorded(match["title"], surnames, int(match["year"]))
