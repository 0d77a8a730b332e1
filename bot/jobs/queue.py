"""Putting work into the queue, inside a transaction of the caller's."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from procrastinate import SyncPsycopgConnector
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task

from bot.database import decisions as ledger
from bot.database.engine import driver_connection
from bot.jobs import merge_groups
from bot.jobs import pull_state as generations
from bot.jobs.handlers import (
    CommandRef,
    ForeignEdit,
    HeadRef,
    MergeGroupEnd,
    MergeGroupRef,
    PressRef,
    PullRequestNews,
    PullRequestRef,
    PushRef,
    Work,
)

if TYPE_CHECKING:
    from datetime import datetime

    from procrastinate.types import JSONValue
    from sqlalchemy import Connection

VALIDATE = "validate"
RESOLVE_HEAD = "resolve_head"
RUN_COMMAND = "run_command"
PRESS = "press"
JUDGE_GROUP = "judge_group"
FOLLOW_PUSH = "follow_push"
REDELIVER = "redeliver"
RELIST = "relist"
RELIST_INSTALLATION = "relist_installation"

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
        case PullRequestNews():
            generation = generations.request(connection, work.pull, work.told_at)
            enqueue_validation(connection, work.pull, generation)
        case HeadRef():
            _defer(connection, RESOLVE_HEAD, asdict(work))
        case CommandRef():
            _defer(connection, RUN_COMMAND, asdict(work))
        case PressRef():
            _defer(connection, PRESS, asdict(work))
        case ForeignEdit():
            _note_edit(connection, work)
        case MergeGroupRef():
            merge_groups.request(connection, work)
            enqueue_group(connection, work)
        case MergeGroupEnd():
            merge_groups.end(connection, work.group)
        case PushRef():
            _defer(connection, FOLLOW_PUSH, asdict(work))


def enqueue_validation(connection: Connection, pull: PullRequestRef, generation: int) -> None:
    """Enqueue the job that brings the pull request to this generation, one job a pull request at a time."""
    _defer(
        connection,
        VALIDATE,
        {**asdict(pull), "generation": generation},
        lock=f"{pull.repository}#{pull.number}",
    )


def enqueue_group(connection: Connection, group: MergeGroupRef) -> None:
    """Enqueue the job that judges a merge group, one job a group at a time."""
    _defer(connection, JUDGE_GROUP, asdict(group), lock=f"{group.repository}@{group.head_sha}")


def enqueue_chore(connection: Connection, name: str) -> None:
    """Enqueue `REDELIVER` or `RELIST`, one at a time."""
    _defer(connection, name, {}, lock=name)


def enqueue_relisting(connection: Connection, installation_id: int, at: datetime) -> None:
    """Enqueue the job that looks through an installation's open pull requests."""
    _defer(connection, RELIST_INSTALLATION, {"installation_id": installation_id}, at=at)


def _defer(
    connection: Connection,
    task: str,
    arguments: dict[str, JSONValue],
    *,
    lock: str | None = None,
    at: datetime | None = None,
) -> None:
    configure_task(
        name=task, job_manager=_jobs, lock=lock, schedule_at=at, connection=driver_connection(connection)
    ).defer(**arguments)


def _note_edit(connection: Connection, edit: ForeignEdit) -> None:
    ledger.write(
        connection,
        ledger.Place(edit.repository, edit.number),
        edit.editor,
        "edited a comment with commands",
        {"author": edit.author},
        comment_url=edit.comment_url,
    )
