"""Running the commands of a comment: read again, checked, run once, answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from bot.database import audit_log, command_log, decisions, reports
from bot.database.command_log import CommandRun
from bot.database.decisions import Made
from bot.database.identity import PullKey
from bot.database.reports import SeenReport
from bot.github.conversation import Source, read_comment, reply_once
from bot.github.errors import GitHubRefused
from bot.github.permissions import role_of
from bot.github.reactions import Reaction, react
from bot.render.escape import code
from bot.slash.actions import Action, Actor, CommandContext, CommandResult, Done, Refused
from bot.slash.commands import (
    NAMES,
    Command,
    CommandLine,
    Hidden,
    Malformed,
    Misunderstanding,
    TooMany,
    UnknownCommand,
)
from bot.slash.parse import digest, parse
from bot.slash.roles import CommandPolicy, Role, Roles, described

if TYPE_CHECKING:
    from github.Repository import Repository
    from sqlalchemy import Engine

log = structlog.stdlib.get_logger(__name__)


CLOCK = timedelta(seconds=1)
"""GitHub names the second in which a comment was written."""


@dataclass(frozen=True, slots=True)
class CommandText:
    """A comment or review that gives commands, as its event announced it."""

    source: Source
    id: int
    digest: str
    by_author: bool
    """Whether the author of the pull request wrote it."""
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of a comment's commands."""

    again: bool = False
    """Whether to evaluate the pull request again."""
    answered: bool = True
    """Whether the last reaction was made, where one is due."""


@dataclass(frozen=True, slots=True)
class CommandRunner:
    """Runs the commands of comments. Safe to share among threads, and to repeat.

    Every command has an action. A command is about the report that its author saw.
    """

    database: Engine
    actions: Mapping[type[Command], Action]

    def run(self, repository: Repository, pull: PullKey, text: CommandText, *, bot_id: int) -> Ran:
        """Run what the comment says, each command once, and answer.

        A comment that was edited since its event, or is a bot's, runs nothing. Who may give none of its
        commands is told so once on a pull request.

        Raises:
            GitHubUnavailable: it cannot be done now; to repeat it is safe.
            GitHubRefused: the App may not read the comment, or it does not exist.
        """
        comment = read_comment(repository, pull.number, text.source, text.id)
        if comment is None or comment.is_bot or digest(comment.body) != text.digest:
            log.info("command comment was edited, deleted or is a bot's", comment=text.id)
            return Ran()
        actor = Actor(comment.login, comment.user_id, comment.url)
        roles = self._roles(repository, actor, by_author=text.by_author)
        with self.database.connect() as connection:
            shown = min(text.received_at, comment.written_at + CLOCK)
            report = reports.shown_at(connection, pull, shown)
        policy = policy_of(report)
        lines = [line for line in parse(comment.body, bare=policy.bare) if _is_answered(line, roles, policy)]
        if not lines:
            return Ran()
        if not any(policy.allows(_name(line.meaning), roles) for line in lines):
            self._refuse_person(repository, pull, text, actor, lines, policy, bot_id)
            return Ran()
        given = text.source == "comment" and any(not isinstance(line.meaning, Hidden) for line in lines)
        if given:
            _react(repository, text.id, "eyes")
        context = self._context(repository, pull, actor, roles, report, bot_id, comment.written_at)
        runs = [self._run_once(context, text, line) for line in lines]
        done = all(run.done for run in runs)
        answered = _react(repository, text.id, "rocket" if done else "confused") if given else True
        replies = [run.reply for run in runs]
        if text.source == "review" and done and not any(replies):
            replies = ["Done."]  # a review takes no reaction
        self._answer(repository, pull, text.source, text.id, replies, bot_id)
        return Ran(any(run.again for run in runs), answered)

    def press(
        self,
        repository: Repository,
        pull: PullKey,
        actor: Actor,
        command: Command,
        *,
        by_author: bool,
        press_id: int,
        bot_id: int,
    ) -> bool:
        """Run a button's command; return whether to evaluate the pull request again.

        It is answered once for each ``press_id``, the check run's. Raises as `run` does.
        """
        roles = self._roles(repository, actor, by_author=by_author)
        now = datetime.now(UTC)
        with self.database.connect() as connection:
            report = reports.shown_at(connection, pull, now)
        context = self._context(repository, pull, actor, roles, report, bot_id, now)
        result = self._result(context, command)
        done = isinstance(result, Done)
        with self.database.begin() as connection:
            detail = {"done": done, "button": True}
            audit_log.write(connection, pull, actor.login, command.NAME, detail, comment_url=actor.url)
        log.info("button", name=command.NAME, done=done, by=actor.login)
        reply = result.reply if isinstance(result, Done) else result.why
        self._answer(repository, pull, "comment", press_id, [reply], bot_id)
        return isinstance(result, Done) and result.again

    def give_up(self, repository: Repository, pull: PullKey, text: CommandText, *, bot_id: int) -> None:
        """Answer a comment whose commands could not be run. Raises as `run` does."""
        if text.source == "comment":
            _react(repository, text.id, "confused")
        reply = "Papergate could not run this. Write it again; if that does not help, ask its operator."
        self._answer(repository, pull, text.source, text.id, [reply], bot_id)

    def _roles(self, repository: Repository, actor: Actor, *, by_author: bool) -> Roles:
        role = Role(role_of(repository, actor.login, actor.user_id))
        return frozenset({role, Role.AUTHOR} if by_author else {role})

    def _refuse_person(
        self,
        repository: Repository,
        pull: PullKey,
        text: CommandText,
        actor: Actor,
        lines: list[CommandLine],
        policy: CommandPolicy,
        bot_id: int,
    ) -> None:
        """Answer somebody who may give none of these commands, once on a pull request."""
        names = list(dict.fromkeys(_name(line.meaning) for line in lines))
        with self.database.begin() as connection:
            first = command_log.record_refusal(connection, pull, actor.user_id)
            for name in names:
                detail = {"done": False}
                audit_log.write(connection, pull, actor.login, name, detail, comment_url=actor.url)
        log.info("command refused", names=names, by=actor.login, answered=first)
        if first:
            replies = [f"{code(name)} is for {described(policy.roles_for(name))}." for name in names]
            self._answer(repository, pull, text.source, text.id, replies, bot_id)

    def _context(
        self,
        repository: Repository,
        pull: PullKey,
        actor: Actor,
        roles: Roles,
        report: SeenReport | None,
        bot_id: int,
        written_at: datetime,
    ) -> CommandContext:
        with self.database.connect() as connection:
            status = decisions.pull_status(connection, pull)
        policy = policy_of(report)
        return CommandContext(repository, pull, actor, roles, policy, report, status, bot_id, written_at)

    def _run_once(self, context: CommandContext, text: CommandText, line: CommandLine) -> CommandRun:
        with self.database.connect() as connection:
            earlier = command_log.find_run(
                connection, context.pull.repository_id, text.source, text.id, line.line
            )
            status = decisions.pull_status(connection, context.pull)
        if earlier is not None:
            return earlier
        context = replace(context, status=status)
        return self._record(context, text, line, self._result(context, line.meaning))

    def _result(self, context: CommandContext, meaning: Command | Misunderstanding) -> CommandResult:
        name = _name(meaning)
        if not context.policy.allows(name, context.roles):
            return Refused(f"{code(name)} is for {described(context.policy.roles_for(name))}.")
        if isinstance(meaning, Misunderstanding):
            return Refused(_explained(meaning))
        return self.actions[type(meaning)](context, meaning)

    def _record(
        self, context: CommandContext, text: CommandText, line: CommandLine, result: CommandResult
    ) -> CommandRun:
        pull, actor, key = context.pull, context.actor, (text.source, text.id, line.line)
        if isinstance(result, Done):
            run = CommandRun(True, result.again, result.reply)
        else:
            run = CommandRun(False, reply=result.why)
        with self.database.begin() as connection:
            if not command_log.record_run(connection, pull.repository_id, *key, run):
                return command_log.find_run(connection, pull.repository_id, *key) or run
            revoked = result.revoked if isinstance(result, Done) else ()
            for revocation in result.revocations:
                decisions.revoke(connection, pull, revoked, revocation, actor.login)
            if isinstance(result, Done) and context.report is not None:
                for each in result.decisions:
                    made = Made(
                        each,
                        actor.user_id,
                        context.report.base_ref,
                        context.report.head,
                        context.written_at,
                    )
                    decisions.record(connection, pull, made)
            if isinstance(line.meaning, Command):
                detail = {"done": run.done, **asdict(line.meaning)}
                audit_log.write(
                    connection, pull, actor.login, line.meaning.NAME, detail, comment_url=actor.url
                )
        log.info("command", name=_name(line.meaning), done=run.done, by=actor.login)
        return run

    def _answer(
        self,
        repository: Repository,
        pull: PullKey,
        source: Source,
        asked_in: int,
        replies: list[str],
        bot_id: int,
    ) -> None:
        different = list(dict.fromkeys(reply for reply in replies if reply))
        if not different:
            return
        name = str(asked_in) if source == "comment" else f"{source}-{asked_in}"
        try:
            reply_once(repository, pull.number, name, "\n\n".join(different), bot_id=bot_id)
        except GitHubRefused as refused:
            log.warning("reply refused", reason=str(refused))


