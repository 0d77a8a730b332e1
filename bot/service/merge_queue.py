"""The gate beside single pull requests: merge groups, pushes to a base, and what no delivery told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import structlog
from github.Repository import Repository

from bot.files.policy_file import PolicyError, read_policy
from bot.github.app import App
from bot.github.commits import open_pulls, pulls_into
from bot.github.errors import GitHubRefused
from bot.github.fetch import POLICY_PATH, file_at
from bot.github.hook_deliveries import redeliver_failed
from bot.github.merge_queue import MergeGroup, merge_group
from bot.github.publish import NO_PULL_REQUEST, publish_check, publish_waiting
from bot.jobs.handlers import (
    Affected,
    MergeGroupRef,
    Outcome,
    OutdatedError,
    PullRequestRef,
    PushRef,
)
from bot.render.merge_queue import for_merge_group, waiting
from bot.service.change_check import ChangeCheck, ChangeChecker, transient
from bot.service.decision_store import DecisionStore
from rules.policy.policy import Policy
from rules.report.report import Verdict

log = structlog.stdlib.get_logger(__name__)


class Gate:
    """What the jobs ask for (`bot.jobs.handlers.GateHandlers`). Safe to share among threads."""

    def __init__(
        self, app: App, checker: ChangeChecker, decision_store: DecisionStore, redeliver_after: timedelta
    ) -> None:
        self._app = app
        self._checker = checker
        self._decision_store = decision_store
        self._redeliver_after = redeliver_after

    def judge_group(self, group: MergeGroupRef, *, ended: Callable[[], bool], patient: bool) -> Outcome:
        """Make the check of a merge group's head say what is true of the combined tree.

        Raises TransientError. Where GitHub refuses there is nothing to make right.
        """
        try:
            return self._judge_group(group, ended, patient=patient)
        except GitHubRefused as refused:
            log.warning("refused", reason=str(refused))
            return Outcome("refused")

    def _judge_group(self, group: MergeGroupRef, ended: Callable[[], bool], *, patient: bool) -> Outcome:
        with transient(), self._app.repository(group.installation_id, group.repository) as repository:
            found = merge_group(repository, group.head_sha, group.base_sha, group.head_ref)
            checked = self._check(repository, group.repository, found)
            if ended():
                return Outcome("ended", head=group.head_sha, base=group.base_sha)
            unanswered = checked.is_open and checked.verdict not in {Verdict.PASS.value, Verdict.FAIL.value}
            identity = self._app.identity(group.installation_id)
            if unanswered and patient:
                publish_waiting(repository, group.head_sha, waiting(checked.output), identity)
                return Outcome(checked.verdict, datetime.now(UTC), group.head_sha, group.base_sha)
            output = for_merge_group(checked.output, unanswered=unanswered)
            publish_check(repository, NO_PULL_REQUEST, group.head_sha, output, identity)
            return Outcome(checked.verdict, None, group.head_sha, group.base_sha)

    def _check(self, repository: Repository, full_name: str, group: MergeGroup) -> ChangeCheck:
        """Assess the combined tree by the decisions about its members.

        An unanswered question is one for a maintainer from the start, who may have answered it on the pull
        request; the waiting is done here.
        """
        members = [member.number for member in group.members]
        decisions = tuple(self._decision_store.active(full_name, members).values())
        return self._checker.check(
            repository, group, group.description, group.repository_url, decisions=decisions, patient=False
        )

    def affected(self, push: PushRef) -> Affected:
        """Return the open pull requests into a branch whose verdict its push may change.

        Raises TransientError.
        """
        try:
            with transient(), self._app.repository(push.installation_id, push.repository) as repository:
                return _affected(repository, push)
        except GitHubRefused as refused:
            log.warning("refused", reason=str(refused))
            return Affected(())

    def redeliver(self) -> int:
        """Ask GitHub to repeat the deliveries that failed; return how many. Raises TransientError."""
        with transient(), self._app.as_app() as requester:
            return redeliver_failed(requester, datetime.now(UTC), self._redeliver_after)

    def installations(self) -> tuple[int, ...]:
        """Return the ids of the App's installations. Raises TransientError."""
        with transient():
            return self._app.installations()

    def open_pulls(self, installation_id: int) -> tuple[PullRequestRef, ...]:
        """Return every open pull request that an installation covers. Raises TransientError."""
        found: list[PullRequestRef] = []
        with transient():
            for known in self._app.repositories(installation_id):
                name = known.full_name
                with self._app.repository(installation_id, name, known.id) as repository:
                    found += [
                        PullRequestRef(installation_id, name, number) for number in open_pulls(repository)
                    ]
        return tuple(found)


def _affected(repository: Repository, push: PushRef) -> Affected:
    pulls = pulls_into(repository, push.branch)
    if not pulls:
        return Affected(())
    if push.before is None:
        return Affected(pulls, by_policy=True)
    if repository.get_branch(push.branch).commit.sha == push.before:
        raise OutdatedError("GitHub still answers with the branch as it was before the push")
    if _differs(repository, POLICY_PATH, push.before, push.after):
        return Affected(pulls, by_policy=True)
    policy = _policy(repository, push.after)
    paths = (policy.path, policy.companion) if policy else ()
    changed = any(path and _differs(repository, path, push.before, push.after) for path in paths)
    return Affected(pulls if changed else ())


def _differs(repository: Repository, path: str, before: str, after: str) -> bool:
    return file_at(repository, path, before) != file_at(repository, path, after)


def _policy(repository: Repository, sha: str) -> Policy | None:
    """Return the policy at a commit; None where it cannot be used, so that no file has any bearing."""
    content = file_at(repository, POLICY_PATH, sha)
    if not isinstance(content, bytes):
        return None
    try:
        return read_policy(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, PolicyError):
        return None
