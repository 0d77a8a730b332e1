"""Putting work into the queue, inside a transaction of the caller's."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from procrastinate import SyncPsycopgConnector
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task

from bot.database import audit_log, repositories
from bot.database.engine import driver_connection
from bot.database.identity import PullKey
from bot.jobs import command_queue, merge_groups, pull_state
from bot.jobs.handlers import (
    ButtonPress,
    CommandRef,
    ForeignEdit,
    HeadRef,
    InstallationActive,
    InstallationDeleted,
    InstallationSuspended,
    MergeGroupDestroyed,
    MergeGroupRef,
    PullRequestEvent,
    PushRef,
    Record,
    RepositoriesRemoved,
    RepositoryRenamed,
    Work,
)

if TYPE_CHECKING:
    from datetime import datetime

    from procrastinate.types import JSONValue
    from sqlalchemy import Connection

EVALUATE = "evaluate"
RESOLVE_HEAD = "resolve_head"
RUN_COMMANDS = "run_commands"
PRESS_BUTTON = "press_button"
EVALUATE_GROUP = "evaluate_group"
FOLLOW_PUSH = "follow_push"
REDELIVER = "redeliver"
RECHECK_ALL = "recheck_all"
RECHECK_INSTALLATION = "recheck_installation"

# Of two jobs that wait, the one of higher priority starts first: a verdict before a command, and that before
# what a stranger writes.
EVALUATIONS = 10
COMMANDS = 0
STRANGERS = -10

# Never opened: every query runs on the connection it is given.
_jobs = JobManager(SyncPsycopgConnector())


def enqueue(connection: Connection, work: Work) -> None:
    """Enqueue the work; workers see it once the connection's transaction commits.

    Work on a pull request raises its version: one evaluation that starts after the commit satisfies all
    versions wanted until then.
    """
    match work:
        case PullKey():
            _enqueue_request(connection, work, pull_state.request(connection, work))
        case PullRequestEvent():
            version = pull_state.request(connection, work.pull, work.event_time, work.head)
            _enqueue_request(connection, work.pull, version)
        case MergeGroupRef():
            merge_groups.request(connection, work)
            enqueue_group(connection, work)
        case CommandRef():
            if command_queue.request(connection, work):
                enqueue_commands(connection, PullKey(work.repository_id, work.number), stranger=work.stranger)
        case HeadRef():
            _defer(connection, RESOLVE_HEAD, asdict(work))
        case ButtonPress():
            _defer(connection, PRESS_BUTTON, asdict(work))
        case PushRef():
            _defer(connection, FOLLOW_PUSH, asdict(work))
        case InstallationActive():
            enqueue_recheck(connection, work.installation_id)
        case _:
            _record(connection, work)


def _record(connection: Connection, work: Record) -> None:
    """Do at once what needs no job."""
    match work:
        case ForeignEdit():
            _log_edit(connection, work)
        case MergeGroupDestroyed():
            merge_groups.end(connection, work.group)
        case InstallationSuspended():
            repositories.stop_installation(connection, work.installation_id)
        case InstallationDeleted():
            repositories.remove_installation(connection, work.installation_id)
        case RepositoriesRemoved():
            repositories.stop(connection, work.repository_ids, work.installation_id)
        case RepositoryRenamed():
            pass  # its name is kept with the delivery


def _enqueue_request(connection: Connection, pull: PullKey, version: int | None) -> None:
    """Enqueue the evaluation; one pull request that changes very often is evaluated a little later."""
    if version is not None:
        enqueue_evaluation(connection, pull, version)


def enqueue_commands(connection: Connection, pull: PullKey, *, stranger: bool = False) -> None:
    """Enqueue the job that runs a pull request's commands, one at a time, in the order they were written."""
    _defer(
        connection,
        RUN_COMMANDS,
        asdict(pull),
        lock=f"commands:{pull.repository_id}#{pull.number}",
        priority=STRANGERS if stranger else COMMANDS,
    )


def enqueue_evaluation(connection: Connection, pull: PullKey, version: int) -> None:
    """Enqueue the job that brings the pull request to this version; a pull request has one job at a time."""
    _defer(
        connection,
        EVALUATE,
        {**asdict(pull), "version": version},
        lock=f"{pull.repository_id}#{pull.number}",
        priority=EVALUATIONS,
    )


def enqueue_group(connection: Connection, group: MergeGroupRef) -> None:
    """Enqueue the job that evaluates a merge group, one job a group at a time."""
    _defer(
        connection,
        EVALUATE_GROUP,
        asdict(group),
        lock=f"{group.repository_id}@{group.head_sha}",
        priority=EVALUATIONS,
    )


def enqueue_scheduled(connection: Connection, name: str) -> None:
    """Enqueue `REDELIVER` or `RECHECK_ALL`, one at a time."""
    _defer(connection, name, {}, lock=name)


def enqueue_recheck(connection: Connection, installation_id: int, at: datetime | None = None) -> None:
    """Enqueue the job that schedules an installation's open pull requests."""
    _defer(connection, RECHECK_INSTALLATION, {"installation_id": installation_id}, at=at)


def _defer(
    connection: Connection,
    task: str,
    arguments: dict[str, JSONValue],
    *,
    lock: str | None = None,
    at: datetime | None = None,
    priority: int = COMMANDS,
) -> None:
    configure_task(
        name=task,
        job_manager=_jobs,
        lock=lock,
        schedule_at=at,
        priority=priority,
        connection=driver_connection(connection),
    ).defer(**arguments)


def _log_edit(connection: Connection, edit: ForeignEdit) -> None:
    audit_log.write(
        connection,
        PullKey(edit.repository_id, edit.number),
        edit.editor,
        "edited a comment with commands",
        {"author": edit.author},
        comment_url=edit.comment_url,
    )
