"""A comment's Markdown -> the commands it gives, and those it only seems to give.

``/papergate COMMAND`` starts a line; so does ``/COMMAND`` alone, unless the policy wants the name before it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from itertools import islice
from urllib.parse import urlsplit

from bot.slash.commands import (
    COMMANDS,
    NAMES,
    Accept,
    Attest,
    Command,
    Fix,
    Help,
    Hidden,
    LineNumber,
    Malformed,
    Move,
    Recheck,
    Remove,
    Said,
    Status,
    Target,
    Title,
    TooMany,
    Unknown,
    Unwaive,
    Waive,
)
from bot.slash.markdown_context import Line, lines

MAX_CHARACTERS = 65_536
"""GitHub takes no longer comment."""
MAX_COMMANDS = 10
MAX_COUNT = 10_000_000

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
"""What PostgreSQL's text cannot hold."""
_LINE = re.compile(r" {0,3}/(papergate(?=[ \t]|$)[ \t]*)?([^ \t]*)(.*)", re.IGNORECASE | re.DOTALL)
_SHOWN_LINE = re.compile(r"[ \t>*+`-]*(/.*)", re.DOTALL)
_NAME = re.compile(r"[a-z]{1,20}")
_RULE = re.compile(r"[a-z][a-z-]{0,39}(?:/[a-z0-9-]{1,40})?")
_LINE_TARGET = re.compile(r"line[ \t]+#?([1-9][0-9]{0,5})(?![^ \t])", re.IGNORECASE)
# Of several languages; a single mark ends a title only before a space, for it may be an apostrophe.
_DOUBLE = '"\u201c\u201d\u201e\u201f\u00ab\u00bb'
_SINGLE = "'\u2018\u2019\u201a\u2039\u203a"
_QUOTED = re.compile(
    rf"[{_DOUBLE}]([^{_DOUBLE}]+)[{_DOUBLE}](?![^ \t])|[{_SINGLE}](.+?)[{_SINGLE}](?![^ \t])"
)
_NUMBER = re.compile(r"#?([1-9][0-9]{0,3})")
_COUNT = re.compile(r"([0-9]{1,8}|[0-9]{1,3}(?:,[0-9]{3}){1,2})[ \t]+(.*)", re.DOTALL)
_URL = re.compile(r"<?(https?://[^\s<>\"`]{1,2000})>?", re.IGNORECASE)


class _UsageError(Exception):
    """The arguments are not of the command's form."""


def parse(body: str, *, bare: bool = True) -> tuple[Said, ...]:
    """Return what a comment says to Papergate, in order; at most `MAX_COMMANDS` that could run.

    ``bare`` allows ``/recheck`` beside ``/papergate recheck``. What is only shown is returned only if the
    comment says nothing else, and once. A longer comment than GitHub takes says nothing.
    """
    if len(body) > MAX_CHARACTERS or "/" not in body:
        return ()
    read = lines(_UNSTORABLE.sub("\ufffd", body))
    given = list(islice(_given(read, bare=bare), MAX_COMMANDS + 1))
    if len(given) > MAX_COMMANDS:
        given[MAX_COMMANDS] = Said(given[MAX_COMMANDS].line, TooMany(MAX_COMMANDS))
    return tuple(given or islice(_shown(read, bare=bare), 1))


def digest(body: str) -> str:
    """Return what a comment's text is known again by, whichever line ends it was sent with."""
    return hashlib.sha256(body.replace("\r\n", "\n").encode(errors="surrogatepass")).hexdigest()


def _given(read: list[Line], *, bare: bool) -> Iterator[Said]:
    for number, line in enumerate(read, 1):
        if line.shown_in is None:
            said = _meaning(line.text, bare=bare)
            if said is not None:
                yield Said(number, said)


def _shown(read: list[Line], *, bare: bool) -> Iterator[Said]:
    """Yield the commands that stand in code, quotes or HTML; one cited in a sentence is none."""
    for number, line in enumerate(read, 1):
        start = _SHOWN_LINE.fullmatch(line.text)
        if start is None:
            continue
        indented = line.text.expandtabs(4).startswith("    ")
        where = line.shown_in or ("code" if indented else None)
        said = _meaning(start[1].rstrip("` \t"), bare=bare)
        if where and said is not None and not isinstance(said, Unknown):
            name = said.name if isinstance(said, Malformed) else said.NAME
            yield Said(number, Hidden(name, where))


