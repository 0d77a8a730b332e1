"""Evaluate a pull request: fetch, check, publish."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import structlog
from github.Repository import Repository

from bot.database.comments import CommentStore
from bot.database.decisions import DecisionStore
from bot.database.identity import PullKey, RepositoryRef
from bot.database.reports import ReportStore
from bot.github.app import App, Identity
from bot.github.commits import pulls_of_head
from bot.github.errors import GitHubError, GitHubUnavailable
from bot.github.fetch import PullRequest, pull_request
from bot.github.publish import content_digest, publish_check, publish_comment
from bot.github.suggestions import publish_suggestions
from bot.jobs.handlers import Outcome, OutdatedError
from bot.render.audience import Audience
from bot.render.check import FIX, RECHECK, held
from bot.service.change_check import ChangeCheck, ChangeChecker
from bot.service.command_targets import seen_report
from bot.service.opened import opened
from bot.service.permitted import Permitted

log = structlog.stdlib.get_logger(__name__)

HeadLock = Callable[[int, str], AbstractContextManager[None]]
"""Takes a repository's id and a commit; serializes updates of that commit's check run."""

LONGEST_LAG = timedelta(minutes=10)
"""After that, an answer older than its event is used all the same."""


class PullRequests:
    """Evaluates pull requests (`bot.jobs.handlers.PullRequestHandlers`). Safe to share among threads."""

    def __init__(
        self,
        app: App,
        checker: ChangeChecker,
        lock: HeadLock,
        decisions: DecisionStore,
        reports: ReportStore,
        comments: CommentStore,
    ) -> None:
        self._app = app
        self._comments = comments
        self._checker = checker
        self._lock = lock
        self._decisions = decisions
        self._reports = reports

    def evaluate(
        self,
        ref: RepositoryRef,
        number: int,
        event_time: datetime | None = None,
        *,
        patient: bool = True,
    ) -> Outcome:
        """Update check and comment of the pull request. Raises TransientError and RefusedError."""
        with opened(self._app, ref) as repository:
            pull = pull_request(repository, number)
            if _is_outdated(pull, event_time):
                raise OutdatedError("GitHub still answers with the state before the event")
            if not pull.open:
                return Outcome("closed", head=pull.head_sha, base=pull.base_sha)
            identity = self._app.identity(ref.installation_id)
            return self._evaluate(repository, ref, pull, identity, patient)

    def hold(self, ref: RepositoryRef, number: int, head: str | None, reason: str) -> None:
        """Publish a check that holds the merge and says why. Raises TransientError and RefusedError."""
        with opened(self._app, ref) as repository:
            head = head or repository.get_pull(number).head.sha
            identity = self._app.identity(ref.installation_id)
            output = replace(held(reason), actions=(RECHECK,))
            with self._lock(ref.id, head):
                publish_check(repository, number, head, output, identity)

    def pulls_of_head(self, ref: RepositoryRef, sha: str) -> tuple[int, ...]:
        """Return the open pull requests whose head is ``sha``. Raises TransientError."""
        with opened(self._app, ref) as repository:
            return pulls_of_head(repository, sha)

    def _evaluate(
        self,
        repository: Repository,
        ref: RepositoryRef,
        pull: PullRequest,
        identity: Identity,
        patient: bool,
    ) -> Outcome:
        own_branch = not pull.from_fork
        commits = own_branch and self._app.may_commit(ref.installation_id)
        key = PullKey(ref.id, pull.number)
        active = self._decisions.active(ref.id, [pull.number], pull.base_ref)
        permitted = Permitted(repository, active, {pull.number: pull.author_id})
        checked = self._checker.check(
            repository,
            pull,
            pull.body,
            pull.repository_url,
            decisions=permitted.by,
            patient=patient,
            audience=Audience(pull.number, pull.author, suggests=not pull.draft, commits=commits),
        )
        buttons = (RECHECK, FIX) if checked.fixable and own_branch else (RECHECK,)
        output = replace(checked.output, actions=buttons)
        seen = seen_report(pull.head_sha, pull.base_ref, checked.policy, checked.evaluation)
        with self._reports.publishing(key, seen), self._lock(ref.id, pull.head_sha):
            publish_check(repository, pull.number, pull.head_sha, output, identity)
        refused, until = permitted.refused, None
        try:
            self._publish_words(repository, pull, checked, identity)
        except GitHubError as error:  # the check is published, and nothing later may replace it
            log.warning("no comment", reason=str(error))
            refused = str(error)
            until = error.retry_at if isinstance(error, GitHubUnavailable) else None
        # Only after publishing: the end of a decision is shown before it is recorded.
        ended = {number: one.decision for number, one in active.items() if one.decision in checked.ended}
        self._decisions.end(key, ended)
        again = datetime.now(UTC) if checked.is_open else None
        return Outcome(checked.verdict, again, pull.head_sha, pull.base_sha, refused, until)

    def _publish_words(
        self, repository: Repository, pull: PullRequest, checked: ChangeCheck, identity: Identity
    ) -> None:
        """Publish the comment and the suggestions."""
        if checked.comment is None:
            return
        key = PullKey(pull.repository_id, pull.number)
        # The author of a draft is not done yet and has asked for no advice.
        comment = replace(checked.comment, speaks=checked.comment.speaks and not pull.draft)
        publish_comment(repository, pull.number, comment, identity, self._comments.last(key))
        self._comments.keep(key, content_digest(comment))
        if not pull.draft:
            made = checked.suggestions
            publish_suggestions(repository, pull.number, pull, checked.path, made, identity)


def _is_outdated(pull: PullRequest, event_time: datetime | None) -> bool:
    if event_time is None or pull.updated_at is None or pull.updated_at >= event_time:
        return False
    return datetime.now(UTC) - event_time < LONGEST_LAG
