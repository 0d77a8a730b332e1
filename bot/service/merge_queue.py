"""Evaluate a merge group: the check of the combined tree that a merge queue waits for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from github.Repository import Repository

from bot.database.decisions import DecisionStore
from bot.database.identity import RepositoryRef
from bot.github.app import App
from bot.github.merge_queue import MergeGroup, merge_group
from bot.github.publish import NO_PULL_REQUEST, publish_check, publish_waiting
from bot.jobs.handlers import MergeGroupRef, Outcome, TransientError
from bot.render.check import held
from bot.render.merge_queue import for_merge_group, waiting
from bot.service.change_check import ChangeCheck, ChangeChecker
from bot.service.opened import opened
from bot.service.permitted import Permitted
from rules.report.report import Verdict

_FINAL = {Verdict.PASS.value, Verdict.FAIL.value}


class MergeQueue:
    """Evaluates merge groups (`bot.jobs.handlers.MergeQueueHandlers`). Safe to share among threads."""

    def __init__(self, app: App, checker: ChangeChecker, decisions: DecisionStore) -> None:
        self._app = app
        self._checker = checker
        self._decisions = decisions

    def evaluate_group(
        self, known: RepositoryRef, ref: MergeGroupRef, *, ended: Callable[[], bool], patient: bool
    ) -> Outcome:
        """Update the check of a merge group's head by what the combined tree holds.

        Raises TransientError and RefusedError.
        """
        with opened(self._app, known) as repository:
            group = merge_group(repository, ref.head_sha, ref.base_sha, ref.head_ref)
            checked = self._check(repository, known.id, group)
            if ended():
                return Outcome("ended", head=ref.head_sha, base=ref.base_sha)
            unanswered = checked.is_open and checked.verdict not in _FINAL
            identity = self._app.identity(known.installation_id)
            if unanswered and patient:
                publish_waiting(repository, ref.head_sha, waiting(checked.output), identity)
                return Outcome(checked.verdict, datetime.now(UTC), ref.head_sha, ref.base_sha)
            output = for_merge_group(checked.output, unanswered=unanswered)
            publish_check(repository, NO_PULL_REQUEST, ref.head_sha, output, identity)
            return Outcome(checked.verdict, None, ref.head_sha, ref.base_sha)

    def hold_group(self, known: RepositoryRef, ref: MergeGroupRef, reason: str) -> None:
        """Publish a failing check that says why the group cannot be evaluated. Raises as `evaluate_group`."""
        with opened(self._app, known) as repository:
            identity = self._app.identity(known.installation_id)
            output = for_merge_group(held(reason), unanswered=False)
            publish_check(repository, NO_PULL_REQUEST, ref.head_sha, output, identity)

    def _check(self, repository: Repository, repository_id: int, group: MergeGroup) -> ChangeCheck:
        """Check the combined tree by the decisions about its members.

        An unanswered question is for a maintainer from the start, who may have answered it on the pull
        request; the waiting happens here.
        """
        authors = {member.number: member.author_id for member in group.members}
        active = self._decisions.active(repository_id, authors, group.base_ref)
        permitted = Permitted(repository, active, authors)
        checked = self._checker.check(
            repository,
            group,
            group.description,
            group.repository_url,
            decisions=permitted.by,
            patient=False,
        )
        if permitted.refused:
            raise TransientError(permitted.refused)
        return checked
