"""What each command does: from the status and the report to decisions and an answer.

An action decides; `bot.slash.run` writes, in the transaction that records that the command ran.
Actions that write to GitHub (``fix``, ``remove``, ``move``) must be safe to repeat.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from bot.render.escape import code, inline
from bot.slash.arguments import LineNumber, Selector, Title
from bot.slash.commands import (
    COMMANDS,
    Accept,
    Attest,
    Command,
    Help,
    Recheck,
    Status,
    Unwaive,
    Waive,
)
from rules.papers.titles import key
from rules.report.findings import Decision, DecisionKind

if TYPE_CHECKING:
    from datetime import datetime

    from github.Repository import Repository

    from bot.database.decisions import PullStatus
    from bot.database.identity import PullKey
    from bot.slash.roles import CommandPolicy, Roles
    from bot.slash.target import Target, Targets

_SHOWN_DECISIONS = 20


@dataclass(frozen=True, slots=True)
class Actor:
    """Who gives a command, and the address of the comment or check that gives it."""

    login: str
    user_id: int
    url: str


@dataclass(frozen=True, slots=True)
class CommandContext:
    """A command's circumstances at the time it runs."""

    repository: Repository
    pull: PullKey
    actor: Actor
    roles: Roles
    policy: CommandPolicy
    targets: Targets
    status: PullStatus
    bot_id: int
    """Of the App's own user."""
    written_at: datetime
    """When the command was given, by GitHub's clock."""


@dataclass(frozen=True, slots=True)
class Done:
    """The command did its work.

    ``again``: the verdict may have changed. ``reply`` is Markdown, empty when there is nothing to say.
    ``revoked`` holds the ids of the decisions it takes back.
    """

    again: bool = False
    reply: str = ""
    decisions: tuple[Decision, ...] = ()
    revoked: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """The command did nothing; ``why`` is Markdown."""

    why: str


CommandResult = Done | Refused
Action = Callable[[CommandContext, Command], CommandResult]


def _recheck(_context: CommandContext, _command: Recheck) -> CommandResult:
    return Done(again=True)


def _help(context: CommandContext, _command: Help) -> CommandResult:
    allowed = [command.USAGE for command in COMMANDS if context.policy.allows(command.NAME, context.roles)]
    listed = [f"- {code(f'/papergate {usage}')}" for usage in allowed]
    return Done(reply="\n".join(["You can write, at the start of a line:", "", *listed]))


def _status(context: CommandContext, _command: Status) -> CommandResult:
    status = context.status
    if status.verdict is None:
        lines = ["This pull request has not been checked yet."]
    else:
        at = f" at {code(status.head[:7])}" if status.head else ""
        lines = [f"Verdict{at}: **{inline(status.verdict)}**."]
    decisions = list(status.decisions.values())
    lines += [_shown(decision) for decision in decisions[:_SHOWN_DECISIONS]]
    left = len(decisions) - _SHOWN_DECISIONS
    return Done(reply="\n".join([*lines, *([f"- … and {left} more"] if left > 0 else [])]))


def _shown(decision: Decision) -> str:
    about = f" for “{inline(decision.title)}”" if decision.title else ""
    by = inline(decision.by)
    return f"- {decision.kind.value} {code(decision.rule)}{about} by {by}: {inline(decision.reason)}"


def _waive(context: CommandContext, command: Waive) -> CommandResult:
    found = context.targets.findings(command.rule, command.entry)
    if not found:
        return Refused(f"There is no finding of {code(command.rule)}{_of(command.entry)} to waive.")
    made = tuple(_decision(context, DecisionKind.WAIVE, target, command.reason) for target in found)
    return Done(again=True, decisions=made)


def _unwaive(context: CommandContext, command: Unwaive) -> CommandResult:
    taken = {
        number: decision
        for number, decision in context.status.decisions.items()
        if decision.kind is DecisionKind.WAIVE
        and command.rule in {decision.rule, decision.rule.partition("/")[0]}
    }
    if isinstance(command.entry, Title):
        wanted = key(command.entry.text)
        taken = {number: one for number, one in taken.items() if one.title and key(one.title) == wanted}
    elif isinstance(command.entry, LineNumber):
        there = {target.fingerprint for target in context.targets.findings(command.rule, command.entry)}
        taken = {number: one for number, one in taken.items() if one.fingerprint in there}
    if not taken:
        where = _of(command.entry)
        return Refused(
            f"There is no active waiver of {code(command.rule)}{where}. `/papergate status` lists them."
        )
    return Done(again=True, revoked=tuple(taken))


def _accept(context: CommandContext, command: Accept) -> CommandResult:
    found = context.targets.pending(command.entry)
    if not found:
        return Refused(f"Nothing{_of(command.entry)} waits for a decision.")
    made = tuple(_decision(context, DecisionKind.ACCEPT, target, command.reason) for target in found)
    return Done(again=True, decisions=made)


def _attest(context: CommandContext, command: Attest) -> CommandResult:
    found = context.targets.counts(command.title)
    if len(found) != 1:
        many = "More than one" if found else "No"
        return Refused(f"{many} entry of this change has the title “{inline(command.title.text)}”.")
    made = _decision(
        context, DecisionKind.ATTEST, found[0], "attested", count=command.count, source_url=command.url
    )
    return Done(again=True, decisions=(made,))


def _decision(
    context: CommandContext,
    kind: DecisionKind,
    target: Target,
    reason: str,
    *,
    count: int | None = None,
    source_url: str | None = None,
) -> Decision:
    return Decision(
        kind=kind,
        rule=target.rule,
        fingerprint=target.fingerprint,
        by=context.actor.login,
        made_on=context.written_at.date(),
        reason=reason,
        url=context.actor.url,
        title=target.title,
        count=count,
        source_url=source_url,
    )


def _of(entry: Selector | None) -> str:
    match entry:
        case None:
            return ""
        case LineNumber(number):
            return f" on line {number}"
        case Title(text):
            return f" for “{inline(text)}”"


C = TypeVar("C", bound=Command)


def action_for(kind: type[C], act: Callable[[CommandContext, C], CommandResult]) -> Action:
    """Return ``act`` as an action, which is only called with commands of its kind."""

    def action(context: CommandContext, command: Command) -> CommandResult:
        assert isinstance(command, kind)  # noqa: S101 - looked up by type
        return act(context, command)

    return action


REPORT_ACTIONS: Mapping[type[Command], Action] = {
    Recheck: action_for(Recheck, _recheck),
    Status: action_for(Status, _status),
    Help: action_for(Help, _help),
    Waive: action_for(Waive, _waive),
    Unwaive: action_for(Unwaive, _unwaive),
    Accept: action_for(Accept, _accept),
    Attest: action_for(Attest, _attest),
}
"""The actions that need only the report and the decisions."""
