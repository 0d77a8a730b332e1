"""Putting work into the queue, inside a transaction of the caller's."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from procrastinate import SyncPsycopgConnector
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task

from bot.database.engine import driver_connection
from bot.jobs import generations
from bot.jobs.handlers import CommandRef, HeadRef, PullRequestRef, Work

if TYPE_CHECKING:
    from procrastinate.types import JSONValue
    from sqlalchemy import Connection

VALIDATE = "validate"
RESOLVE_HEAD = "resolve_head"
RUN_COMMAND = "run_command"

# Never opened: every query runs on the connection it is given.
_jobs = JobManager(SyncPsycopgConnector())


def enqueue(connection: Connection, work: Work) -> None:
    """Enqueue the work; it is there for the workers once the connection's transaction commits.

    For a pull request that is a new generation: one validation that starts after the commit satisfies all
    generations asked for until then.
    """
    match work:
        case PullRequestRef():
            generation = generations.request(connection, work)
            enqueue_validation(connection, work, generation)
        case HeadRef():
            _defer(connection, RESOLVE_HEAD, asdict(work))
        case CommandRef():
            _defer(connection, RUN_COMMAND, asdict(work))


def enqueue_validation(connection: Connection, pull: PullRequestRef, generation: int) -> None:
    """Enqueue the job that brings the pull request to this generation, one job a pull request at a time."""
    _defer(
        connection,
        VALIDATE,
        {**asdict(pull), "generation": generation},
        lock=f"{pull.repository}#{pull.number}",
    )


def _defer(
    connection: Connection, task: str, arguments: dict[str, JSONValue], lock: str | None = None
) -> None:
    configure_task(name=task, job_manager=_jobs, lock=lock, connection=driver_connection(connection)).defer(
        **arguments
    )
