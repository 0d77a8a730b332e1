"""Errors of ``serve``, ``worker`` and ``migrate`` as an operator sees them."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from bot.database.engine import open_database
from bot.database.schema import is_current
from tests.bot.conftest import PRIVATE_KEY
from tests.bot.processes import free_port

if TYPE_CHECKING:
    from pydantic import SecretStr

CLI = ("-c", "from bot.cli import main; main()")


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set the required settings, but no database."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("PAPERGATE_APP_ID", "1")
    monkeypatch.setenv("PAPERGATE_PRIVATE_KEY", PRIVATE_KEY)
    monkeypatch.setenv("PAPERGATE_WEBHOOK_SECRET", "secret")


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *CLI, *arguments], capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize("arguments", [["serve"], ["serve", "--with-worker"], ["worker"]])
def test_missing_settings_are_one_line_and_status_2(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    """Every missing setting is named at once."""
    monkeypatch.delenv("PAPERGATE_APP_ID")
    monkeypatch.delenv("PAPERGATE_WEBHOOK_SECRET")
    result = run(*arguments)
    assert result.returncode == 2
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert "PAPERGATE_APP_ID is missing; PAPERGATE_WEBHOOK_SECRET is missing" in result.stderr


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_a_missing_database_setting_is_status_2(command: str) -> None:
    """Only the supervisor can start a database itself."""
    result = run(command)
    assert result.returncode == 2
    assert "DATABASE_URL is missing" in result.stderr


@pytest.mark.parametrize("arguments", [["serve", "--with-worker"], ["worker"], ["migrate"]])
def test_the_error_for_an_unreachable_database_hides_the_password(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    """It is one line without a traceback; the status is 1."""
    monkeypatch.setenv("DATABASE_URL", f"postgresql://someone:s3cr3t@127.0.0.1:{free_port()}/none")
    result = run(*arguments)
    assert result.returncode == 1
    assert result.stderr.startswith("papergate: check that PostgreSQL runs and answers: ")
    assert "s3cr3t" not in result.stderr
    assert "Traceback" not in result.stderr


def test_a_worker_refuses_a_database_that_is_not_migrated(
    monkeypatch: pytest.MonkeyPatch, empty_database_url: SecretStr
) -> None:
    """The message names the command that solves it."""
    monkeypatch.setenv("DATABASE_URL", empty_database_url.get_secret_value())
    refused = run("worker")
    assert refused.returncode == 1
    assert "run `papergate migrate`" in refused.stderr
    assert run("migrate").returncode == 0
    database = open_database(empty_database_url)
    assert is_current(database)
    database.dispose()


@pytest.mark.parametrize("arguments", [["migrate"], ["log", "octo/papers#1"]])
def test_commands_of_the_database_need_no_other_setting(
    monkeypatch: pytest.MonkeyPatch, database_url: SecretStr, arguments: list[str]
) -> None:
    """Neither a key nor a secret; without a database they say where one could come from."""
    for name in ("PAPERGATE_APP_ID", "PAPERGATE_PRIVATE_KEY", "PAPERGATE_WEBHOOK_SECRET"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("DATABASE_URL", database_url.get_secret_value())
    assert run(*arguments).returncode == 0
    monkeypatch.delenv("DATABASE_URL")
    result = run(*arguments)
    assert result.returncode == 2
    assert "set DATABASE_URL, or start `papergate serve --with-worker`" in result.stderr