def _meaning(line: str, *, bare: bool) -> Command | Unknown | Malformed | None:
    """Return what a line says, ``None`` when it does not speak to Papergate."""
    match = _LINE.fullmatch(line)
    if match is None:
        return None
    addressed, name, rest = match[1] is not None, match[2].lower(), match[3].strip(" \t")
    if not addressed and not bare:
        return None
    if addressed and not name:
        return Help()
    if name in NAMES:
        return _command(name, rest)
    close = get_close_matches(name, NAMES, n=1, cutoff=0.8) if _NAME.fullmatch(name) else []
    if not addressed and not close:
        return None  # another bot's command, or a path
    return Unknown(name[:40], close[0] if close else None)


def _command(name: str, rest: str) -> Command | Malformed:
    try:
        return _READERS[name](rest)
    except _UsageError:
        usage = next(command.USAGE for command in COMMANDS if name == command.NAME)
        return Malformed(name, usage)


def _without_arguments(command: Command) -> Callable[[str], Command]:
    def read(rest: str) -> Command:
        if rest:
            raise _UsageError
        return command

    return read


def _waive(rest: str) -> Waive:
    rule, rest = _rule(rest)
    target, reason = _target(rest)
    return Waive(rule, target, _required(reason))


def _unwaive(rest: str) -> Unwaive:
    rule, rest = _rule(rest)
    target, rest = _target(rest)
    _nothing(rest)
    return Unwaive(rule, target)


def _accept(rest: str) -> Accept:
    title, reason = _quoted(rest)
    return Accept(title, _required(reason))


def _attest(rest: str) -> Attest:
    title, rest = _title(rest)
    counted = _COUNT.fullmatch(rest)
    if counted is None:
        raise _UsageError
    count = int(counted[1].replace(",", ""))
    url = _URL.fullmatch(counted[2])
    if url is None or count > MAX_COUNT or not _is_plain_url(url[1]):
        raise _UsageError
    return Attest(title, count, url[1])


def _is_plain_url(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return bool(parts.hostname) and "@" not in parts.netloc


def _remove(rest: str) -> Remove:
    number = _NUMBER.fullmatch(rest)
    if number is not None:
        return Remove(int(number[1]))
    title, rest = _title(rest)
    _nothing(rest)
    return Remove(title)


def _move(rest: str) -> Move:
    title, rest = _title(rest)
    section, rest = _title(rest)
    _nothing(rest)
    return Move(title, section.text)


def _rule(rest: str) -> tuple[str, str]:
    rule, _, rest = rest.replace("\t", " ").partition(" ")
    if not _RULE.fullmatch(rule.lower()):
        raise _UsageError
    return rule.lower(), rest.strip(" ")


def _target(rest: str) -> tuple[Target | None, str]:
    line = _LINE_TARGET.match(rest)
    if line is not None:
        return LineNumber(int(line[1])), rest[line.end() :].strip(" \t")
    return _quoted(rest)


def _quoted(rest: str) -> tuple[Title | None, str]:
    """Return the title in quotation marks of any kind that ``rest`` begins with, and what follows."""
    match = _QUOTED.match(rest)
    title = " ".join((match[1] or match[2]).split()) if match else ""
    if match is None or not title:
        return None, rest
    return Title(title), rest[match.end() :].strip(" \t")


def _title(rest: str) -> tuple[Title, str]:
    title, rest = _quoted(rest)
    if title is None:
        raise _UsageError
    return title, rest


def _required(text: str) -> str:
    if not any(character.isalnum() for character in text):
        raise _UsageError
    return text


def _nothing(rest: str) -> None:
    if rest:
        raise _UsageError


_READERS: dict[str, Callable[[str], Command]] = {
    Recheck.NAME: _without_arguments(Recheck()),
    Status.NAME: _without_arguments(Status()),
    Help.NAME: _without_arguments(Help()),
    Waive.NAME: _waive,
    Unwaive.NAME: _unwaive,
    Accept.NAME: _accept,
    Attest.NAME: _attest,
    Fix.NAME: _without_arguments(Fix()),
    Remove.NAME: _remove,
    Move.NAME: _move,
}
