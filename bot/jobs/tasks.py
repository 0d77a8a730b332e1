"""The tasks a worker runs: thin steps around the handlers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import procrastinate
import structlog
from procrastinate.retry import BaseRetryStrategy, RetryDecision
from sqlalchemy.exc import OperationalError

from bot.jobs import deliveries, merge_groups
from bot.jobs import pull_state as generations
from bot.jobs.handlers import (
    CommandRef,
    Handlers,
    HeadRef,
    OutdatedError,
    PressRef,
    PullRequestRef,
    RepositoryRef,
    TransientError,
)
from bot.jobs.pull_state import Backoff
from bot.jobs.queue import PRESS, RESOLVE_HEAD, RUN_COMMAND, VALIDATE, enqueue

if TYPE_CHECKING:
    from procrastinate.jobs import Job
    from sqlalchemy import Engine

log = structlog.stdlib.get_logger(__name__)

KEEP = timedelta(days=14)
LEASE = timedelta(minutes=15)
"""Longer than any validation takes."""
LAG = Backoff(first=timedelta(seconds=1), longest=timedelta(minutes=1))
"""How soon GitHub's answers have caught up with its events."""


@dataclass(frozen=True, slots=True)
class RetryTransient(BaseRetryStrategy):
    """Tries again after a transient error, and at once when the database was away: it now takes the decision.

    A job that waits for its time blocks its whole lock, so a task with a lock raises no transient error.
    """

    backoff: Backoff
    max_attempts: int = 12

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Return when to try again, or ``None`` to give up."""
        if job.attempts >= self.max_attempts:
            return None
        if isinstance(exception, OperationalError):
            return RetryDecision(retry_at=datetime.now(UTC))
        if not isinstance(exception, TransientError):
            return None
        backoff = LAG if isinstance(exception, OutdatedError) else self.backoff
        at = datetime.now(UTC) + backoff.wait(job.attempts + 1)
        return RetryDecision(retry_at=max(at, exception.retry_at or at))


@dataclass(frozen=True, slots=True)
class Tasks:
    """The tasks, bound to a database and to the handlers that do the work."""

    database: Engine
    handlers: Handlers
    backoff: Backoff

    def validate(self, *, generation: int, installation_id: int, repository: str, number: int) -> None:
        """Make a pull request right, unless that generation is done already."""
        pull = PullRequestRef(installation_id, repository, number)
        with self.database.begin() as connection:
            claim = generations.claim(connection, pull, generation, lease=LEASE, backoff=self.backoff)
        if claim is None:
            return
        with structlog.contextvars.bound_contextvars(repository=repository, pull_request=number):
            try:
                outcome = self.handlers.validate(
                    pull, claim.told_at, patient=self.backoff.is_patient(claim.attempts)
                )
            except TransientError as error:
                log.warning("validation postponed", reason=str(error), attempts=claim.attempts)
                backoff = LAG if isinstance(error, OutdatedError) else self.backoff
                with self.database.begin() as connection:
                    generations.postpone(connection, claim, backoff, error.retry_at)
                return
            with self.database.begin() as connection:
                turned = generations.settle(connection, claim, outcome, self.backoff)
                if turned and outcome.head:
                    # One check serves all pull requests with this head, and the worse verdict has to stand.
                    enqueue(connection, HeadRef(installation_id, repository, outcome.head, beside=number))
            log.info("validated", verdict=outcome.verdict, head=outcome.head, retry_at=outcome.retry_at)

    def resolve_head(
        self, *, installation_id: int, repository: str, sha: str, beside: int | None = None
    ) -> None:
        """Enqueue every pull request whose head is this commit, or the merge group."""
        numbers = self.handlers.pulls_of_head(RepositoryRef(installation_id, repository), sha)
        with self.database.begin() as connection:
            for number in set(numbers) - {beside}:
                enqueue(connection, PullRequestRef(installation_id, repository, number))
            group = merge_groups.find(connection, repository, sha)
            if group is not None:
                enqueue(connection, group)

    def run_command(
        self,
        *,
        installation_id: int,
        repository: str,
        number: int,
        comment_id: int,
        author: str,
        digest: str,
    ) -> None:
        """Run a comment's commands, and enqueue its pull request if that is the consequence."""
        found = CommandRef(installation_id, repository, number, comment_id, author, digest)
        with structlog.contextvars.bound_contextvars(repository=repository, pull_request=number):
            if self.handlers.run_command(found):
                with self.database.begin() as connection:
                    enqueue(connection, PullRequestRef(installation_id, repository, number))

    def press(
        self,
        *,
        installation_id: int,
        repository: str,
        sha: str,
        check_run_id: int,
        button: str,
        login: str,
        user_id: int,
    ) -> None:
        """Do what a pressed button says, and enqueue the pull requests whose verdict may have changed."""
        found = PressRef(installation_id, repository, sha, check_run_id, button, login, user_id)
        with structlog.contextvars.bound_contextvars(repository=repository, head=sha):
            numbers = self.handlers.press(found)
        with self.database.begin() as connection:
            for number in numbers:
                enqueue(connection, PullRequestRef(installation_id, repository, number))

    def forget(self, timestamp: int) -> None:  # noqa: ARG002 - procrastinate passes it by name
        """Delete the deliveries nobody can repeat any more."""
        with self.database.begin() as connection:
            deliveries.forget(connection, KEEP)


async def _remove_old_jobs(context: procrastinate.JobContext, timestamp: int) -> None:  # noqa: ARG001 - procrastinate names it
    await context.app.job_manager.delete_old_jobs(
        nb_hours=int(KEEP.total_seconds() // 3600),
        include_failed=True,
        include_cancelled=True,
        include_aborted=True,
    )


def register(app: procrastinate.App, tasks: Tasks) -> None:
    """Make the tasks known to a worker's application."""
    retry = RetryTransient(tasks.backoff)
    app.task(name=VALIDATE, retry=retry)(tasks.validate)
    app.task(name=RESOLVE_HEAD, retry=retry)(tasks.resolve_head)
    app.task(name=RUN_COMMAND, retry=retry)(tasks.run_command)
    app.task(name=PRESS, retry=retry)(tasks.press)
    app.periodic(cron="17 3 * * *")(app.task(name="forget_deliveries")(tasks.forget))
    app.periodic(cron="27 3 * * *")(app.task(name="remove_old_jobs", pass_context=True)(_remove_old_jobs))
