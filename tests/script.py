"""What the demo, load and chaos share: output, errors, and an end that leaves nothing behind."""

from __future__ import annotations

import io
import signal
import sys
import tempfile
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.service import ServiceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def run_script(name: str, main: Callable[[], int]) -> None:
    """Run a script to its end and exit with its status; one line says why it could not be run."""
    signal.signal(signal.SIGINT, _end)
    signal.signal(signal.SIGTERM, _end)
    if isinstance(sys.stdout, io.TextIOWrapper):  # a terminal that is not UTF-8 gets escapes
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        with _own_folder():
            sys.exit(main())
    except (ServiceError, TimeoutError) as error:
        sys.exit(f"make {name}: {error}")


def say(*lines: str) -> None:
    """Print the lines at once."""
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


def _end(number: int, _frame: object) -> None:
    """Exit at the first signal, so that everything is cleaned up, and ignore the next ones meanwhile."""
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: None)
    sys.exit(128 + number)


@contextmanager
def _own_folder() -> Iterator[None]:
    """Make everything temporary go to one folder, which is removed at the end."""
    with tempfile.TemporaryDirectory(prefix="papergate-") as folder:
        usual, tempfile.tempdir = tempfile.tempdir, folder
        try:
            yield
        finally:
            tempfile.tempdir = usual
