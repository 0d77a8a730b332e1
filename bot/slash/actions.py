"""What each command does: given the books and the report, which rulings to record and what to answer.

An action decides; writing is left to `bot.slash.run`, in the transaction that records that the command ran.
Those that act on GitHub (``fix``, ``remove``, ``move``) must be safe to repeat.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeVar

from bot.database.decisions import Ruling
from bot.render.escape import code, inline
from bot.slash.commands import (
    COMMANDS,
    Accept,
    Attest,
    Command,
    Help,
    LineNumber,
    Recheck,
    Status,
    Target,
    Title,
    Unwaive,
    Waive,
)
from rules.papers.titles import key

if TYPE_CHECKING:
    from datetime import datetime

    from github.Repository import Repository

    from bot.database.decisions import Decision, Origin, Place, PullStatus
    from bot.slash.roles import CommandPolicy, Roles
    from bot.slash.target import Matter, Subject

_SHOWN_DECISIONS = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """A command's circumstances, as they are when it runs."""

    repository: Repository
    place: Place
    origin: Origin
    held: Roles
    policy: CommandPolicy
    subject: Subject
    status: PullStatus
    bot_id: int
    """Of the App's own user."""
    written_at: datetime
    """When it was asked for, by GitHub's clock."""


@dataclass(frozen=True, slots=True)
class Done:
    """The command did what it says.

    ``again``: the verdict may have changed. ``reply`` is Markdown, empty when there is nothing to say.
    """

    again: bool = False
    reply: str = ""
    rulings: tuple[Ruling, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """The command did nothing; ``why`` is Markdown."""

    why: str


Outcome = Done | Refused
Action = Callable[[Asked, Command], Outcome]


def carry_out(actions: Mapping[type[Command], Action], asked: Asked, command: Command) -> Outcome:
    """Return what came of a command; one without an action is refused."""
    action = actions.get(type(command))
    if action is None:
        return Refused(f"{code(command.NAME)} is not to be had here yet.")
    return action(asked, command)


def _recheck(_asked: Asked, _command: Recheck) -> Outcome:
    return Done(again=True)


def _help(asked: Asked, _command: Help) -> Outcome:
    allowed = [command.USAGE for command in COMMANDS if asked.policy.allows(command.NAME, asked.held)]
    listed = [f"- {code(f'/papergate {usage}')}" for usage in allowed]
    return Done(reply="\n".join(["You can write, at the start of a line:", "", *listed]))


def _status(asked: Asked, _command: Status) -> Outcome:
    status = asked.status
    if status.verdict is None:
        lines = ["This pull request has not been judged yet."]
    else:
        at = f" at {code(status.head[:7])}" if status.head else ""
        lines = [f"Verdict{at}: **{inline(status.verdict)}**."]
    lines += [_shown(decision) for decision in status.decisions[:_SHOWN_DECISIONS]]
    left = len(status.decisions) - _SHOWN_DECISIONS
    return Done(reply="\n".join([*lines, *([f"- … and {left} more"] if left > 0 else [])]))


def _shown(decision: Decision) -> str:
    ruling = decision.ruling
    about = f" for “{inline(ruling.title)}”" if ruling.title else ""
    by = inline(decision.origin.login)
    return f"- {ruling.kind} {code(_name(ruling))}{about} by {by}: {inline(ruling.reason)}"


def _name(ruling: Ruling | Matter) -> str:
    return f"{ruling.rule}/{ruling.code}" if ruling.code else ruling.rule


def _waive(asked: Asked, command: Waive) -> Outcome:
    found = asked.subject.findings(command.rule, command.target)
    if not found:
        where = _whereabouts(command.target)
        return Refused(f"There is no finding of {code(command.rule)}{where} to waive.")
    return Done(again=True, rulings=tuple(_ruling("waive", matter, command.reason) for matter in found))


def _unwaive(asked: Asked, command: Unwaive) -> Outcome:
    waivers = [one.ruling for one in asked.status.decisions if one.ruling.kind == "waive"]
    taken = [ruling for ruling in waivers if command.rule in {ruling.rule, _name(ruling)}]
    if isinstance(command.target, Title):
        wanted = key(command.target.text)
        taken = [ruling for ruling in taken if ruling.title is not None and key(ruling.title) == wanted]
    elif isinstance(command.target, LineNumber):
        there = {matter.fingerprint for matter in asked.subject.findings(command.rule, command.target)}
        taken = [ruling for ruling in taken if ruling.fingerprint in there]
    if not taken:
        where = _whereabouts(command.target)
        return Refused(f"No waiver of {code(command.rule)}{where} stands. `/papergate status` lists them.")
    return Done(again=True, rulings=tuple(replace(ruling, kind="unwaive", reason="") for ruling in taken))


def _accept(asked: Asked, command: Accept) -> Outcome:
    found = asked.subject.pending(command.target)
    if not found:
        return Refused(f"Nothing{_whereabouts(command.target)} waits for a decision.")
    return Done(again=True, rulings=tuple(_ruling("accept", matter, command.reason) for matter in found))


def _attest(asked: Asked, command: Attest) -> Outcome:
    found = asked.subject.counts(command.title)
    if len(found) != 1:
        many = "More than one" if found else "No"
        return Refused(f"{many} entry of this change has the title “{inline(command.title.text)}”.")
    (matter,) = found
    ruling = Ruling(
        "attest",
        matter.rule,
        matter.code,
        matter.fingerprint,
        matter.title,
        "attested",
        command.count,
        command.url,
    )
    return Done(again=True, rulings=(ruling,))


def _ruling(kind: Literal["waive", "accept"], matter: Matter, reason: str) -> Ruling:
    return Ruling(kind, matter.rule, matter.code, matter.fingerprint, matter.title, reason)


def _whereabouts(target: Target | None) -> str:
    match target:
        case None:
            return ""
        case LineNumber(number):
            return f" on line {number}"
        case Title(text):
            return f" for “{inline(text)}”"


C = TypeVar("C", bound=Command)


def action_for(kind: type[C], act: Callable[[Asked, C], Outcome]) -> Action:
    """Return ``act`` as an action; `carry_out` gives it no command but those of its kind."""

    def action(asked: Asked, command: Command) -> Outcome:
        assert isinstance(command, kind)  # noqa: S101 - looked up by type
        return act(asked, command)

    return action


USUAL_ACTIONS: Mapping[type[Command], Action] = {
    Recheck: action_for(Recheck, _recheck),
    Status: action_for(Status, _status),
    Help: action_for(Help, _help),
    Waive: action_for(Waive, _waive),
    Unwaive: action_for(Unwaive, _unwaive),
    Accept: action_for(Accept, _accept),
    Attest: action_for(Attest, _attest),
}
"""The actions that need nothing but the report and the books."""
