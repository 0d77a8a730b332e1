"""The examples in the docstring of a rule's check: they are its tests, and part of its documentation."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from rules.papers.evidence import Query
from rules.rule import Rule

# White space at the end of a line would not survive an editor.
_VISIBLE_SPACE = "\N{OPEN BOX}"
_HEADER = re.compile(r"(?P<kind>Bad|Good):\s*(?P<terms>.*)\Z")
_CITED = re.compile(r"(?P<count>\d+) citations\Z")
_RECORD = re.compile(r'record "(?P<title>[^"]+)" by (?P<names>[A-Z].*?) (?P<year>\d{4})\Z')
_STATUS = re.compile(r"answers (?P<status>\d{3})\Z")
_AS = re.compile(r"(?P<code>\S+) as (?P<severity>\w+)\Z")
ENOUGH = 9000  # citations, unless an example says otherwise: more than any year asks for
_FORM = re.compile(r"form `(?P<form>.+)`\Z")
_CAP = re.compile(r"cap (?P<cap>\d+)\Z")


@dataclass(frozen=True, slots=True)
class Recorded:
    """The record that a source has; a hyphen in a surname stands for a space."""

    title: str
    surnames: tuple[str, ...]
    year: int


@dataclass(frozen=True, slots=True)
class Example:
    """One example: lines of a list, or of a list before and after a change.

    ``code`` is the code that a bad example shows, None for a good one. ``terms`` are the conditions of the
    example as written: ``cap``, ``citations`` (None: the source does not know the paper), ``status`` of the
    answer to its links, ``record`` that a source has, ``down`` when no source answers, ``severity`` when it
    is not the usual one. ``companion`` are the lines of the BibTeX file, None when there is none; with
    ``before`` the file is unchanged, else it is new. ``form`` is that of a list with numbered entries.
    """

    code: str | None
    before: tuple[str, ...] | None
    after: tuple[str, ...]
    terms: tuple[str, ...] = ()
    cap: int | None = None
    citations: int | None = ENOUGH
    severity: str | None = None
    status: int = 200
    down: bool = False
    record: Recorded | None = None
    companion: tuple[str, ...] | None = None
    form: str | None = None

    @property
    def also(self) -> tuple[str, ...]:
        """The other findings, as ``rule/code``, that the example cannot do without."""
        return tuple(term.removeprefix("also ") for term in self.terms if term.startswith("also "))

    def knows(self, query: Query) -> bool:
        """Return whether the source is asked about ``query``: a code about identifiers has none."""
        return self.code != "no-identifier" or query.identifier is not None


def examples_of(rule: Rule) -> Iterator[Example]:
    """Yield the examples in the docstring of a rule's check, in their order."""
    block: _Block | None = None
    for line in inspect.cleandoc(rule.check.__doc__ or "").split("\n"):
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
        records = [match for term in self.terms if (match := _RECORD.match(term))]
        statuses = [match for term in self.terms if (match := _STATUS.match(term))]
        caps = [match for term in self.terms if (match := _CAP.match(term))]
        code = self.terms[0] if self.bad else None
        conditions = self.terms[1:] if self.bad else filter(None, self.terms)
        forms = [match for term in self.terms if (match := _FORM.match(term))]
        named = _AS.match(code or "")
        return Example(
            code=named["code"] if named else code,
            severity=named["severity"] if named else None,
            terms=tuple(conditions),
            before=None if self.before is None else tuple(self.before),
            after=tuple(self.lines),
            cap=int(caps[0]["cap"]) if caps else None,
            citations=self._citations(),
            status=int(statuses[0]["status"]) if statuses else 200,
            down="down" in self.terms,
            record=_recorded(records[0]) if records else None,
            companion=None if self.companion is None else tuple(self.companion),
            form=forms[0]["form"] if forms else None,
        )

    def _citations(self) -> int | None:
        if "unknown to every source" in self.terms:
            return None
        return next((int(match["count"]) for term in self.terms if (match := _CITED.match(term))), ENOUGH)


def _recorded(match: re.Match[str]) -> Recorded:
    surnames = tuple(name.replace("-", " ") for name in match["names"].split())
    return Recorded(match["title"], surnames, int(match["year"]))
