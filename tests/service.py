"""The bot as an operator runs it on one machine: `papergate serve --with-worker` as a real child process."""

from __future__ import annotations

import json
import os
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import ProxyHandler, build_opener

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType

COMMAND = Path(sys.executable).with_name("papergate")
START_SECONDS = 60.0
STOP_SECONDS = 30.0
FAREWELL_SECONDS = 15.0
"""How long a process whose parent was killed may take to notice; gunicorn's workers look once a second."""
QUICK = {
    "PAPERGATE_SWEEP_SECONDS": "0.2",
    "PAPERGATE_HEARTBEAT_SECONDS": "0.5",
    "PAPERGATE_STALLED_SECONDS": "2",
    "PAPERGATE_RECHECK_FIRST_SECONDS": "0.2",
    "PAPERGATE_RECHECK_MAX_SECONDS": "2",  # the bot is patient for as long as its waits still grow
    "PAPERGATE_STOP_SECONDS": "2",
}
"""Settings under which nothing waits longer than a test does."""

_FOREIGN = re.compile(r"PAPERGATE_.*|DATABASE_URL|PORT|(?i:(http|https|all)_proxy)")
"""Variables of the caller that must not reach it: settings, and a proxy, which cannot reach 127.0.0.1."""


class ServiceError(Exception):
    """The bot did not start or stop as it should; the message ends with its log."""


