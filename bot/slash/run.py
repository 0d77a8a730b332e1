"""Running the commands of a comment: read again, checked, done once, answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import structlog

from bot.database import decisions as ledger
from bot.database.decisions import Origin, Place, PullStatus, Ruling, Run
from bot.github.conversation import Comment, read_comment, reply_once
from bot.github.errors import GitHubRefused
from bot.github.permissions import role_of
from bot.github.reactions import Reaction, react
from bot.render.escape import code
from bot.slash.actions import USUAL_ACTIONS, Action, Asked, Done, Outcome, Refused, carry_out
from bot.slash.commands import NAMES, Command, Hidden, Malformed, Misunderstanding, Said, TooMany, Unknown
from bot.slash.parse import digest, parse
from bot.slash.roles import CommandPolicy, Role, Roles, described
from bot.slash.target import NothingJudged, Subject

if TYPE_CHECKING:
    from github.Repository import Repository
    from sqlalchemy import Engine

    from bot.jobs.handlers import CommandRef

log = structlog.stdlib.get_logger(__name__)


def _nothing_judged(_repository: Repository, _place: Place) -> Subject:
    return NothingJudged()


def _usual(_repository: Repository, _place: Place) -> CommandPolicy:
    return CommandPolicy()


@dataclass(frozen=True, slots=True)
class Commands:
    """Runs the commands of comments. Safe to share among threads, and to repeat.

    ``policy`` returns who may give which command on a pull request, ``subject`` what its report says.
    """

    database: Engine
    policy: Callable[[Repository, Place], CommandPolicy] = _usual
    subject: Callable[[Repository, Place], Subject] = _nothing_judged
    actions: Mapping[type[Command], Action] = field(default_factory=lambda: USUAL_ACTIONS)

    def run(self, repository: Repository, ref: CommandRef, *, bot_id: int) -> bool:
        """Run what the comment says, each command once; return whether to judge the pull request again.

        A comment that was edited or deleted since it was announced, or is a bot's, runs nothing.

        Raises:
            GitHubUnavailable: it cannot be done now; to repeat it is safe.
            GitHubRefused: the App may not read the pull request.
        """
        comment = read_comment(repository, ref.number, ref.comment_id)
        if comment is None or comment.is_bot or digest(comment.body) != ref.digest:
            log.info("command comment is gone, changed or a bot's", comment=ref.comment_id)
            return False
        origin = Origin(comment.login, comment.user_id, comment.url)
        held = self._roles(repository, ref.number, origin)
        policy = self.policy(repository, Place(ref.repository, ref.number))
        said = [one for one in parse(comment.body, bare=policy.bare) if _concerns(one, held, policy)]
        if not said:
            return False
        given = any(not isinstance(one.meaning, Hidden) for one in said)
        if given:
            _react(repository, ref, "eyes")
        runs = [self._run_once(repository, ref, comment, held, policy, one, bot_id) for one in said]
        if given:
            _react(repository, ref, "rocket" if all(run.done for run in runs) else "confused")
        self._answer(repository, ref.number, ref.comment_id, [run.reply for run in runs], bot_id)
        return any(run.again for run in runs)

    def press(
        self,
        repository: Repository,
        place: Place,
        origin: Origin,
        command: Command,
        *,
        press_id: int,
        bot_id: int,
    ) -> bool:
        """Run a command that a button stands for; return whether to judge the pull request again.

        It is answered once for each ``press_id``, the check run's. Raises as `run` does.
        """
        held = self._roles(repository, place.number, origin)
        policy = self.policy(repository, place)
        with self.database.connect() as connection:
            status = ledger.pull_status(connection, place)
        asked = self._asked(repository, place, origin, held, policy, status, bot_id, datetime.now(UTC))
        outcome = self._outcome(asked, command)
        done = isinstance(outcome, Done)
        with self.database.begin() as connection:
            detail = {"done": done, "button": True}
            ledger.write(
                connection, place, origin.login, command.NAME, detail, comment_url=origin.comment_url
            )
        log.info("button", name=command.NAME, done=done, by=origin.login)
        reply = outcome.reply if isinstance(outcome, Done) else outcome.why
        self._answer(repository, place.number, press_id, [reply], bot_id)
        return isinstance(outcome, Done) and outcome.again

    def _roles(self, repository: Repository, number: int, origin: Origin) -> Roles:
        role = Role(role_of(repository, origin.login))
        author = repository.get_pull(number).user
        is_author = author is not None and author.id == origin.user_id
        return frozenset({role, Role.AUTHOR} if is_author else {role})

    def _asked(
        self,
        repository: Repository,
        place: Place,
        origin: Origin,
        held: Roles,
        policy: CommandPolicy,
        status: PullStatus,
        bot_id: int,
        written_at: datetime,
    ) -> Asked:
        subject = self.subject(repository, place)
        return Asked(repository, place, origin, held, policy, subject, status, bot_id, written_at)

    def _run_once(
        self,
        repository: Repository,
        ref: CommandRef,
        comment: Comment,
        held: Roles,
        policy: CommandPolicy,
        said: Said,
        bot_id: int,
    ) -> Run:
        place, origin = Place(ref.repository, ref.number), Origin(comment.login, comment.user_id, comment.url)
        with self.database.connect() as connection:
            earlier = ledger.run_of(connection, ref.repository, ref.comment_id, said.line)
            status = ledger.pull_status(connection, place)
        if earlier is not None:
            return earlier
        asked = self._asked(repository, place, origin, held, policy, status, bot_id, comment.written_at)
        outcome = self._outcome(asked, said.meaning)
        return self._record(place, origin, ref.comment_id, said, outcome)

    def _outcome(self, asked: Asked, meaning: Command | Misunderstanding) -> Outcome:
        name = _name(meaning)
        if not asked.policy.allows(name, asked.held):
            return Refused(f"{code(name)} is for {described(asked.policy.roles_for(name))}.")
        if isinstance(meaning, Misunderstanding):
            return Refused(_explained(meaning))
        return carry_out(self.actions, asked, meaning)

    def _record(self, place: Place, origin: Origin, comment_id: int, said: Said, outcome: Outcome) -> Run:
        """Write what came of a command, all of it or nothing; another worker's earlier record stands."""
        rulings: tuple[Ruling, ...] = ()
        if isinstance(outcome, Done):
            run, rulings = Run(True, outcome.again, outcome.reply), outcome.rulings
        else:
            run = Run(False, reply=outcome.why)
        with self.database.begin() as connection:
            if not ledger.record_run(connection, place.repository, comment_id, said.line, run):
                return ledger.run_of(connection, place.repository, comment_id, said.line) or run
            for ruling in rulings:
                record = ledger.revoke if ruling.kind == "unwaive" else ledger.decide
                record(connection, place, ruling, origin)
            if not isinstance(said.meaning, Misunderstanding):
                detail = {"done": run.done, **asdict(said.meaning)}
                ledger.write(
                    connection, place, origin.login, said.meaning.NAME, detail, comment_url=origin.comment_url
                )
        log.info("command", name=_name(said.meaning), done=run.done, by=origin.login)
        return run

    def _answer(
        self, repository: Repository, number: int, asked_in: int, replies: list[str], bot_id: int
    ) -> None:
        different = list(dict.fromkeys(reply for reply in replies if reply))
        if not different:
            return
        try:
            reply_once(repository, number, asked_in, "\n\n".join(different), bot_id=bot_id)
        except GitHubRefused as refused:
            log.warning("not answered", reason=str(refused))


