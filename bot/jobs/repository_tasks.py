"""The tasks beside single pull requests: merge groups, pushes to a base, and missed deliveries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from bot.database import repositories
from bot.database.identity import PullKey
from bot.jobs import merge_groups, pull_state
from bot.jobs.handlers import (
    BasePushHandlers,
    CatchUpHandlers,
    MergeGroupRef,
    MergeQueueHandlers,
    PushRef,
    TransientError,
)
from bot.jobs.pull_state import Backoff
from bot.jobs.queue import (
    EVALUATE_GROUP,
    FOLLOW_PUSH,
    RECHECK_ALL,
    RECHECK_INSTALLATION,
    REDELIVER,
    enqueue_recheck,
)
from bot.jobs.tasks import LEASE, RetryTransient

if TYPE_CHECKING:
    import procrastinate
    from sqlalchemy import Engine

    from bot.database.identity import RepositoryRef
    from bot.jobs.merge_groups import GroupClaim

log = structlog.stdlib.get_logger(__name__)

LONGEST_GROUP_WAIT = timedelta(minutes=1)
"""Between two evaluations of a merge group: a whole queue waits for it."""
LONGEST_RECHECK_SPACING = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Periods:
    """How long things take and wait."""

    spread: timedelta
    """Between two evaluations that one push causes."""
    patience: timedelta
    """Time a merge group may wait for a source."""
    recheck: timedelta
    """Between two evaluations of all open pull requests."""


@dataclass(frozen=True, slots=True)
class RepositoryTasks:
    """The tasks, bound to a database and to the handlers that do the work."""

    database: Engine
    merge_queue: MergeQueueHandlers
    base_pushes: BasePushHandlers
    catch_up: CatchUpHandlers
    backoff: Backoff
    periods: Periods

    def evaluate_group(self, *, repository_id: int, head_sha: str, base_sha: str, head_ref: str) -> None:
        """Evaluate a merge group, unless it has ended."""
        group = MergeGroupRef(repository_id, head_sha, base_sha, head_ref)
        backoff = Backoff(self.backoff.first, min(self.backoff.longest, LONGEST_GROUP_WAIT))
        with self.database.begin() as connection:
            repository = repositories.find(connection, repository_id)
            claim = (
                merge_groups.claim(connection, group, lease=LEASE, backoff=backoff) if repository else None
            )
        if repository is None or claim is None:
            return
        with structlog.contextvars.bound_contextvars(repository=repository.full_name, merge_group=head_sha):
            self._evaluate_group(repository, claim, backoff)

    def _evaluate_group(self, repository: RepositoryRef, claim: GroupClaim, backoff: Backoff) -> None:
        again = datetime.now(UTC) + backoff.wait(claim.attempts)
        try:
            outcome = self.merge_queue.evaluate_group(
                repository,
                claim.group,
                ended=lambda: self._has_ended(claim.group),
                patient=claim.waited < self.periods.patience,
            )
        except TransientError as error:
            log.warning("merge group postponed", reason=str(error), attempts=claim.attempts)
            with self.database.begin() as connection:
                merge_groups.postpone(connection, claim, max(again, error.retry_at or again))
            return
        with self.database.begin() as connection:
            merge_groups.finish(connection, claim, outcome.verdict, outcome.retry_at and again)
        log.info("merge group evaluated", verdict=outcome.verdict, retry_at=outcome.retry_at and again)

    def _has_ended(self, group: MergeGroupRef) -> bool:
        with self.database.connect() as connection:
            return merge_groups.find(connection, group.repository_id, group.head_sha) is None

    def follow_push(self, *, repository_id: int, branch: str, before: str | None, after: str) -> None:
        """Schedule the pull requests whose verdict a push to their base may change."""
        with self.database.connect() as connection:
            repository = repositories.find(connection, repository_id)
        if repository is None:
            return
        push = PushRef(repository_id, branch, before, after)
        affected = self.base_pushes.affected_pulls(repository, push)
        with self.database.begin() as connection:
            unchanged = (
                frozenset() if affected.by_policy else pull_state.unchanged_pulls(connection, repository_id)
            )
            pulls = [
                PullKey(repository_id, number)
                for number, head in affected.pulls
                if (number, head) not in unchanged
            ]
            pull_state.schedule(connection, pulls, start=datetime.now(UTC), spacing=self.periods.spread)
        if pulls:
            log.info("base moved", repository=repository.full_name, branch=branch, pull_requests=len(pulls))

    def redeliver(self) -> None:
        """Ask GitHub to repeat failed deliveries."""
        repeated = self.catch_up.redeliver()
        if repeated:
            log.info("failed deliveries requested again", deliveries=repeated)

    def recheck_all(self) -> None:
        """Enqueue a recheck of every installation, one after the other."""
        installations = self.catch_up.installations()
        start, spacing = datetime.now(UTC), self._spacing(len(installations))
        with self.database.begin() as connection:
            for place, installation in enumerate(installations):
                enqueue_recheck(connection, installation, start + place * spacing)

    def recheck_installation(self, *, installation_id: int) -> None:
        """Schedule every open pull request of an installation, one after the other."""
        found = self.catch_up.open_pulls(installation_id)
        pulls = [PullKey(repository.id, number) for repository in found for number in found[repository]]
        with self.database.begin() as connection:
            for repository in found:
                repositories.keep(connection, repository)
            pull_state.schedule(connection, pulls, start=datetime.now(UTC), spacing=self._spacing(len(pulls)))

    def _spacing(self, number: int) -> timedelta:
        """Return the time between evaluations that leaves half of a period free."""
        return min(LONGEST_RECHECK_SPACING, self.periods.recheck / (2 * max(number, 1)))


def register_repository_tasks(app: procrastinate.App, tasks: RepositoryTasks) -> None:
    """Register the tasks with a worker's application. A scheduled task that fails runs at its next time."""
    retry = RetryTransient(tasks.backoff)
    app.task(name=EVALUATE_GROUP, retry=retry)(tasks.evaluate_group)
    app.task(name=FOLLOW_PUSH, retry=retry)(tasks.follow_push)
    app.task(name=REDELIVER)(tasks.redeliver)
    app.task(name=RECHECK_ALL)(tasks.recheck_all)
    app.task(name=RECHECK_INSTALLATION, retry=retry)(tasks.recheck_installation)
