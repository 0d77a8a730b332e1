"""What each command does: from the status and the report to decisions and an answer.

An action decides; `bot.slash.run` writes, in the transaction that records that the command ran.
Actions that write to GitHub (``fix``, ``remove``, ``move``) must be safe to repeat.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from bot.database.decisions import Revocation
from bot.render.escape import code, inline
from bot.slash import targets
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
    from bot.database.reports import SeenReport, Target
    from bot.slash.roles import CommandPolicy, Roles

_SHOWN_DECISIONS = 20
_SHOWN_COMMANDS = 5
_NOT_CHECKED = (
    "This pull request was not checked yet when you wrote this. Write it again once the check has finished."
)


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
    report: SeenReport | None
    """What its author saw; None where the pull request showed no report yet."""
    status: PullStatus
    bot_id: int
    """Of the App's own user."""
    written_at: datetime
    """When the command was given, by GitHub's clock."""


@dataclass(frozen=True, slots=True)
class Done:
    """The command did its work.

    ``again``: the verdict may have changed. ``reply`` is Markdown, empty when there is nothing to say.
    ``revoked`` holds the ids of the decisions it takes back, ``revocations`` what it takes back in words.
    """

    again: bool = False
    reply: str = ""
    decisions: tuple[Decision, ...] = ()
    revoked: tuple[int, ...] = ()
    revocations: tuple[Revocation, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """The command did nothing; ``why`` is Markdown.

    ``revocations`` are kept all the same: what they take back may arrive later.
    """

    why: str
    revocations: tuple[Revocation, ...] = ()


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
    if context.report is None:
        return Refused(_NOT_CHECKED)
    found = targets.findings(context.report, command.rule, command.entry)
    if not found:
        return Refused(
            f"There is no finding of {code(command.rule)}{_of(command.entry)} to waive{_later(context)}."
        )
    return _decided(
        context, [_decision(context, DecisionKind.WAIVE, target, command.reason) for target in found]
    )


def _unwaive(context: CommandContext, command: Unwaive) -> CommandResult:
    taken = {
        number: decision
        for number, decision in context.status.decisions.items()
        if decision.kind is DecisionKind.WAIVE
        and command.rule in {decision.rule, decision.rule.partition("/")[0]}
    }
    title: str | None = None
    fingerprints: list[str | None] = [None]
    if isinstance(command.entry, Title):
        title = command.entry.text
        taken = {number: one for number, one in taken.items() if one.title and key(one.title) == key(title)}
    elif isinstance(command.entry, LineNumber):
        found = targets.findings(context.report, command.rule, command.entry) if context.report else ()
        fingerprints = [target.fingerprint for target in found]
        taken = {number: one for number, one in taken.items() if one.fingerprint in fingerprints}
    revocations = tuple(
        Revocation(command.rule, fingerprint, title, context.written_at) for fingerprint in fingerprints
    )
    if not taken:
        where = _of(command.entry)
        return Refused(
            f"There is no active waiver of {code(command.rule)}{where}. `/papergate status` lists them.",
            revocations,
        )
    return Done(again=True, revoked=tuple(taken), revocations=revocations)


def _accept(context: CommandContext, command: Accept) -> CommandResult:
    if context.report is None:
        return Refused(_NOT_CHECKED)
    found = targets.pending(context.report, command.entry)
    if not found:
        errors = targets.others(context.report, command.entry)
        names = list(dict.fromkeys(f"/papergate waive {target.rule} REASON" for target in errors))
        listed = ", ".join(code(name) for name in names[:_SHOWN_COMMANDS])
        instead = f" To let an error pass, write {listed}." if listed else ""
        return Refused(f"Nothing{_of(command.entry)} waits for a decision{_later(context)}.{instead}")
    return _decided(
        context, [_decision(context, DecisionKind.ACCEPT, target, command.reason) for target in found]
    )


def _attest(context: CommandContext, command: Attest) -> CommandResult:
    if context.report is None:
        return Refused(_NOT_CHECKED)
    found = targets.counts(context.report, command.title)
    if len(found) != 1:
        many = "More than one" if found else "No"
        return Refused(f"{many} entry of this change has the title “{inline(command.title.text)}”.")
    made = _decision(
        context, DecisionKind.ATTEST, found[0], "attested", count=command.count, source_url=command.url
    )
    return _decided(context, [made])


def _decided(context: CommandContext, made: list[Decision]) -> Done:
    """Return the decisions; the reply says where they do not cover what was pushed since."""
    report, now = context.report, context.status.head
    newer = report is not None and now is not None and now != report.head
    reply = ""
    if report is not None and newer:
        reply = f"This covers {code(report.head[:7])}, which was shown when you wrote it, not later commits."
    return Done(again=True, reply=reply, decisions=tuple(made))


def _later(context: CommandContext) -> str:
    """Return which commit a refusal is about, where it is not the current one."""
    report, now = context.report, context.status.head
    if report is None or now is None or now == report.head:
        return ""
    return f" at {code(report.head[:7])}, which was shown when you wrote it"


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
