"""Everything on one machine: web, worker and, if none is given, a database, as children of one process."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING

import structlog
from pydantic import SecretStr
from sqlalchemy.exc import OperationalError, ProgrammingError

from bot.database.engine import next_step, open_database
from bot.database.schema import migrate
from bot.jobs.sweep import has_worker

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping, Sequence

    from bot.settings import Settings

log = structlog.stdlib.get_logger(__name__)

START_SECONDS = 60.0
STEADY_SECONDS = 60.0
"""A child that lived so long is restarted at once when it dies."""
LONGEST_PAUSE_SECONDS = 30.0


class SupervisorError(Exception):
    """It cannot start; the log says more."""


@dataclass(frozen=True, slots=True)
class Program:
    """A child to be kept running. It must stop at SIGTERM and when its standard input closes."""

    name: str
    command: tuple[str, ...]


PROGRAMS = (
    Program("web", (sys.executable, "-m", "bot.commands.serve", "--with-parent")),
    Program("worker", (sys.executable, "-m", "bot.commands.worker", "--with-parent")),
)


def supervise(
    settings: Settings, announce: Callable[[str], None], programs: Sequence[Program] = PROGRAMS
) -> None:
    """Run the programs until SIGTERM, SIGINT or SIGHUP; announce the web's URL once it is ready.

    Raises `SupervisorError` when the database or a program does not start.
    """
    asyncio.run(_Supervisor(settings, announce).run(programs))


class _Supervisor:
    def __init__(self, settings: Settings, announce: Callable[[str], None]) -> None:
        self._settings = settings
        self._announce = announce
        self._stopping = asyncio.Event()
        self._ready = asyncio.Event()
        self._started_at = datetime.now(UTC)

    async def run(self, programs: Sequence[Program]) -> None:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, self._stopping.set)
        _check_port(self._settings)
        url = self._settings.database_url
        if url is not None:
            await self._run_on(url, programs)
            return
        owner = Program(
            "database", (sys.executable, "-m", "bot.database.embedded", str(self._settings.database_dir))
        )
        process = await _start(owner, os.environ, output=asyncio.subprocess.PIPE)
        closing = asyncio.Event()  # the database stops when all that use it have stopped
        keeping = None
        try:
            line = await _first_line(process)
            keeping = asyncio.create_task(self._keep(owner, os.environ, process, closing), name=owner.name)
            await self._run_on(SecretStr(line), programs)
        finally:
            closing.set()
            await (keeping or self._stop(owner, process))

    async def _run_on(self, url: SecretStr, programs: Sequence[Program]) -> None:
        await asyncio.to_thread(_migrate, url)
        self._started_at = datetime.now(UTC)
        environment = {**os.environ, "DATABASE_URL": url.get_secret_value()}
        children = [
            asyncio.create_task(
                self._keep(program, environment, await _start(program, environment), self._stopping),
                name=program.name,
            )
            for program in programs
        ]
        starting = asyncio.create_task(self._wait_until_ready(url), name="readiness")
        try:
            # A child's task ends before all is ready only because the child ended.
            done, _ = await asyncio.wait({starting, *children}, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
            await asyncio.gather(*children)
        finally:
            self._stopping.set()
            starting.cancel()
            await asyncio.gather(*children, return_exceptions=True)

    async def _keep(
        self,
        program: Program,
        environment: Mapping[str, str],
        process: asyncio.subprocess.Process,
        stopping: asyncio.Event,
    ) -> None:
        """Restart the program whenever it dies, ever more slowly, until it is time to stop."""
        pause = 0.0
        while True:
            started = time.monotonic()
            await _first(process.wait(), stopping.wait())
            if stopping.is_set():
                await self._stop(program, process)
                return
            log.error("child died", child=program.name, status=process.returncode)
            if not self._ready.is_set():
                raise SupervisorError(
                    f"{program.name} ended with status {process.returncode} before all was ready"
                )
            steady = time.monotonic() - started > STEADY_SECONDS
            pause = 0.0 if steady else min(max(2 * pause, 0.5), LONGEST_PAUSE_SECONDS)
            await _first(asyncio.sleep(pause), stopping.wait())
            if stopping.is_set():
                return
            process = await _start(program, environment)

    async def _stop(self, program: Program, process: asyncio.subprocess.Process) -> None:
        """End the child: politely, and after the time it was promised, by force."""
        with suppress(ProcessLookupError):
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), self._settings.stop_seconds + 5)
        except TimeoutError:
            log.warning("child killed", child=program.name)
            process.kill()
            await process.wait()

    async def _wait_until_ready(self, url: SecretStr) -> None:
        host, port = _local_address(self._settings)
        deadline = time.monotonic() + START_SECONDS
        database = open_database(url, connections=1)
        while not (
            await asyncio.to_thread(_web_is_ready, host, port)
            and await asyncio.to_thread(has_worker, database, since=self._started_at)
        ):
            if time.monotonic() > deadline:
                raise SupervisorError(f"not ready after {START_SECONDS:.0f} s")
            await _first(asyncio.sleep(0.1), self._stopping.wait())
            if self._stopping.is_set():
                return
        database.dispose()
        self._ready.set()
        self._announce(f"http://{host}:{port}")


def _local_address(settings: Settings) -> tuple[str, int]:
    everywhere = settings.host == "0.0.0.0"  # noqa: S104 - compared, not bound
    return "localhost" if everywhere else settings.host, settings.port


def _check_port(settings: Settings) -> None:
    # Else whoever has it could answer in the web's place, and be taken for it.
    try:
        socket.create_server((settings.host, settings.port)).close()
    except OSError as error:
        raise SupervisorError(f"port {settings.port} cannot be had: {error.strerror}") from error


async def _first(*events: Coroutine[None, None, object]) -> None:
    """Return when one of the events has happened."""
    tasks = [asyncio.ensure_future(event) for event in events]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()


def _migrate(url: SecretStr) -> None:
    database = open_database(url)
    try:
        migrate(database)
    except (OperationalError, ProgrammingError) as error:
        raise SupervisorError(next_step(error)) from error
    finally:
        database.dispose()


def _web_is_ready(host: str, port: int) -> bool:
    connection = HTTPConnection(host, port, timeout=2)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


async def _start(
    program: Program, environment: Mapping[str, str], output: int | None = None
) -> asyncio.subprocess.Process:
    # Its standard input is the pipe that tells it when this process is gone. A session of its own keeps the
    # terminal's interrupt from it: stopping is this process's affair.
    return await asyncio.create_subprocess_exec(
        *program.command,
        env=environment,
        stdin=asyncio.subprocess.PIPE,
        stdout=output,
        start_new_session=True,
    )


async def _first_line(process: asyncio.subprocess.Process) -> str:
    if process.stdout is None:
        raise SupervisorError("the database has no output")
    line = await asyncio.wait_for(process.stdout.readline(), START_SECONDS)
    if not line:
        raise SupervisorError("the database did not start")
    return line.decode().strip()
