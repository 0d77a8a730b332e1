"""What the terminal wants: colours, and lines of its width."""

from __future__ import annotations

import os
import shutil
import sys

_NARROWEST = 40  # columns; text that is cut to less is of no use


def wants_colour() -> bool:
    """Return whether standard output is coloured: NO_COLOR, FORCE_COLOR, or else a terminal decides.

    https://no-color.org and https://force-color.org: a variable counts when it is not empty.
    """
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return os.environ["FORCE_COLOR"] != "0"
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def width() -> int | None:
    """Return the columns of the terminal, None when the output goes to a file or a pipe."""
    return max(_NARROWEST, shutil.get_terminal_size().columns) if sys.stdout.isatty() else None
