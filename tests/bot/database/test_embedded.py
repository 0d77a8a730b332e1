"""The process that owns a PostgreSQL of its own."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import psycopg.conninfo
import pytest

from bot.database import embedded
from bot.database.embedded import EmbeddedError, embedded_postgres

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def owner(directory: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "bot.database.embedded", str(directory)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        with process:
            yield process
            assert process.stdin is not None
            process.stdin.close()
    finally:
        if process.poll() is None:
            process.kill()


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def pid_file(directory: Path) -> Path:
    """Return the file that is there just as long as a server runs and has not been killed."""
    return directory / "postgres" / "postmaster.pid"


def test_the_server_stops_when_the_parent_is_gone(server_folder: Path) -> None:
    """Closing the owner's standard input, as the death of its parent does, stops the server."""
    with owner(server_folder) as process:
        with psycopg.connect(first_line(process)) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert pid_file(server_folder).exists()
    assert process.returncode == 0
    assert not pid_file(server_folder).exists()


def test_data_and_url_survive_a_killed_owner(server_folder: Path) -> None:
    """The next owner adopts the server that a killed one left, serves the same data, and does stop it."""
    with owner(server_folder) as process:
        url = first_line(process)
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1 AS n")
        process.kill()
        process.wait()
    assert pid_file(server_folder).exists()
    with owner(server_folder) as process:
        assert first_line(process) == url
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT n FROM kept").fetchone() == (1,)
    assert not pid_file(server_folder).exists()


def test_the_owner_ends_when_its_server_dies(server_folder: Path) -> None:
    """A server that is gone is noticed, so that a supervisor can start another."""
    with owner(server_folder) as process:
        first_line(process)
        os.kill(int(pid_file(server_folder).read_text().splitlines()[0]), signal.SIGKILL)
        assert process.wait(20) == 1


def test_a_directory_has_one_owner(server_folder: Path) -> None:
    """A second owner of a directory is refused, and leaves the first one's server alone."""
    with owner(server_folder) as first:
        url = first_line(first)
        with owner(server_folder) as second:
            assert first_line(second) == ""
            assert second.wait(10) == 1
            assert second.stderr is not None
            assert "stop the other Papergate first" in second.stderr.read()
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)


@pytest.mark.attack("The embedded database, open to other users of the machine")
@pytest.mark.parametrize("folder", ["data", "a & b", "a" * 100, "x/" * 60 + "data"])
def test_nobody_else_can_connect(server_folder: Path, folder: str) -> None:
    """The socket is in a directory of mode 0700 however long the path is, and asks for a password."""
    server_folder.chmod(0o700)
    with owner(server_folder / folder) as process:
        url = first_line(process)
        with psycopg.connect(url) as connection:
            assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
            assert connection.execute("SHOW unix_socket_permissions").fetchone() == ("0700",)
        sockets = Path(str(psycopg.conninfo.conninfo_to_dict(url)["host"]))
        assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(url.replace(url.split(":")[2].split("@")[0], "a-guess"))
    assert stat.S_IMODE(server_folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((server_folder / folder / "password").stat().st_mode) == 0o600


def test_the_server_knows_no_secret_of_the_app(server_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its environment is not this process's."""
    monkeypatch.setenv("PAPERGATE_PRIVATE_KEY", "s3cr3t")
    with owner(server_folder) as process:
        first_line(process)
        server = int(pid_file(server_folder).read_text().splitlines()[0])
        assert b"s3cr3t" not in Path(f"/proc/{server}/environ").read_bytes()


@pytest.mark.parametrize("planted", ["link", "file"])
def test_what_somebody_planted_in_the_place_of_the_data_is_refused(server_folder: Path, planted: str) -> None:
    """One line says what to remove."""
    data = server_folder / "postgres"
    if planted == "link":
        data.symlink_to(server_folder)
    else:
        data.touch()
    with owner(server_folder) as process:
        assert process.wait(10) == 1
        assert process.stderr is not None
        message = process.stderr.read()
    assert f"remove {data}, or move it away" in message
    assert message.count("\n") == 1


def test_data_of_an_earlier_version_is_left_alone(server_folder: Path) -> None:
    """It has no password, so it is open to everybody on the machine."""
    with owner(server_folder) as process:
        first_line(process)
    (server_folder / "password").unlink()
    with owner(server_folder) as process:
        assert process.wait(10) == 1
        assert process.stderr is not None
        assert "move" in process.stderr.read()


def test_the_locale_is_the_same_whatever_the_caller_has(
    server_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where LANG names a locale that is not installed."""
    for name in ("LANG", "LC_ALL"):
        monkeypatch.setenv(name, "xx_XX.UTF-8")
    with owner(server_folder) as process, psycopg.connect(first_line(process)) as connection:
        found = connection.execute("SELECT DISTINCT datcollate, datctype FROM pg_database")
        assert found.fetchall() == [("C.UTF-8", "C.UTF-8")]


def test_a_missing_locale_is_named_before_anything_starts(
    server_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message says what to install, or what to do instead."""
    monkeypatch.setattr(embedded, "LOCALE", "xx_XX.UTF-8")
    with (
        pytest.raises(EmbeddedError, match="install the locale xx_XX"),
        embedded_postgres(server_folder),
    ):
        pass
