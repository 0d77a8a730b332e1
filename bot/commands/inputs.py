"""Read the files that a command is given."""

from __future__ import annotations

import sys
from pathlib import Path

from rules.evaluate import LARGEST

STANDARD_INPUT = Path("-")

# One byte over the limit is enough to report that a list is too large.
READ_LIMIT = LARGEST + 1


class InputError(Exception):
    """An input that cannot be used: missing, empty or not UTF-8. The message is one line."""


def read_list(path: Path) -> str:
    """Return the text of the list ``path``; ``-`` is standard input.

    Raises `InputError` when it is missing, empty or not UTF-8.
    """
    return decode(read_content(path), str(path))


def read_content(path: Path) -> bytes:
    """Return at most ``READ_LIMIT`` bytes of ``path``. Raises `InputError` when it cannot be read."""
    try:
        if path == STANDARD_INPUT:
            return sys.stdin.buffer.read(READ_LIMIT)
        with path.open("rb") as file:
            return file.read(READ_LIMIT)
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from error


def decode(content: bytes, name: str) -> str:
    """Return ``content`` as text. Raises `InputError` when it is empty or not UTF-8."""
    if not content.strip():
        raise InputError(f"{name} is empty; a Markdown list is needed")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        if len(content) == READ_LIMIT and error.start > LARGEST - 4:
            # The limit cut a character in two; the padding keeps the text over the limit.
            return content[: error.start].decode("utf-8") + " " * 4
        raise InputError(f"{name} is not UTF-8: byte {error.start} is not valid") from error
