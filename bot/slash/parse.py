"""A comment's Markdown -> the commands it gives, and those it only seems to give.

``/papergate COMMAND`` starts a line; so does ``/COMMAND`` alone, unless the policy requires the long form.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from itertools import islice

from bot.slash.arguments import UsageError
from bot.slash.commands import (
    BY_NAME,
    NAMES,
    Command,
    CommandLine,
    Help,
    Hidden,
    Malformed,
    TooMany,
    UnknownCommand,
)
from bot.slash.markdown_context import Line, lines
from rules.sentences import nearest

MAX_CHARACTERS = 65_536
"""GitHub takes no longer comment."""
MAX_COMMANDS = 10
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
"""What PostgreSQL's text cannot hold."""
_LINE = re.compile(r" {0,3}/(papergate(?=[ \t]|$)[ \t]*)?([^ \t]*)(.*)", re.IGNORECASE | re.DOTALL)
_SHOWN_LINE = re.compile(r"[ \t>*+`-]*(/.*)", re.DOTALL)
_NAME = re.compile(r"[a-z]{1,20}")
# White space that editors and phones put in, and that nobody sees.
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"
_WITHOUT_INVISIBLE = dict.fromkeys(map(ord, _INVISIBLE))
_SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_ODD_SPACES = re.compile(f"[{_SPACES}]")
_ODD_START = re.compile(rf" {{0,3}}[{_SPACES}{_INVISIBLE}][ {_SPACES}{_INVISIBLE}]*(?=/)")


def parse(body: str, *, bare: bool = True) -> tuple[CommandLine, ...]:
    """Return what a comment says to Papergate, in order; at most `MAX_COMMANDS` that could run.

    ``bare`` allows ``/recheck`` beside ``/papergate recheck``. What is only shown is returned only if the
    comment says nothing else, and once. A longer comment than GitHub takes says nothing.
    """
    if len(body) > MAX_CHARACTERS or "/" not in body:
        return ()
    read = lines(_UNSTORABLE.sub("\ufffd", body))
    given = list(islice(_given(read, bare=bare), MAX_COMMANDS + 1))
    if len(given) > MAX_COMMANDS:
        given[MAX_COMMANDS] = CommandLine(given[MAX_COMMANDS].line, TooMany(MAX_COMMANDS))
    return tuple(given or islice(_shown(read, bare=bare), 1))


def digest(body: str) -> str:
    """Return what a comment's text is known again by, whichever line ends it was sent with."""
    return hashlib.sha256(body.replace("\r\n", "\n").encode(errors="surrogatepass")).hexdigest()


def _given(read: list[Line], *, bare: bool) -> Iterator[CommandLine]:
    for number, line in enumerate(read, 1):
        if line.shown_in is None:
            said = _meaning(line.text, bare=bare)
            if said is not None:
                yield CommandLine(number, said)


def _shown(read: list[Line], *, bare: bool) -> Iterator[CommandLine]:
    """Yield the commands that stand in code, quotes or HTML; one cited in a sentence is none."""
    for number, line in enumerate(read, 1):
        start = _SHOWN_LINE.fullmatch(line.text)
        if start is None:
            continue
        indented = line.text.expandtabs(4).startswith("    ")
        where = line.shown_in or ("code" if indented else None)
        said = _meaning(start[1].rstrip("` \t"), bare=bare)
        if where and said is not None and not isinstance(said, UnknownCommand):
            name = said.name if isinstance(said, Malformed) else said.NAME
            yield CommandLine(number, Hidden(name, where))


def _meaning(line: str, *, bare: bool) -> Command | UnknownCommand | Malformed | None:
    """Return what a line says, ``None`` when it does not speak to Papergate."""
    match = _LINE.fullmatch(_plain(line))
    if match is None:
        return None
    addressed, name, rest = match[1] is not None, match[2].lower(), match[3].strip(" \t")
    if not addressed and not bare:
        return None
    if addressed and not name:
        return Help()
    if name in NAMES:
        return _command(name, rest)
    near = nearest(name, NAMES, like=0.8) if _NAME.fullmatch(name) else None
    if not addressed and near is None:
        return None  # another bot's command, or a path
    return UnknownCommand(name[:40], near)


def _plain(line: str) -> str:
    """Return a line with plain spaces for odd ones, and without invisible characters around its command."""
    odd = _ODD_START.match(line)
    started = line[odd.end() :] if odd else line
    return _ODD_SPACES.sub(" ", started).translate(_WITHOUT_INVISIBLE)


def _command(name: str, rest: str) -> Command | Malformed:
    command = BY_NAME[name]
    try:
        return command.read(rest)
    except UsageError:
        return Malformed(name, command.USAGE)
