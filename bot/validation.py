"""Validate a pull request: gather, judge, publish. Here alone GitHub, evidence and the rules meet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import structlog
from github.Repository import Repository
from sqlalchemy import Engine

from bot.bibliography import LARGEST, CompanionFile
from bot.child_process import ChildProcess
from bot.evidence.sources import library
from bot.evidence.store import DatabaseStore
from bot.evidence.turns import DatabaseTurns
from bot.github.app import App, Identity
from bot.github.commits import pulls_of_head
from bot.github.errors import GitHubRefused, GitHubUnavailable
from bot.github.gather import (
    File,
    ListFiles,
    PolicyUnreadable,
    PullRequest,
    TooLarge,
    companion_files,
    list_files,
    policy_text,
    pull_request,
)
from bot.github.permissions import may_recheck
from bot.github.publish import publish_check, publish_comment
from bot.github.reactions import Reaction, react
from bot.isolation import Isolation
from bot.jobs.handlers import CommandRef, Outcome, PullRequestRef, RepositoryRef, TransientError
from bot.judgement import Judge, LookUp, Texts
from bot.looking import looking
from bot.policy_file import PolicyError, read_policy
from bot.render.check import CheckOutput, check, not_a_list_change, not_configured, policy_error
from bot.render.comment import comment
from bot.render.sections import Judged
from bot.settings import Settings
from rules.evidence import Evidence, Wanted
from rules.judge import Unreadable, judge
from rules.policy import Policy
from rules.report import Report, Verdict

log = structlog.stdlib.get_logger(__name__)


def handlers(settings: Settings, database: Engine) -> Validation:
    """Return the work that jobs ask for, done with GitHub and the sources as the settings name them."""
    app = App(settings.app_id, settings.private_key.get_secret_value(), api_url=settings.github_api_url)
    sources = library(settings, DatabaseStore(database), DatabaseTurns(database))

    def ask(wanted: Wanted) -> Evidence:
        return sources.look_up(wanted, datetime.now(UTC))

    return Validation(app, ChildProcess(), looking(settings, ask))


class Validation:
    """What the jobs ask for (`bot.jobs.handlers.Handlers`). Safe to share among threads, and to repeat."""

    def __init__(self, app: App, isolation: Isolation, ask: LookUp) -> None:
        self._app = app
        self._isolation = isolation
        self._ask = ask

    def validate(self, pull: PullRequestRef) -> Outcome:
        """Make check and comment of the pull request say what is true now. Raises TransientError.

        Where GitHub refuses (the App was uninstalled, the repository is gone) there is nothing to make right.
        """
        try:
            return self._validate_current(pull)
        except GitHubRefused as refused:
            log.warning("refused", reason=str(refused))
            return Outcome("refused")

    def _validate_current(self, pull: PullRequestRef) -> Outcome:
        with self._repository(pull.installation_id, pull.repository) as repository:
            found = pull_request(repository, pull.number)
            if not found.open:
                return Outcome("closed", head=found.head_sha, base=found.base_sha)
            identity = self._app.identity(pull.installation_id)
            return self._validate(repository, found, identity)

    def pulls_of_head(self, repository: RepositoryRef, sha: str) -> tuple[int, ...]:
        """Return the open pull requests whose head is ``sha``. Raises TransientError."""
        with self._repository(repository.installation_id, repository.repository) as opened:
            return pulls_of_head(opened, sha)

    def run_command(self, command: CommandRef) -> bool:
        """Answer a comment's command by a reaction; return whether to judge anew. Raises TransientError."""
        with self._repository(command.installation_id, command.repository) as repository:
            author = repository.get_pull(command.number).user.login
            allowed = may_recheck(repository, author, command.author)
            answer: Reaction = "rocket" if allowed else "confused"
            react(repository, command.number, command.comment_id, answer)
            return allowed

    @contextmanager
    def _repository(self, installation_id: int, full_name: str) -> Iterator[Repository]:
        try:
            with self._app.repository(installation_id, full_name) as repository:
                yield repository
        except GitHubUnavailable as error:
            wait = error.retry_after
            at = None if wait is None else datetime.now(UTC) + timedelta(seconds=wait)
            raise TransientError(str(error), retry_at=at) from error

    def _validate(self, repository: Repository, pull: PullRequest, identity: Identity) -> Outcome:
        try:
            text = policy_text(repository, pull)
            policy = None if text is None else read_policy(text)
        except PolicyUnreadable as error:
            return _checked(repository, pull, identity, policy_error([str(error)]), "policy")
        except PolicyError as error:
            problems = [str(problem) for problem in error.problems]
            return _checked(repository, pull, identity, policy_error(problems), "policy")
        if policy is None:
            return _checked(repository, pull, identity, not_configured(), "not configured")
        files = list_files(repository, policy.path, pull)
        companion = _companion(repository, policy, pull)
        report = self._report(files, companion, policy, pull)
        judged = Judged(pull.head_sha, pull.base_sha, pull.repository_url)
        changed = files.changed or (companion is not None and companion.before != companion.after)
        output = check(report, judged) if changed else not_a_list_change(policy.path)
        publish_check(repository, pull.number, pull.head_sha, output, identity)
        publish_comment(repository, pull.number, comment(report, judged), identity)
        again = datetime.now(UTC) if report.verdict is Verdict.UNVERIFIED else None
        return Outcome(report.verdict.value, again, pull.head_sha, pull.base_sha)

    def _report(
        self, files: ListFiles, companion: CompanionFile | None, policy: Policy, pull: PullRequest
    ) -> Report:
        today = datetime.now(UTC).date()
        texts = _texts(files, policy.path)
        if isinstance(texts, Unreadable):
            return judge(texts, policy, Evidence(), pull.body, today)
        return Judge(self._isolation, self._ask, today).change(texts, policy, pull.body, companion)


def _checked(
    repository: Repository, pull: PullRequest, identity: Identity, output: CheckOutput, outcome: str
) -> Outcome:
    """Publish a check that judges nothing, and no comment."""
    publish_check(repository, pull.number, pull.head_sha, output, identity)
    return Outcome(outcome, head=pull.head_sha, base=pull.base_sha)


def _companion(repository: Repository, policy: Policy, pull: PullRequest) -> CompanionFile | None:
    """Return the policy's BibTeX file, None where the head has none."""
    if policy.companion is None:
        return None
    before, after = (_content(file) for file in companion_files(repository, policy.companion, pull))
    return None if after is None else CompanionFile(policy.companion, before, after)


def _content(file: File) -> bytes | None:
    """Return a file's content; of one that GitHub does not hand out, no less than is too large to read."""
    return bytes(LARGEST + 1) if isinstance(file, TooLarge) else file


def _texts(files: ListFiles, path: str) -> Texts | Unreadable:
    sides = {"merge base": files.merge_base, "base": files.base, "head": files.head}
    texts = {side: _text(file) for side, file in sides.items()}
    for side, text in texts.items():
        if isinstance(text, Unreadable):
            return Unreadable(f"{path} at {side} {text.reason}")
    if files.head is None:
        return Unreadable(f"{path} is gone")
    return Texts(*(text for text in texts.values() if isinstance(text, str)))


def _text(file: File) -> str | Unreadable:
    """Return a file as text; one that is not there yet is an empty list."""
    if file is None:
        return ""
    if isinstance(file, TooLarge):
        return Unreadable(f"is too large: {file.size:,} bytes")
    try:
        return file.decode("utf-8")
    except UnicodeDecodeError:
        return Unreadable("is not UTF-8")
