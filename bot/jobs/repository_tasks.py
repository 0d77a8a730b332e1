"""The tasks beside single pull requests: merge groups, pushes to a base, and missed deliveries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from bot.database import repositories
from bot.database.identity import PullKey
from bot.jobs import merge_groups, pull_state
from bot.jobs.faults import Faults
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
from bot.jobs.tasks import DEFECT, GITHUB, HOLD_AFTER, LEASE, Retry

if TYPE_CHECKING:
    import procrastinate
    from sqlalchemy import Engine

    from bot.database.identity import RepositoryRef
    from bot.jobs.merge_groups import GroupClaim

log = structlog.stdlib.get_logger(__name__)

LONGEST_GROUP_WAIT = timedelta(minutes=1)
"""Between two evaluations of a merge group: a whole queue waits for it."""
LONGEST_RECHECK_SPACING = timedelta(minutes=1)


EVENTS_ARRIVE = timedelta(seconds=2)
"""The event of a pull request that was just opened arrives within this time, and replaces the recheck."""
JUST_NOW = timedelta(seconds=5)
"""A pull request with an event of its own in this time needs no recheck."""


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
    source: Backoff
    periods: Periods

    def evaluate_group(self, *, repository_id: int, head_sha: str, base_sha: str, head_ref: str) -> None:
        """Evaluate a merge group, unless it has ended."""
        group = MergeGroupRef(repository_id, head_sha, base_sha, head_ref)
        with self.database.begin() as connection:
            repository = repositories.find(connection, repository_id)
            if repository is None:
                return
            claim = merge_groups.claim(connection, group, lease=LEASE)
        if claim is None:
            return
        with structlog.contextvars.bound_contextvars(repository=repository.full_name, merge_group=head_sha):
            self._evaluate_group(repository, claim)

    def _evaluate_group(self, repository: RepositoryRef, claim: GroupClaim) -> None:
        outcome = None
        with Faults() as faults:
            outcome = self.merge_queue.evaluate_group(
                repository,
                claim.group,
                ended=lambda: self._has_ended(claim.group),
                patient=claim.waited < self.periods.patience,
            )
        if outcome is not None:
            source = Backoff(self.source.first, min(self.source.longest, LONGEST_GROUP_WAIT))
            again = outcome.retry_at and datetime.now(UTC) + source.wait(claim.attempts)
            with self.database.begin() as connection:
                merge_groups.finish(connection, claim, outcome.verdict, again)
            log.info("merge group evaluated", verdict=outcome.verdict, retry_at=again)
        elif faults.error is not None:
            self._postpone_group(repository, claim, faults.error)

    def _postpone_group(self, repository: RepositoryRef, claim: GroupClaim, error: Exception) -> None:
        expected = isinstance(error, TransientError)
        github = Backoff(GITHUB.first, LONGEST_GROUP_WAIT)
        named = error.retry_at if isinstance(error, TransientError) else None
        with self.database.begin() as connection:
            merge_groups.postpone(connection, claim, named or datetime.now(UTC) + github.wait(claim.attempts))
        if expected:
            log.warning("merge group postponed", reason=str(error), attempts=claim.attempts)
        else:
            log.error("merge group failed", attempts=claim.attempts, exc_info=error)
        if claim.held or (expected and claim.waited < HOLD_AFTER):
            return
        reason = str(error) if expected else DEFECT
        with Faults() as faults:
            self.merge_queue.hold_group(repository, claim.group, reason)
        if faults.error is not None:
            log.error("merge group without a check", reason=reason, error=str(faults.error))
            return
        with self.database.begin() as connection:
            merge_groups.mark_held(connection, claim)

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
        start = datetime.now(UTC)
        found = self.catch_up.open_pulls(installation_id)
        with self.database.begin() as connection:
            for repository in found:
                repositories.keep(connection, repository)
            ids = [repository.id for repository in found]
            recent = pull_state.touched_since(connection, ids, start - JUST_NOW)
            pulls = [
                pull
                for repository, numbers in found.items()
                for pull in (PullKey(repository.id, number) for number in numbers)
                if pull not in recent
            ]
            first = datetime.now(UTC) + EVENTS_ARRIVE
            pull_state.schedule(connection, pulls, start=first, spacing=self._spacing(len(pulls)))

    def _spacing(self, number: int) -> timedelta:
        """Return the time between evaluations that leaves half of a period free."""
        return min(LONGEST_RECHECK_SPACING, self.periods.recheck / (2 * max(number, 1)))


def register_repository_tasks(app: procrastinate.App, tasks: RepositoryTasks) -> None:
    """Register the tasks with a worker's application. A scheduled task that fails runs at its next time."""
    retry = Retry()
    app.task(name=EVALUATE_GROUP, retry=retry)(tasks.evaluate_group)
    app.task(name=FOLLOW_PUSH, retry=retry)(tasks.follow_push)
    app.task(name=REDELIVER)(tasks.redeliver)
    app.task(name=RECHECK_ALL)(tasks.recheck_all)
    app.task(name=RECHECK_INSTALLATION, retry=retry)(tasks.recheck_installation)
