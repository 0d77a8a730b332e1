"""Runs every second: enqueue due evaluations and periodic tasks, re-queue the jobs of dead workers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from bot.jobs import command_queue, merge_groups, pull_state, schedule
from bot.jobs.queue import enqueue_commands, enqueue_evaluation, enqueue_group, enqueue_scheduled

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta

    from sqlalchemy import Connection, Engine

MAX_ATTEMPTS = 3
"""Runs of one job that may end their worker; after that the pull request waits until it is due."""

# Rows are locked before a procrastinate function touches them, so that two sweeps never take the same job.
_RESCUE = text("""
WITH stalled AS MATERIALIZED (
    SELECT job.id, job.attempts
    FROM procrastinate_jobs AS job LEFT JOIN procrastinate_workers AS worker ON worker.id = job.worker_id
    WHERE job.status = 'doing'
      AND (worker.id IS NULL OR worker.last_heartbeat < now() - CAST(:silence AS interval))
    FOR UPDATE OF job SKIP LOCKED
)
SELECT id, attempts + 1 >= :max_attempts AS given_up,
    CASE WHEN attempts + 1 >= :max_attempts
        THEN procrastinate_finish_job_v1(id, 'failed', false)
        ELSE procrastinate_retry_job_v2(id, now(), NULL, NULL, NULL)
    END
FROM stalled
""")


def sweep(database: Engine, *, silence: timedelta, periods: Mapping[str, timedelta]) -> None:
    """Enqueue what is due, and re-queue the jobs of silent workers; ``periods`` are the schedule's."""
    with database.begin() as connection:
        for pull, version in pull_state.request_due(connection):
            enqueue_evaluation(connection, pull, version)
        for group in merge_groups.request_due(connection):
            enqueue_group(connection, group)
        for commented in command_queue.request_due(connection):
            enqueue_commands(connection, commented)
        for name, period in periods.items():
            if schedule.claim(connection, name, period):
                enqueue_scheduled(connection, name)
        rescue(connection, silence=silence)


def has_worker(database: Engine, *, since: datetime) -> bool:
    """Return whether a worker has sent a heartbeat since then."""
    with database.connect() as connection:
        found: bool = connection.execute(
            text("SELECT EXISTS (SELECT FROM procrastinate_workers WHERE last_heartbeat >= :since)"),
            {"since": since},
        ).scalar_one()
    return found


def rescue(connection: Connection, *, silence: timedelta) -> None:
    """Re-queue the jobs of silent workers; give up those that ended several."""
    connection.execute(_RESCUE, {"silence": silence, "max_attempts": MAX_ATTEMPTS})
