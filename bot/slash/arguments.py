"""Reading a command's arguments: rules, titles in quotation marks, line numbers, reasons, counts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

MAX_COUNT = 10_000_000
"""Citations; no paper has more."""

_RULE = re.compile(r"[a-z][a-z-]{0,39}(?:/[a-z0-9-]{1,40})?")
_LINE = re.compile(r"line[ \t]+#?([1-9][0-9]{0,5})(?![^ \t])", re.IGNORECASE)
# Of several languages; a single mark ends a title only before a space, for it may be an apostrophe.
_DOUBLE = '"\u201c\u201d\u201e\u201f\u00ab\u00bb'
_SINGLE = "'\u2018\u2019\u201a\u2039\u203a"
_QUOTED = re.compile(
    rf"[{_DOUBLE}]([^{_DOUBLE}]+)[{_DOUBLE}](?![^ \t])|[{_SINGLE}](.+?)[{_SINGLE}](?![^ \t])"
)
_NUMBER = re.compile(r"#?([1-9][0-9]{0,3})")
_COUNT = re.compile(r"([0-9]{1,8}|[0-9]{1,3}(?:,[0-9]{3}){1,2})[ \t]+(.*)", re.DOTALL)
_URL = re.compile(r"<?(https?://[^\s<>\"`]{1,2000})>?", re.IGNORECASE)


class UsageError(Exception):
    """The arguments do not have the command's form."""


@dataclass(frozen=True, slots=True)
class Title:
    """An entry, by the title the comment gives, as typed."""

    text: str


@dataclass(frozen=True, slots=True)
class LineNumber:
    """A line of the list at the pull request's head, 1-based."""

    number: int


Selector = Title | LineNumber
"""Which entry a command means."""


def rule(rest: str) -> tuple[str, str]:
    """Return ``rule`` or ``rule/code`` in lower case, and what follows. Raises UsageError."""
    name, _, rest = rest.replace("\t", " ").partition(" ")
    if not _RULE.fullmatch(name.lower()):
        raise UsageError
    return name.lower(), rest.strip(" ")


def selector(rest: str) -> tuple[Selector | None, str]:
    """Return the title or line number that ``rest`` begins with, if any, and what follows."""
    line = _LINE.match(rest)
    if line is not None:
        return LineNumber(int(line[1])), rest[line.end() :].strip(" \t")
    return quoted(rest)


def quoted(rest: str) -> tuple[Title | None, str]:
    """Return the title in quotation marks of any kind that ``rest`` begins with, and what follows."""
    match = _QUOTED.match(rest)
    text = " ".join((match[1] or match[2]).split()) if match else ""
    if match is None or not text:
        return None, rest
    return Title(text), rest[match.end() :].strip(" \t")


def title(rest: str) -> tuple[Title, str]:
    """Return the title in quotation marks, and what follows. Raises UsageError where there is none."""
    found, rest = quoted(rest)
    if found is None:
        raise UsageError
    return found, rest


def number(rest: str) -> int | None:
    """Return the number that is all of ``rest``, None where it is something else."""
    match = _NUMBER.fullmatch(rest)
    return None if match is None else int(match[1])


def count_and_url(rest: str) -> tuple[int, str]:
    """Return a citation count and the address that shows it. Raises UsageError."""
    counted = _COUNT.fullmatch(rest)
    if counted is None:
        raise UsageError
    count = int(counted[1].replace(",", ""))
    url = _URL.fullmatch(counted[2])
    if url is None or count > MAX_COUNT or not _is_plain_url(url[1]):
        raise UsageError
    return count, url[1]


def reason(text: str) -> str:
    """Return a reason, which holds at least one letter or digit. Raises UsageError."""
    if not any(character.isalnum() for character in text):
        raise UsageError
    return text


def nothing(rest: str) -> None:
    """Raise UsageError unless ``rest`` is empty."""
    if rest:
        raise UsageError


def _is_plain_url(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return bool(parts.hostname) and "@" not in parts.netloc
