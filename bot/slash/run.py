"""Running the commands of a comment: read again, checked, run once, answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import structlog

from bot.database import audit_log, command_log, decisions
from bot.database.command_log import CommandRun
from bot.database.identity import PullKey
from bot.github.conversation import Comment, read_comment, reply_once
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
from bot.slash.target import Targets

if TYPE_CHECKING:
    from github.Repository import Repository
    from sqlalchemy import Engine

log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class CommandRunner:
    """Runs the commands of comments. Safe to share among threads, and to repeat.

    ``policy`` returns which roles may give which command on a pull request, ``targets`` what its report
    offers to decide on. Every command has an action.
    """

    database: Engine
    policy: Callable[[Repository, PullKey], CommandPolicy]
    targets: Callable[[Repository, PullKey], Targets]
    actions: Mapping[type[Command], Action]

    def run(
        self, repository: Repository, pull: PullKey, comment_id: int, expected: str, *, bot_id: int
    ) -> bool:
        """Run what the comment says, each command once; return whether to evaluate the pull request again.

        ``expected`` is the digest of the comment in its event: a comment that was edited since, or is a
        bot's, runs nothing.

        Raises:
            GitHubUnavailable: it cannot be done now; to repeat it is safe.
            GitHubRefused: the App may not read the pull request, or the comment does not exist.
        """
        comment = read_comment(repository, comment_id)
        if comment is None or comment.is_bot or digest(comment.body) != expected:
            log.info("command comment was edited or is a bot's", comment=comment_id)
            return False
        actor = Actor(comment.login, comment.user_id, comment.url)
        roles = self._roles(repository, pull, actor)
        policy = self.policy(repository, pull)
        lines = [line for line in parse(comment.body, bare=policy.bare) if _is_answered(line, roles, policy)]
        if not lines:
            return False
        given = any(not isinstance(line.meaning, Hidden) for line in lines)
        if given:
            _react(repository, pull, comment_id, "eyes")
        runs = [
            self._run_once(repository, pull, comment_id, comment, roles, policy, line, bot_id)
            for line in lines
        ]
        if given:
            done = all(run.done for run in runs)
            _react(repository, pull, comment_id, "rocket" if done else "confused")
        self._answer(repository, pull, comment_id, [run.reply for run in runs], bot_id)
        return any(run.again for run in runs)

    def press(
        self,
        repository: Repository,
        pull: PullKey,
        actor: Actor,
        command: Command,
        *,
        press_id: int,
        bot_id: int,
    ) -> bool:
        """Run a button's command; return whether to evaluate the pull request again.

        It is answered once for each ``press_id``, the check run's. Raises as `run` does.
        """
        roles = self._roles(repository, pull, actor)
        policy = self.policy(repository, pull)
        context = self._context(repository, pull, actor, roles, policy, bot_id, datetime.now(UTC))
        result = self._result(context, command)
        done = isinstance(result, Done)
        with self.database.begin() as connection:
            detail = {"done": done, "button": True}
            audit_log.write(connection, pull, actor.login, command.NAME, detail, comment_url=actor.url)
        log.info("button", name=command.NAME, done=done, by=actor.login)
        reply = result.reply if isinstance(result, Done) else result.why
        self._answer(repository, pull, press_id, [reply], bot_id)
        return isinstance(result, Done) and result.again

    def _roles(self, repository: Repository, pull: PullKey, actor: Actor) -> Roles:
        role = Role(role_of(repository, actor.login))
        author = repository.get_pull(pull.number).user
        is_author = author is not None and author.id == actor.user_id
        return frozenset({role, Role.AUTHOR} if is_author else {role})

    def _context(
        self,
        repository: Repository,
        pull: PullKey,
        actor: Actor,
        roles: Roles,
        policy: CommandPolicy,
        bot_id: int,
        written_at: datetime,
    ) -> CommandContext:
        with self.database.connect() as connection:
            status = decisions.pull_status(connection, pull)
        targets = self.targets(repository, pull)
        return CommandContext(repository, pull, actor, roles, policy, targets, status, bot_id, written_at)

    def _run_once(
        self,
        repository: Repository,
        pull: PullKey,
        comment_id: int,
        comment: Comment,
        roles: Roles,
        policy: CommandPolicy,
        line: CommandLine,
        bot_id: int,
    ) -> CommandRun:
        actor = Actor(comment.login, comment.user_id, comment.url)
        with self.database.connect() as connection:
            earlier = command_log.find_run(connection, pull.repository_id, comment_id, line.line)
        if earlier is not None:
            return earlier
        context = self._context(repository, pull, actor, roles, policy, bot_id, comment.written_at)
        result = self._result(context, line.meaning)
        return self._record(context, comment_id, line, result)

    def _result(self, context: CommandContext, meaning: Command | Misunderstanding) -> CommandResult:
        name = _name(meaning)
        if not context.policy.allows(name, context.roles):
            return Refused(f"{code(name)} is for {described(context.policy.roles_for(name))}.")
        if isinstance(meaning, Misunderstanding):
            return Refused(_explained(meaning))
        return self.actions[type(meaning)](context, meaning)

    def _record(
        self, context: CommandContext, comment_id: int, line: CommandLine, result: CommandResult
    ) -> CommandRun:
        pull, actor = context.pull, context.actor
        if isinstance(result, Done):
            run = CommandRun(True, result.again, result.reply)
        else:
            run = CommandRun(False, reply=result.why)
        with self.database.begin() as connection:
            if not command_log.record_run(connection, pull.repository_id, comment_id, line.line, run):
                return command_log.find_run(connection, pull.repository_id, comment_id, line.line) or run
            if isinstance(result, Done):
                decisions.end(connection, result.revoked, f"taken back by {actor.login}")
                for made in result.decisions:
                    decisions.record(connection, pull, made, actor.user_id)
            if isinstance(line.meaning, Command):
                detail = {"done": run.done, **asdict(line.meaning)}
                audit_log.write(
                    connection, pull, actor.login, line.meaning.NAME, detail, comment_url=actor.url
                )
        log.info("command", name=_name(line.meaning), done=run.done, by=actor.login)
        return run

    def _answer(
        self, repository: Repository, pull: PullKey, asked_in: int, replies: list[str], bot_id: int
    ) -> None:
        different = list(dict.fromkeys(reply for reply in replies if reply))
        if not different:
            return
        try:
            reply_once(repository, pull.number, asked_in, "\n\n".join(different), bot_id=bot_id)
        except GitHubRefused as refused:
            log.warning("reply refused", reason=str(refused))


def _is_answered(line: CommandLine, roles: Roles, policy: CommandPolicy) -> bool:
    """Return whether to answer: a stranger who cites or misspells a command gets no reply."""
    return not isinstance(line.meaning, Hidden | UnknownCommand) or policy.allows(_name(line.meaning), roles)


def _react(repository: Repository, pull: PullKey, comment_id: int, reaction: Reaction) -> None:
    """React; where that is refused, as in a locked conversation, the command still counts."""
    try:
        react(repository, pull.number, comment_id, reaction)
    except GitHubRefused as refused:
        log.warning("reaction refused", reason=str(refused))


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
