"""A small reader of BibTeX for the tests of the core: plain text in braces, and no LaTeX."""

from __future__ import annotations

import re

from rules.bibliography.matching import BibEntry, Bibliography, Broken

_FIELD = re.compile(
    r"(?P<name>\w+)\s*=\s*(?:\{(?P<braced>(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}|(?P<bare>\d+))"
)


def read_bib(text: str) -> Bibliography:
    """Return the entries of ``text``, each beginning a line; one whose braces do not balance is broken."""
    entries: list[BibEntry] = []
    broken: list[Broken] = []
    for start in re.finditer(r"^@\w+\{\s*(?P<key>[^,\s]+)\s*,", text, re.MULTILINE):
        block = text[start.start() :].split("\n@", 1)[0]
        line = text[: start.start()].count("\n") + 1
        if block.count("{") != block.count("}"):
            broken.append(Broken(line, block.split("\n")[0]))
        else:
            entries.append(_entry(start["key"], line, block[start.end() - start.start() :]))
    return Bibliography(tuple(entries), tuple(broken))


def _entry(key: str, line: int, body: str) -> BibEntry:
    fields: dict[str, str] = {}
    for match in _FIELD.finditer(body):
        fields.setdefault(match["name"].lower(), re.sub(r"[{}]", "", match["braced"] or match["bare"] or ""))
    names = [name.strip() for name in re.split(r"\s+and\s+", fields.get("author", "")) if name.strip()]
    surnames = [name.partition(",")[0] if "," in name else name.split()[-1] for name in names]
    year = fields.get("year", "")
    return BibEntry(
        key=key,
        title=" ".join(fields.get("title", "").split()),
        surnames=tuple(name for name in surnames if name != "others"),
        year=int(year) if year.isdigit() else None,
        line=line,
        more="others" in names,
    )
