"""Everything on one machine, as real processes: started, kept running, stopped, and never orphaned."""

from __future__ import annotations

import os
import signal
import sys
import threading
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from bot.database import repositories
from bot.database.embedded import embedded_postgres
from bot.database.engine import open_database
from bot.database.identity import PullKey
from tests.bot.conftest import PRIVATE_KEY
from tests.bot.jobs.conftest import PULL, REPOSITORY, Stage
from tests.bot.jobs.recording import DEAF, TABLES
from tests.bot.processes import descendants, end, free_port, kill, lives, python, running, wait_until
from tests.bot.supervised import WORKER_MODULE

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator


# Fails when the web alone is ready.
LATE_FAILURE = """
import threading
from tests.bot.processes import wait_until
from tests.bot.process.test_supervisor import is_ready
wait_until(is_ready)
threading.Event().wait(0.5)
raise SystemExit(3)
"""


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, server_folder: Path) -> None:
    """Set what a single machine's operator sets: no database."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("PAPERGATE_APP_ID", "1")
    monkeypatch.setenv("PAPERGATE_PRIVATE_KEY", PRIVATE_KEY)
    monkeypatch.setenv("PAPERGATE_WEBHOOK_SECRET", "secret")
    monkeypatch.setenv("PAPERGATE_DATA_DIR", str(server_folder))
    monkeypatch.setenv("PAPERGATE_WEB_PROCESSES", "1")
    monkeypatch.setenv("PAPERGATE_STOP_SECONDS", "5")
    monkeypatch.setenv("PORT", str(free_port()))


def database_server() -> int:
    """Return the process id of the embedded server."""
    return int(pid_file().read_text().splitlines()[0])


def pid_file() -> Path:
    return Path(os.environ["PAPERGATE_DATA_DIR"]) / "postgres" / "postmaster.pid"


def is_ready() -> bool:
    connection = HTTPConnection("127.0.0.1", int(os.environ["PORT"]), timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def embedded_url() -> SecretStr:
    password = (pid_file().parent.parent / "password").read_text()
    sockets = pid_file().read_text().splitlines()[4]
    return SecretStr(f"postgresql://postgres:{password}@/postgres?host={sockets}")


@contextmanager
def supervisor() -> Iterator[tuple[subprocess.Popen[str], set[int]]]:
    """Run a supervisor; yield it, once it is ready, with the ids of all that it started."""
    with python("-m", "tests.bot.supervised") as process:
        started: set[int] = set()
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == f"http://127.0.0.1:{os.environ['PORT']}\n"
            started = descendants(process.pid)
            if pid_file().exists():
                started.add(database_server())
            yield process, started
        finally:
            end(started | descendants(process.pid) | ({database_server()} if pid_file().exists() else set()))


def test_all_is_there_when_it_says_so_and_gone_when_it_ends(server_folder: Path) -> None:
    """One line when ready; SIGTERM ends web, worker and database, and then itself with status 0."""
    with supervisor() as (process, started):
        assert is_ready()
        assert len(running(process.pid, WORKER_MODULE)) == 1
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        wait_until(lambda: not any(map(lives, started)), seconds=5)
    assert not pid_file().exists()
    assert (server_folder / "postgres").is_dir()


def test_work_under_way_can_still_be_recorded_when_it_stops(server_folder: Path) -> None:
    """The database goes last: a validation that ends while the supervisor stops is not lost."""
    with supervisor() as (process, _):
        database = open_database(embedded_url())
        with database.begin() as connection:
            connection.exec_driver_sql(TABLES)
            repositories.keep(connection, REPOSITORY)
        stage = Stage(database)
        stage.tell(1, "pass", held=True)
        stage.ask(PULL)
        wait_until(lambda: len(stage.runs()) == 1)
        process.send_signal(signal.SIGTERM)
        wait_until(lambda: not is_ready())
        stage.tell(1, "pass")
        assert process.wait(20) == 0
    try:
        with embedded_postgres(server_folder):
            assert stage.verdict() == "pass"
    finally:
        database.dispose()


def test_nothing_outlives_a_killed_supervisor() -> None:
    """SIGKILL leaves it no time to stop anything; its children notice by themselves."""
    with supervisor() as (process, started):
        kill(process)
        wait_until(lambda: not any(map(lives, started)), seconds=20)


def test_what_dies_is_started_again() -> None:
    """A killed worker and a killed database are replaced, and the service is ready again."""
    with supervisor() as (process, _):
        (worker,) = running(process.pid, WORKER_MODULE)
        os.kill(worker, signal.SIGKILL)
        wait_until(lambda: bool(running(process.pid, WORKER_MODULE) - {worker}))
        server = database_server()
        os.kill(server, signal.SIGKILL)
        wait_until(lambda: not lives(server))
        wait_until(is_ready)
        assert database_server() != server
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    assert not pid_file().exists()


def test_a_worker_stuck_without_its_database_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """A validation that never ends does not keep a worker that lost its database from being replaced."""
    monkeypatch.setenv("PAPERGATE_STOP_SECONDS", "1")
    with supervisor() as (process, _):
        database = open_database(embedded_url())
        with database.begin() as connection:
            connection.exec_driver_sql(TABLES)
            repositories.keep(connection, REPOSITORY)
        stage = Stage(database)
        stage.ask(PullKey(70, DEAF))
        wait_until(lambda: len(stage.runs(DEAF)) == 1)
        database.dispose()
        (worker,) = running(process.pid, WORKER_MODULE)
        os.kill(database_server(), signal.SIGKILL)
        wait_until(lambda: bool(running(process.pid, WORKER_MODULE) - {worker}))
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


def test_a_given_database_is_used(monkeypatch: pytest.MonkeyPatch, empty_database_url: SecretStr) -> None:
    """With ``DATABASE_URL`` the supervisor migrates that database and starts none."""
    monkeypatch.setenv("DATABASE_URL", empty_database_url.get_secret_value())
    with supervisor() as (process, _):
        assert is_ready()
        assert not pid_file().exists()
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


@pytest.mark.parametrize("culprit", ["worker", "late worker", "database"])
def test_it_does_not_start_halfway(server_folder: Path, culprit: str) -> None:
    """When one part cannot start, all of it ends with status 1, and nothing stays behind."""
    worker: tuple[str, ...] = ()
    match culprit:
        case "worker":
            worker = (sys.executable, "-c", "raise SystemExit(3)")
        case "late worker":
            worker = (sys.executable, "-c", LATE_FAILURE)
        case "database":
            (server_folder / "postgres").write_text("in the way")
    assert_not_started(*worker)


def test_a_port_in_use_is_not_taken_for_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has the port may well say that it is ready."""

    class Ready(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Ready) as other:
        monkeypatch.setenv("PORT", str(other.server_port))
        threading.Thread(target=other.serve_forever, kwargs={"poll_interval": 0.01}).start()
        try:
            assert_not_started()
        finally:
            other.shutdown()


def assert_not_started(*worker: str) -> None:
    with python("-m", "tests.bot.supervised", *worker) as process:
        assert process.wait(30) == 1
        assert process.stdout is not None
        assert process.stdout.read() == ""
    assert not pid_file().exists()
