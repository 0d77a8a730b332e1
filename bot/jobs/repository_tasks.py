"""The tasks beside single pull requests: merge groups, pushes to a base, and what no delivery told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from bot.jobs import merge_groups
from bot.jobs import pull_state as generations
from bot.jobs.handlers import GateHandlers, MergeGroupRef, PullRequestRef, PushRef, TransientError
from bot.jobs.pull_state import Backoff
from bot.jobs.queue import (
    FOLLOW_PUSH,
    JUDGE_GROUP,
    REDELIVER,
    RELIST,
    RELIST_INSTALLATION,
    enqueue_relisting,
)
from bot.jobs.tasks import LEASE, RetryTransient

if TYPE_CHECKING:
    import procrastinate
    from sqlalchemy import Engine

    from bot.jobs.merge_groups import GroupClaim

log = structlog.stdlib.get_logger(__name__)

LONGEST_GROUP_WAIT = timedelta(minutes=1)
"""Between two looks at a merge group: a whole queue waits for it."""
LONGEST_RELIST_SPACING = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Periods:
    """How long things take and wait."""

    spread: timedelta
    """Between two looks that one push asks for."""
    patience: timedelta
    """Time a merge group may stay open."""
    relist: timedelta
    """Between two looks at all open pull requests."""


@dataclass(frozen=True, slots=True)
class GateTasks:
    """The tasks, bound to a database and to the handlers that do the work."""

    database: Engine
    handlers: GateHandlers
    backoff: Backoff
    periods: Periods

    def judge_group(
        self, *, installation_id: int, repository: str, head_sha: str, base_sha: str, head_ref: str
    ) -> None:
        """Evaluator a merge group, unless it is no more."""
        group = MergeGroupRef(installation_id, repository, head_sha, base_sha, head_ref)
        backoff = Backoff(self.backoff.first, min(self.backoff.longest, LONGEST_GROUP_WAIT))
        with self.database.begin() as connection:
            claim = merge_groups.claim(connection, group, lease=LEASE, backoff=backoff)
        if claim is None:
            return
        with structlog.contextvars.bound_contextvars(repository=repository, merge_group=head_sha):
            self._judge_group(claim, backoff)

    def _judge_group(self, claim: GroupClaim, backoff: Backoff) -> None:
        again = datetime.now(UTC) + backoff.wait(claim.attempts)
        try:
            outcome = self.handlers.judge_group(
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
            merge_groups.settle(connection, claim, outcome.verdict, outcome.retry_at and again)
        log.info("merge group judged", verdict=outcome.verdict, retry_at=outcome.retry_at and again)

    def _has_ended(self, group: MergeGroupRef) -> bool:
        with self.database.connect() as connection:
            return merge_groups.find(connection, group.repository, group.head_sha) is None

    def follow_push(
        self, *, installation_id: int, repository: str, branch: str, before: str | None, after: str
    ) -> None:
        """Have those pull requests looked at whose verdict a push to their base may change."""
        affected = self.handlers.affected(PushRef(installation_id, repository, branch, before, after))
        with self.database.begin() as connection:
            spared = (
                frozenset()
                if affected.by_policy
                else generations.leaving_the_list_alone(connection, repository)
            )
            pulls = [
                PullRequestRef(installation_id, repository, number)
                for number, head in affected.pulls
                if (number, head) not in spared
            ]
            generations.schedule(connection, pulls, start=datetime.now(UTC), spacing=self.periods.spread)
        if pulls:
            log.info("base moved", repository=repository, branch=branch, pull_requests=len(pulls))

    def redeliver(self) -> None:
        """Have failed deliveries repeated."""
        repeated = self.handlers.redeliver()
        if repeated:
            log.info("failed deliveries asked for again", deliveries=repeated)

    def relist(self) -> None:
        """Have every installation looked through, one after the other."""
        installations = self.handlers.installations()
        start, spacing = datetime.now(UTC), self._spacing(len(installations))
        with self.database.begin() as connection:
            for place, installation in enumerate(installations):
                enqueue_relisting(connection, installation, start + place * spacing)

    def relist_installation(self, *, installation_id: int) -> None:
        """Have every open pull request of an installation looked at, one after the other."""
        pulls = self.handlers.open_pulls(installation_id)
        with self.database.begin() as connection:
            generations.schedule(
                connection, pulls, start=datetime.now(UTC), spacing=self._spacing(len(pulls))
            )

    def _spacing(self, number: int) -> timedelta:
        """Return the time between looks that leaves half of a period free."""
        return min(LONGEST_RELIST_SPACING, self.periods.relist / (2 * max(number, 1)))


def register_gate(app: procrastinate.App, tasks: GateTasks) -> None:
    """Make the tasks known to a worker's application. A chore that fails is done again at its next time."""
    retry = RetryTransient(tasks.backoff)
    app.task(name=JUDGE_GROUP, retry=retry)(tasks.judge_group)
    app.task(name=FOLLOW_PUSH, retry=retry)(tasks.follow_push)
    app.task(name=REDELIVER)(tasks.redeliver)
    app.task(name=RELIST)(tasks.relist)
    app.task(name=RELIST_INSTALLATION, retry=retry)(tasks.relist_installation)