def policy_of(report: SeenReport | None) -> CommandPolicy:
    """Return the policy for commands that a report was made by; the usual one where there is no report."""
    if report is None:
        return CommandPolicy()
    roles = {name: frozenset(map(Role, given)) for name, given in report.roles.items()}
    return CommandPolicy(report.bare, roles)


def _is_answered(line: CommandLine, roles: Roles, policy: CommandPolicy) -> bool:
    """Return whether to answer: a stranger who cites or misspells a command gets no reply."""
    return not isinstance(line.meaning, Hidden | UnknownCommand) or policy.allows(_name(line.meaning), roles)


def _react(repository: Repository, comment_id: int, reaction: Reaction) -> bool:
    """React; where that is refused, the command still counts. Returns False where another try may help."""
    try:
        react(repository, comment_id, reaction)
    except GitHubRefused as refused:
        log.warning("reaction refused", reason=str(refused))
        return "lock" in refused.why.lower()  # nobody may react in a locked conversation
    return True


def _name(meaning: Command | Misunderstanding) -> str:
    """Return the name of the command meant; ``help`` where no command has the name."""
    if isinstance(meaning, Misunderstanding):
        return "help" if isinstance(meaning, TooMany) or meaning.name not in NAMES else meaning.name
    return meaning.NAME


def _explained(meaning: Misunderstanding) -> str:
    match meaning:
        case UnknownCommand(name, None):
            return f"There is no command {code(name)}; {code('/papergate help')} lists them."
        case UnknownCommand(name, meant):
            return f"There is no command {code(name)}. Did you mean {code(f'/papergate {meant}')}?"
        case Malformed(_, usage):
            return f"Write {code(f'/papergate {usage}')}."
        case Hidden(name, where):
            return f"{code(name)} did not run, because it is inside {where}: write it on a line of its own."
        case TooMany(limit):
            return f"Only the first {limit} commands of a comment run."