def _concerns(said: Said, held: Roles, policy: CommandPolicy) -> bool:
    """Return whether to say anything: a stranger who cites or misspells a command hears nothing."""
    return not isinstance(said.meaning, Hidden | Unknown) or policy.allows(_name(said.meaning), held)


def _react(repository: Repository, ref: CommandRef, reaction: Reaction) -> None:
    """React; where that is refused, in a locked conversation say, the command still counts."""
    try:
        react(repository, ref.number, ref.comment_id, reaction)
    except GitHubRefused as refused:
        log.warning("no reaction", reason=str(refused))


def _name(meaning: Command | Misunderstanding) -> str:
    """Return the name of the command meant, as far as there is one."""
    if isinstance(meaning, Misunderstanding):
        return "help" if isinstance(meaning, TooMany) or meaning.name not in NAMES else meaning.name
    return meaning.NAME


def _explained(meaning: Misunderstanding) -> str:
    match meaning:
        case Unknown(name, None):
            return f"There is no command {code(name)}; {code('/papergate help')} lists them."
        case Unknown(name, meant):
            return f"There is no command {code(name)}. Did you mean {code(f'/papergate {meant}')}?"
        case Malformed(_, usage):
            return f"Write {code(f'/papergate {usage}')}."
        case Hidden(name, where):
            return f"{code(name)} did not run, because it stands in {where}: give it a line of its own."
        case TooMany(limit):
            return f"Only the first {limit} commands of a comment run."
