"""Validate a pull request: gather, judge, publish. Here alone GitHub, evidence and the rules meet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog
from github.Repository import Repository
from sqlalchemy import Engine

from bot.database.decisions import Origin, Place
from bot.database.locks import head_lock
from bot.evidence.rate_limit import DatabaseTurns
from bot.evidence.sources import library
from bot.evidence.store import DatabaseStore
from bot.github.app import App, Identity
from bot.github.commits import pulls_of_head
from bot.github.errors import GitHubRefused
from bot.github.fetch import PullRequest, pull_request
from bot.github.publish import publish_check, publish_comment
from bot.github.suggestions import publish_suggestions
from bot.jobs.handlers import CommandRef, Outcome, OutdatedError, PressRef, PullRequestRef, RepositoryRef
from bot.process.child_process import ChildProcess
from bot.render.check import FIX, RECHECK
from bot.service.change_check import ChangeChecker, transient
from bot.service.command_targets import Reading
from bot.service.decision_store import DecisionStore
from bot.service.edit_commands import Corrections
from bot.service.gather_evidence import looking
from bot.service.merge_queue import Gate
from bot.settings import Settings
from bot.slash.actions import USUAL_ACTIONS
from bot.slash.commands import Command, Fix, Recheck
from bot.slash.run import Commands
from rules.papers.evidence import Evidence, EvidenceRequest

log = structlog.stdlib.get_logger(__name__)

HeadLock = Callable[[str, str], AbstractContextManager[None]]
"""Takes a repository's full name and a commit; holds that commit's check."""

_BUTTONS: Mapping[str, Command] = {RECHECK.identifier: Recheck(), FIX.identifier: Fix()}

LONGEST_LAG = timedelta(minutes=10)
"""After that an answer older than its event is believed all the same."""


def handlers(settings: Settings, database: Engine) -> tuple[Validation, Gate]:
    """Return the work that jobs ask for, done with GitHub and the sources as the settings name them."""
    app = App(settings.app_id, settings.private_key.get_secret_value(), api_url=settings.github_api_url)
    sources = library(settings, DatabaseStore(database), DatabaseTurns(database))

    def ask(wanted: EvidenceRequest) -> Evidence:
        return sources.look_up(wanted, datetime.now(UTC))

    checker = ChangeChecker(ChildProcess(), looking(settings, ask))
    decision_store = DecisionStore(database)
    redeliver_after = timedelta(seconds=settings.redeliver_seconds) / 10
    reading = Reading(checker, decision_store)
    actions = {**USUAL_ACTIONS, **Corrections(checker, decision_store).actions}
    commands = Commands(database, reading.policy, reading.subject, actions)
    return (
        Validation(app, checker, partial(head_lock, database), decision_store, commands),
        Gate(app, checker, decision_store, redeliver_after),
    )


class Validation:
    """What the jobs ask for (`bot.jobs.handlers.Handlers`). Safe to share among threads, and to repeat."""

    def __init__(
        self,
        app: App,
        checker: ChangeChecker,
        lock: HeadLock,
        decision_store: DecisionStore,
        commands: Commands,
    ) -> None:
        self._app = app
        self._checker = checker
        self._lock = lock
        self._commands = commands
        self._decision_store = decision_store

    def validate(
        self, pull: PullRequestRef, told_at: datetime | None = None, *, patient: bool = True
    ) -> Outcome:
        """Make check and comment of the pull request say what is true now. Raises TransientError.

        Where GitHub refuses (the App was uninstalled, the repository is gone) there is nothing to make right.
        """
        try:
            return self._validate_current(pull, told_at, patient)
        except GitHubRefused as refused:
            log.warning("refused", reason=str(refused))
            return Outcome("refused")

    def _validate_current(self, pull: PullRequestRef, told_at: datetime | None, patient: bool) -> Outcome:
        with self._repository(pull.installation_id, pull.repository) as repository:
            found = pull_request(repository, pull.number)
            if _is_outdated(found, told_at):
                raise OutdatedError("GitHub still answers with what was before the event")
            if not found.open:
                return Outcome("closed", head=found.head_sha, base=found.base_sha)
            identity = self._app.identity(pull.installation_id)
            return self._validate(repository, pull.repository, found, identity, patient)

    def pulls_of_head(self, repository: RepositoryRef, sha: str) -> tuple[int, ...]:
        """Return the open pull requests whose head is ``sha``. Raises TransientError."""
        with self._repository(repository.installation_id, repository.repository) as opened:
            return pulls_of_head(opened, sha)

    def run_command(self, command: CommandRef) -> bool:
        """Run a comment's commands; return whether to judge anew. Raises TransientError."""
        with self._repository(command.installation_id, command.repository) as repository:
            bot_id = self._app.identity(command.installation_id).bot_id
            return self._commands.run(repository, command, bot_id=bot_id)

    def press(self, press: PressRef) -> tuple[int, ...]:
        """Do what a button says for each pull request of its commit; return those to judge anew.

        Raises TransientError.
        """
        command = _BUTTONS.get(press.button)
        if command is None:
            return ()
        with self._repository(press.installation_id, press.repository) as repository:
            bot_id = self._app.identity(press.installation_id).bot_id
            page = repository.get_check_run(press.check_run_id).html_url
            origin = Origin(press.login, press.user_id, page)
            return tuple(
                number
                for number in pulls_of_head(repository, press.sha)
                if self._commands.press(
                    repository,
                    Place(press.repository, number),
                    origin,
                    command,
                    press_id=press.check_run_id,
                    bot_id=bot_id,
                )
            )

    @contextmanager
    def _repository(self, installation_id: int, full_name: str) -> Iterator[Repository]:
        with transient(), self._app.repository(installation_id, full_name) as repository:
            yield repository

    def _validate(
        self, repository: Repository, full_name: str, pull: PullRequest, identity: Identity, patient: bool
    ) -> Outcome:
        decisions = self._decision_store.active(full_name, [pull.number])
        checked = self._checker.check(
            repository,
            pull,
            pull.body,
            pull.repository_url,
            decisions=tuple(decisions.values()),
            patient=patient,
        )
        own_branch = pull.head_repository == full_name
        buttons = (RECHECK, FIX) if checked.fixable and own_branch else (RECHECK,)
        output = replace(checked.output, actions=buttons)
        with self._lock(full_name, pull.head_sha):
            publish_check(repository, pull.number, pull.head_sha, output, identity)
        if checked.comment:
            # Who marks it a draft is not done yet, and asks for no advice.
            said = replace(checked.comment, speaks=checked.comment.speaks and not pull.draft)
            publish_comment(repository, pull.number, said, identity)
            if not pull.draft:
                made = checked.suggestions
                publish_suggestions(repository, pull.number, pull, checked.path, made, identity)
        # Only once it has been said: a decision ends in public.
        ended = {number: decision for number, decision in decisions.items() if decision in checked.ended}
        self._decision_store.end(full_name, pull.number, ended)
        again = datetime.now(UTC) if checked.is_open else None
        return Outcome(checked.verdict, again, pull.head_sha, pull.base_sha)


def _is_outdated(found: PullRequest, told_at: datetime | None) -> bool:
    if told_at is None or found.updated_at is None or found.updated_at >= told_at:
        return False
    return datetime.now(UTC) - told_at < LONGEST_LAG
