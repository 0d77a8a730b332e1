"""The tasks about pull requests: thin steps around the handlers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import procrastinate
import structlog
from procrastinate.retry import BaseRetryStrategy, RetryDecision
from sqlalchemy.exc import OperationalError

from bot.database import repositories
from bot.database.identity import PullKey, RepositoryRef
from bot.jobs import command_queue, deliveries, merge_groups, pull_state
from bot.jobs.faults import Faults
from bot.jobs.handlers import (
    ButtonPress,
    CommandHandlers,
    CommandOutcome,
    HeadRef,
    Outcome,
    PullRequestHandlers,
    RefusedError,
    TransientError,
)
from bot.jobs.pull_state import Backoff, Waits
from bot.jobs.queue import EVALUATE, PRESS_BUTTON, RESOLVE_HEAD, RUN_COMMANDS, enqueue

if TYPE_CHECKING:
    from procrastinate.jobs import Job
    from sqlalchemy import Engine

    from bot.jobs.command_queue import Pending
    from bot.jobs.pull_state import Claim

log = structlog.stdlib.get_logger(__name__)

KEEP = timedelta(days=14)
LEASE = timedelta(minutes=15)
"""Longer than any evaluation takes."""
GITHUB = Backoff(first=timedelta(seconds=1), longest=timedelta(minutes=5))
"""GitHub's answers lag behind its events by seconds; an outage lasts for minutes."""
HOLD_AFTER = timedelta(seconds=20)
"""How long an evaluation may fail before the check says so: the lag after an event is over by then."""
GIVE_UP_AFTER = timedelta(days=3)
"""GitHub keeps an event as long; the App no longer has access, and nobody said so."""
DEFECT = "Papergate has met an error of its own."
MOST_COMMAND_TRIES = 9
"""Over some minutes: whoever wrote it is still there."""
MOST_COMMAND_DEFECTS = 3
MOST_DEFECT_TRIES = 10
"""An error of our own that comes back so often does not go away by itself."""


