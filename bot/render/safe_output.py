"""Make the output of a command harmless in a terminal and in the log of GitHub Actions.

The runner reads what programs print, and takes a line that begins with ``::`` or holds ``##[`` for a command:
https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
"""

from __future__ import annotations

import json
import re

from bot.render.escape import visible

_OLD_COMMAND = re.compile(r"#(?=#\[)")
_COMMAND = re.compile(r"^([^\S\n]*:)(?=:)", re.MULTILINE)
_UNUSUAL = re.compile(r"[^\n\x20-\x7e]")


def no_commands(text: str) -> str:
    """Return ``text`` with a space inside whatever the runner of GitHub Actions would take for a command."""
    return _COMMAND.sub(r"\1 ", _OLD_COMMAND.sub("# ", text))


def as_json_text(value: object, indent: int | None = 2) -> str:
    """Return ``value`` as JSON that ends in a line end, control and invisible characters as ``\\uXXXX``.

    A reader of JSON gets every string unchanged.
    """
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return _OLD_COMMAND.sub(r"\\u0023", _UNUSUAL.sub(_escaped, text)) + "\n"


def _escaped(match: re.Match[str]) -> str:
    character = match[0]
    return character if visible(character) == character else json.dumps(character)[1:-1]
