"""The entries of a list as they were read, for the terminal and for programs."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from bot.render.escape import plain
from bot.render.safe_output import as_json_text, no_commands
from rules.sentences import counted

if TYPE_CHECKING:
    from rules.reading.document import Document, Listed


def as_text(document: Document, path: str) -> str:
    """Return a line for each entry below the name of its section, and their number at the end."""
    lines = []
    for section, entries in groupby(document.entries, key=lambda listed: listed.section):
        lines.append(plain(section) or "(no section)")
        lines += [_line(listed) for listed in entries]
        lines.append("")
    number = counted(len(document.entries), "entry", "entries")
    return no_commands("\n".join([*lines, f"{plain(path)}: {number}", ""]))


def as_json(document: Document) -> str:
    """Return ``[{"line", "title", "year", "url", "section", "form"}]``; year, url and form may be null."""
    return as_json_text(
        [
            {
                "line": listed.line,
                "title": listed.title,
                "year": listed.year.value,
                "url": _url(listed),
                "section": listed.section,
                "form": _form(listed),
            }
            for listed in document.entries
        ]
    )


def _line(listed: Listed) -> str:
    title, year, url = plain(listed.title), listed.year.value, plain(_url(listed) or "")
    return f"  {listed.line}: {title or '(no title)'} | {year or 'no year'} | {url or 'no address'}"


def _url(listed: Listed) -> str | None:
    return next(iter(listed.urls), None)


def _form(listed: Listed) -> str | None:
    """Return the form of the policy that the entry is nearest to."""
    fit = listed.entry.fit
    return str(fit.form) if fit and fit.form else None