class Service:
    """The bot on a free port of 127.0.0.1 with a data directory of its own, to be used as a context manager.

    `settings` are environment variables, `command` is what an operator types. Neither the caller's own
    settings of the bot nor its proxy reach it.
    """

    def __init__(
        self,
        settings: Mapping[str, str],
        *,
        command: Sequence[str | Path] = (COMMAND, "serve", "--with-worker"),
    ) -> None:
        self._command = command
        inherited = {name: value for name, value in os.environ.items() if not _FOREIGN.fullmatch(name)}
        self._folder = Path(tempfile.mkdtemp(prefix="papergate-"))
        self._folder.chmod(0o711)  # for root, the database runs as a user of its own, which has to get in
        self.port = free_port()
        self._environment = inherited | {
            "TMPDIR": str(self._folder),
            "PAPERGATE_DATA_DIR": str(self._folder / "data"),
            "PORT": str(self.port),
            **settings,
        }
        self._process: subprocess.Popen[str] | None = None
        self._family: set[Process] = set()

    @property
    def url(self) -> str:
        """Return the address of the web."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def webhook_url(self) -> str:
        """Return the address GitHub is to deliver to."""
        return f"{self.url}/webhook"

    @property
    def log(self) -> str:
        """Return what the bot has logged so far."""
        return (self._folder / "log").read_text(encoding="utf-8", errors="replace")

    def logged(self, event: str, **fields: object) -> list[dict[str, object]]:
        """Return the log's lines of an event in which these fields have these values, the first one first."""
        lines = [json.loads(line) for line in self.log.split("\n")[:-1] if line.startswith("{")]
        wanted = {"event": event, **fields}.items()
        return [line for line in lines if wanted <= line.items()]

    @property
    def process(self) -> subprocess.Popen[str]:
        """Return the supervisor's process.

        Raises:
            ServiceError: it has not been started.
        """
        if self._process is None:
            raise ServiceError("not started")
        return self._process

    def start(self) -> None:
        """Start it and wait until it says that it is ready.

        Raises:
            ServiceError: it does not.
        """
        self._close_pipes()
        with (self._folder / "log").open("a", encoding="utf-8") as log:
            process = subprocess.Popen(
                [*self._command, "--with-parent"],  # or it would outlive a test run that is killed
                env=self._environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,  # Ctrl-C in the terminal is for the caller, who stops it in order
            )
        self._process = process
        assert process.stdout is not None
        ready, _, _ = select.select([process.stdout], [], [], START_SECONDS)
        if not ready or self.url not in process.stdout.readline():
            raise ServiceError(f"the bot is not ready after {START_SECONDS:.0f} s:\n{self.log[-4000:]}")

    def _close_pipes(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout) if self._process else ():
            if pipe:
                pipe.close()

    def children(self) -> list[Process]:
        """Return the living processes that belong to it.

        That is all it started, directly or not, and PostgreSQL, which lets go of whoever started it.
        """
        known = living_processes()
        found = {process for process in known if process.mentions(str(self._folder))}
        ancestors = {self.process.pid} | {process.pid for process in found}
        while more := {process for process in known if process.parent in ancestors} - found:
            found |= more
            ancestors = {process.pid for process in more}
        self._family |= found
        return sorted(found, key=lambda process: process.started)

    def find(self, words: str) -> int:
        """Return the id of the eldest living child whose command line has these words.

        Raises:
            LookupError: there is none.
        """
        for process in self.children():
            if words in process.command:
                return process.pid
        raise LookupError(f"no child runs {words}")

    def is_ready(self) -> bool:
        """Return whether the web says that it can take deliveries."""
        try:
            with build_opener(ProxyHandler({})).open(f"{self.url}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    @property
    def database_url(self) -> str:
        """Return the URL of the bot's database, as its worker was told."""
        environment = Path(f"/proc/{self.find('bot.commands.worker')}/environ").read_bytes()
        told = dict(item.partition("=")[::2] for item in environment.decode().split("\0"))
        return told["DATABASE_URL"]

    def stop(self) -> None:
        """Stop it as an operator does, by SIGTERM.

        Raises:
            ServiceError: it does not end in time, ends with an error, or leaves a process behind.
        """
        process = self.process
        self.children()
        process.send_signal(signal.SIGTERM)
        try:
            status = process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired as error:
            raise ServiceError(f"still there {STOP_SECONDS:.0f} s after SIGTERM") from error
        self._wait_for_family()
        orphans = [process for process in self._family if process.is_alive]
        if status != 0 or orphans:
            raise ServiceError(
                f"ended with status {status}, left {orphans or 'no process'}:\n{self.log[-4000:]}"
            )

    def kill(self) -> None:
        """Kill the supervisor and wait until whatever it ran has noticed."""
        self.children()
        self.process.kill()
        self.process.wait()
        self._wait_for_family()

    def _wait_for_family(self) -> None:
        deadline = time.monotonic() + FAREWELL_SECONDS
        while any(process.is_alive for process in self._family) and time.monotonic() < deadline:
            time.sleep(0.05)

    def close(self) -> None:
        """End whatever of it still lives, by force, and remove its data."""
        process = self._process
        if process is not None:
            process.kill()
            process.wait()
            self._close_pipes()
            deadline = time.monotonic() + FAREWELL_SECONDS
            while (left := self.children()) and time.monotonic() < deadline:
                for child in left:
                    with suppress(ProcessLookupError):
                        os.kill(child.pid, signal.SIGKILL)
                time.sleep(0.05)
        shutil.rmtree(self._folder)

    def __enter__(self) -> Service:
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self.process.poll() is None and kind is None:
                self.stop()
        finally:
            self.close()


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody uses now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


@dataclass(frozen=True)
class Process:
    """A living process; an id is used again one day, but not with the same `started` (ticks since boot)."""

    pid: int
    started: int
    parent: int
    command: str

    def mentions(self, text: str) -> bool:
        """Return whether its command line or its environment has this text."""
        try:
            return text in self.command or text.encode() in Path(f"/proc/{self.pid}/environ").read_bytes()
        except (PermissionError, FileNotFoundError, ProcessLookupError):
            return False  # somebody else's, or it has just ended

    @property
    def is_alive(self) -> bool:
        """Say whether it still runs; one that has ended and was not waited for does not."""
        now = _read(Path(f"/proc/{self.pid}"))
        return now is not None and now.started == self.started


def living_processes() -> list[Process]:
    """Return all processes of this machine that run now."""
    return [found for folder in Path("/proc").glob("[0-9]*") if (found := _read(folder))]


def _read(folder: Path) -> Process | None:
    try:
        fields = (folder / "stat").read_text().rpartition(")")[2].split()
        command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except (FileNotFoundError, ProcessLookupError):
        return None  # it has just ended
    state, parent, started = fields[0], int(fields[1]), int(fields[19])
    return None if state in {"Z", "X"} else Process(int(folder.name), started, parent, command)
