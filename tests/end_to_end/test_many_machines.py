"""Web, workers and database apart, as on several machines that share one database."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.bot.processes import free_port, kill, postgres_server, python, wait_until
from tests.end_to_end.papers import README, WITHOUT_YEAR, appended
from tests.end_to_end.place import POLICY, POLICY_PATH
from tests.sandbox import Sandbox
from tests.sandbox.contract import load_contract
from tests.service import COMMAND, QUICK

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.sandbox.model import CheckRun

NAME = "owner/papers"


@pytest.fixture
def sandbox(server_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """Return a GitHub to whose webhook a web process listens, on a database of its own; no worker runs."""
    with (
        Sandbox(contract=load_contract()) as made,
        postgres_server(str(server_folder)) as database_url,
    ):
        port = str(free_port())
        settings = {"DATABASE_URL": database_url, "PORT": port}
        for name, value in (made.environment() | QUICK | settings).items():
            monkeypatch.setenv(name, value)
        subprocess.run([COMMAND, "migrate"], check=True)
        with python("-m", "bot.commands.serve", "--with-parent"):
            made.webhooks.url = f"http://127.0.0.1:{port}/webhook"
            made.create_repository(NAME, {"README.md": README, POLICY_PATH: POLICY})
            wait_until(lambda: _is_up(made))
            yield made
            made.webhooks.settle()
            assert made.violations == []


def _is_up(sandbox: Sandbox) -> bool:
    delivered = sandbox.webhooks.deliveries[-1]
    return sandbox.webhooks.redeliver(delivered).status == 202


def test_a_second_worker_takes_over_from_one_that_was_killed(sandbox: Sandbox) -> None:
    """A worker killed in mid-validation has its work done by another: the right check, one comment."""
    with python("-m", "bot.commands.worker") as first, sandbox.hold("/contents/README.md") as gate:
        pull = sandbox.open_pull(NAME, {"README.md": appended(WITHOUT_YEAR)})
        assert gate.waiting.wait(30)
        with python("-m", "bot.commands.worker"):
            kill(first)
            gate.release()
            run = sandbox.wait_for_conclusion(NAME, pull.head_sha, "failure")
            (comment,) = sandbox.log.wait_until(lambda: sandbox.bot_comments(pull))
    assert sandbox.check_runs(NAME, pull.head_sha) == [run]
    assert "format/missing-year" in comment.body


def test_what_arrived_without_a_worker_is_done_by_the_first(sandbox: Sandbox) -> None:
    """Deliveries wait in the database for a worker; then two workers do each of them once."""
    pulls = [
        sandbox.open_pull(NAME, {"README.md": appended(WITHOUT_YEAR)}, title=f"Paper {number}")
        for number in range(6)
    ]
    with python("-m", "bot.commands.worker"), python("-m", "bot.commands.worker"):
        sandbox.log.wait_until(lambda: all(sandbox.bot_comments(pull) for pull in pulls))
    runs: list[list[CheckRun]] = [sandbox.check_runs(NAME, pull.head_sha) for pull in pulls]
    assert [[run.conclusion for run in found] for found in runs] == [["failure"]] * 6
    assert [len(sandbox.bot_comments(pull)) for pull in pulls] == [1] * 6
