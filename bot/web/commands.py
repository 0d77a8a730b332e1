"""Slash commands in comments."""

from __future__ import annotations

import re

COMMANDS = frozenset({"recheck"})

_COMMAND = re.compile(r" {0,3}/(?:papergate[ \t]+)?([a-z]+)[ \t]*")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")
_QUOTE = re.compile(r" {0,3}>")


def find_command(body: str) -> str | None:
    """Return the name of the first command that is a line of its own, or ``None``.

    Lines in code blocks, quotes and HTML comments are somebody showing a command, not giving one. The scan is
    linear: the text is a stranger's.
    """
    fence = ""
    quoted = False
    for line in _without_html_comments(body).splitlines():
        if mark := _FENCE.fullmatch(line):
            if not fence:
                fence = mark[1]
            elif mark[1].startswith(fence) and not mark[2].strip():
                fence = ""
            continue
        if fence:
            continue
        # A line right under a quote still belongs to it, until a blank line.
        quoted = bool(_QUOTE.match(line)) or (quoted and bool(line.strip()))
        command = _COMMAND.fullmatch(line)
        if command and not quoted and command[1] in COMMANDS:
            return command[1]
    return None


def _without_html_comments(body: str) -> str:
    kept = []
    rest = body
    while rest:
        before, _, after = rest.partition("<!--")
        kept.append(before)
        _, _, rest = after.partition("-->")
    return "".join(kept)