@dataclass(frozen=True, slots=True)
class Retry(BaseRetryStrategy):
    """Tries again with growing waits, at the time GitHub names, or at once after a lost database connection.

    A job that waits for its time blocks its whole lock, so a task with a lock raises no other error.
    """

    max_attempts: int = 12

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Return when to try again, or ``None`` to give up."""
        if job.attempts >= self.max_attempts:
            return None
        if isinstance(exception, OperationalError):
            return RetryDecision(retry_at=datetime.now(UTC))
        named = exception.retry_at if isinstance(exception, TransientError) else None
        return RetryDecision(retry_at=named or datetime.now(UTC) + GITHUB.wait(job.attempts + 1))


@dataclass(frozen=True, slots=True)
class Tasks:
    """The tasks, bound to a database and to the handlers that do the work.

    ``source`` holds the waits for bibliographic sources.
    """

    database: Engine
    pull_requests: PullRequestHandlers
    commands: CommandHandlers
    source: Backoff

    @property
    def waits(self) -> Waits:
        """The waits for sources and for GitHub."""
        return Waits(self.source, GITHUB)

    def evaluate(self, *, version: int, repository_id: int, number: int) -> None:
        """Evaluate a pull request, unless that version is done already."""
        pull = PullKey(repository_id, number)
        with self.database.begin() as connection:
            repository = repositories.find(connection, repository_id)
            if repository is None:
                return
            claim = pull_state.claim(connection, pull, version, lease=LEASE)
        if claim is None:
            return
        with structlog.contextvars.bound_contextvars(repository=repository.full_name, pull_request=number):
            if claim.crashed:
                self._hold(repository, claim, "Papergate stopped while it checked this pull request.")
            outcome = None
            with Faults() as faults:
                outcome = self.pull_requests.evaluate(
                    repository, number, claim.event_time, patient=self.source.is_patient(claim.attempts)
                )
            if outcome is not None:
                self._finish(claim, outcome)
            elif faults.error is not None:
                self._postpone(repository, claim, faults.error)

    def _finish(self, claim: Claim, outcome: Outcome) -> None:
        repository_id, number = claim.pull.repository_id, claim.pull.number
        with self.database.begin() as connection:
            changed = pull_state.finish(connection, claim, outcome, self.waits)
            if changed and outcome.head:
                # All pull requests with this head share one check, which shows the worst verdict.
                enqueue(connection, HeadRef(repository_id, outcome.head, beside=number))
        log.info("evaluated", verdict=outcome.verdict, head=outcome.head, retry_at=outcome.retry_at)

    def _postpone(self, repository: RepositoryRef, claim: Claim, error: Exception) -> None:
        expected = isinstance(error, TransientError)
        with self.database.begin() as connection:
            not_before = error.retry_at if isinstance(error, TransientError) else None
            failing = pull_state.postpone(connection, claim, self.waits, not_before)
            if failing.duration >= GIVE_UP_AFTER or (not expected and failing.failures >= MOST_DEFECT_TRIES):
                pull_state.give_up(connection, claim)
        if expected:
            log.warning("evaluation postponed", reason=str(error), failures=failing.failures)
        else:
            log.error("evaluation failed", failures=failing.failures, exc_info=error)
        lasting = not expected or (isinstance(error, RefusedError) and error.lasting)
        if not failing.held and (lasting or failing.duration >= HOLD_AFTER):
            self._hold(repository, claim, str(error) if expected else DEFECT)

    def _hold(self, repository: RepositoryRef, claim: Claim, reason: str) -> None:
        """Have the check say that the pull request cannot be evaluated; a failure of that is tried again."""
        with Faults() as faults:
            self.pull_requests.hold(repository, claim.pull.number, claim.head, reason)
        if faults.error is not None:
            log.error("pull request without a check", reason=reason, error=str(faults.error))
            return
        with self.database.begin() as connection:
            pull_state.mark_held(connection, claim)
        log.warning("held", reason=reason)

    def resolve_head(self, *, repository_id: int, sha: str, beside: int | None = None) -> None:
        """Enqueue every pull request whose head is this commit, and the merge group if it is one's."""
        repository = self._repository(repository_id)
        if repository is None:
            return
        numbers = self.pull_requests.pulls_of_head(repository, sha)
        with self.database.begin() as connection:
            for number in set(numbers) - {beside}:
                enqueue(connection, PullKey(repository_id, number))
            group = merge_groups.find(connection, repository_id, sha)
            if group is not None:
                enqueue(connection, group)

    def run_commands(self, *, repository_id: int, number: int) -> None:
        """Run the commands that wait on a pull request; enqueue it if they may change its verdict."""
        repository, pull = self._repository(repository_id), PullKey(repository_id, number)
        if repository is None:
            return
        with structlog.contextvars.bound_contextvars(repository=repository.full_name, pull_request=number):
            while True:
                with self.database.connect() as connection:
                    pending = command_queue.following(connection, pull)
                if pending is None or not self._run_command(repository, pending):
                    return

    def _run_command(self, repository: RepositoryRef, pending: Pending) -> bool:
        """Run a comment's commands; return False where they could not be run yet."""
        command, outcome = pending.command, CommandOutcome(again=False)
        with Faults() as faults:
            outcome = self.commands.run_command(repository, command)
        if faults.error is not None:
            return self._postpone_command(repository, pending, faults.error)
        finished = outcome.answered or pending.failures + 1 >= MOST_COMMAND_TRIES
        with self.database.begin() as connection:
            if outcome.again:
                enqueue(connection, PullKey(command.repository_id, command.number))
            if finished:
                command_queue.finish(connection, command)
            else:
                wait = GITHUB.wait(pending.failures + 1)
                command_queue.postpone(connection, command, datetime.now(UTC) + wait)
        return finished

    def _postpone_command(self, repository: RepositoryRef, pending: Pending, error: Exception) -> bool:
        """Try a command again later, or give it up with an answer; return True where it was given up."""
        command, expected = pending.command, isinstance(error, TransientError)
        if pending.failures + 1 < (MOST_COMMAND_TRIES if expected else MOST_COMMAND_DEFECTS):
            named = error.retry_at if isinstance(error, TransientError) else None
            at = named or datetime.now(UTC) + GITHUB.wait(pending.failures + 1)
            with self.database.begin() as connection:
                command_queue.postpone(connection, command, at)
            log.warning("command postponed", reason=str(error), failures=pending.failures + 1)
            return False
        log.error("command not run", comment=command.comment_id, exc_info=error)
        if not (isinstance(error, RefusedError) and error.missing):  # or else there is nobody to answer
            with Faults() as faults:
                self.commands.give_up_command(repository, command)
            if faults.error is not None:
                log.error("command without an answer", error=str(faults.error))
        with self.database.begin() as connection:
            command_queue.finish(connection, command)
        return True

    def press_button(
        self, *, repository_id: int, sha: str, check_run_id: int, button: str, login: str, user_id: int
    ) -> None:
        """Run a button's command, and enqueue the pull requests whose verdict it may change."""
        repository = self._repository(repository_id)
        if repository is None:
            return
        press = ButtonPress(repository_id, sha, check_run_id, button, login, user_id)
        with structlog.contextvars.bound_contextvars(repository=repository.full_name, head=sha):
            numbers = self.commands.press_button(repository, press)
        with self.database.begin() as connection:
            for number in numbers:
                enqueue(connection, PullKey(repository_id, number))

    def _repository(self, repository_id: int) -> RepositoryRef | None:
        with self.database.connect() as connection:
            return repositories.find(connection, repository_id)

    def remove_old_deliveries(self, timestamp: int) -> None:  # noqa: ARG002 - procrastinate passes it by name
        """Delete the deliveries that GitHub can no longer repeat."""
        with self.database.begin() as connection:
            deliveries.remove_old(connection, KEEP)
            command_queue.remove_old(connection, KEEP)


async def _remove_old_jobs(context: procrastinate.JobContext, timestamp: int) -> None:  # noqa: ARG001 - procrastinate names it
    await context.app.job_manager.delete_old_jobs(
        nb_hours=int(KEEP.total_seconds() // 3600),
        include_failed=True,
        include_cancelled=True,
        include_aborted=True,
    )


def register(app: procrastinate.App, tasks: Tasks) -> None:
    """Register the tasks with a worker's application."""
    retry = Retry()
    app.task(name=EVALUATE, retry=retry)(tasks.evaluate)
    app.task(name=RESOLVE_HEAD, retry=retry)(tasks.resolve_head)
    app.task(name=RUN_COMMANDS, retry=retry)(tasks.run_commands)
    app.task(name=PRESS_BUTTON, retry=retry)(tasks.press_button)
    app.periodic(cron="17 3 * * *")(app.task(name="remove_old_deliveries")(tasks.remove_old_deliveries))
    app.periodic(cron="27 3 * * *")(app.task(name="remove_old_jobs", pass_context=True)(_remove_old_jobs))
