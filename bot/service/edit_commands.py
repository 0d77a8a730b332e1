"""The commands that edit the list: a commit where the App may make one, else a patch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.github.fetch import PullRequest, pull_request
from bot.github.publish import removals_shown
from bot.github.push import Change, PushRefused, Why, commit_change, message_of
from bot.process.isolation import Isolation, TooHard
from bot.render.commit_message import Asker, commit_message, mark
from bot.render.edit_reply import not_done, patched
from bot.render.removals_marker import digest_of
from bot.service.change_check import ChangeCheck, ChangeChecker
from bot.service.permitted import Permitted
from bot.slash.actions import Action, CommandContext, CommandResult, Done, Refused, action_for
from bot.slash.arguments import Title
from bot.slash.commands import Command, Fix, Move, Remove
from rules.context import ListChange
from rules.editing.edits import Impossible, Order, Ordered, correct_all, edited, move, remove
from rules.editing.patch import binary_patch, unified_patch

if TYPE_CHECKING:
    from bot.database.decisions import DecisionStore
    from rules.report.report import Report

Making = Callable[[ListChange, "Report"], Ordered]

FORK = "the branch is in a fork, where a GitHub App cannot commit."
_INSTEAD: Mapping[Why, str] = {
    "no permission": "the App may not write to this repository's contents.",
    "a rule of the branch": "a rule of the branch does not let the App commit.",
}
_REFUSED: Mapping[Why, str] = {
    "the branch moved on": "somebody pushed to the branch meanwhile, and nothing was overwritten; "
    "write the command again once the check has run",
    "no plain file": "the list is a link to another file",
}
_CHANGED = (
    "the list of suggestions has changed since this was written; "
    "look at it again, or name the paper by its title"
)


@dataclass(frozen=True, slots=True)
class EditCommands:
    """The commands ``fix``, ``remove`` and ``move``. Safe to share among threads, and to repeat.

    A commit names the comment that asked for it, so that a repeated run finds it.
    """

    checker: ChangeChecker
    isolation: Isolation
    decisions: DecisionStore

    @property
    def actions(self) -> Mapping[type[Command], Action]:
        """The action of each command; all raise GitHubUnavailable and GitHubRefused."""
        return {
            Fix: action_for(Fix, self._fix),
            Remove: action_for(Remove, self._remove),
            Move: action_for(Move, self._move),
        }

    def _fix(self, context: CommandContext, _command: Fix) -> CommandResult:
        return self._change(context, "fix", lambda _found, report: self.isolation.run(correct_all, report))

    def _move(self, context: CommandContext, command: Move) -> CommandResult:
        title, section = command.title.text, command.section
        return self._change(
            context,
            f'move "{title}" "{section}"',
            lambda found, _report: self.isolation.run(move, found, title, section),
        )

    def _remove(self, context: CommandContext, command: Remove) -> CommandResult:
        target = command.entry.text if isinstance(command.entry, Title) else command.entry

        def making(found: ListChange, report: Report) -> Ordered:
            if isinstance(target, int) and not _as_shown(context, report):
                return Impossible(_CHANGED)
            return self.isolation.run(remove, found, report, target)

        return self._change(context, f"remove {target}", making)

    def _change(self, context: CommandContext, command: str, making: Making) -> CommandResult:
        repository, number = context.repository, context.pull.number
        asker = Asker(context.actor.login, context.actor.user_id, command, context.actor.url)
        pull = pull_request(repository, number)
        if not pull.open:
            return Refused(not_done("this pull request is not open"))
        if mark(asker) in message_of(repository, pull.head_sha):
            return Done()
        ready = self._ready(context, pull, making)
        if isinstance(ready, Impossible):
            return Refused(not_done(ready.reason))
        return _carry_out(context, pull, ready, asker)

    def _ready(self, context: CommandContext, pull: PullRequest, making: Making) -> _Ready | Impossible:
        active = self.decisions.active(context.pull.repository_id, [pull.number], pull.base_ref)
        permitted = Permitted(context.repository, active, {pull.number: pull.author_id})
        evaluated = self.checker.evaluate(context.repository, pull, pull.body, decisions=permitted.by)
        if isinstance(evaluated, ChangeCheck):
            return Impossible("there is no usable policy for this list")
        found = evaluated.evaluation.found
        if not isinstance(found, ListChange) or evaluated.head is None:
            return Impossible("the list cannot be read")
        try:
            ordered = making(found, evaluated.evaluation.report)
        except TooHard as limit:
            return Impossible(f"the list cannot be read: {limit.reason}")
        return (
            ordered
            if isinstance(ordered, Impossible)
            else _Ready(evaluated.policy.path, evaluated.head, ordered)
        )


@dataclass(frozen=True, slots=True)
class _Ready:
    """Edits of the file at ``path``, whose content at head is ``text``."""

    path: str
    text: str
    order: Order

    def patch(self, why: str) -> Done:
        unified = unified_patch(self.path, self.text, self.order.edits)
        binary = binary_patch(self.path, self.text, self.order.edits)
        return Done(reply=patched(self.order.summary, why, unified, binary))


def _carry_out(context: CommandContext, pull: PullRequest, ready: _Ready, asker: Asker) -> CommandResult:
    if pull.from_fork:
        return ready.patch(FORK)
    text = edited(ready.text, ready.order.edits)
    change = Change(ready.path, text, commit_message(ready.order.summary, asker))
    try:
        commit_change(context.repository, pull.head_ref, pull.head_sha, change)
    except PushRefused as refused:
        if refused.why in _INSTEAD:
            return ready.patch(_INSTEAD[refused.why])
        return Refused(not_done(_REFUSED[refused.why]))
    return Done()


def _as_shown(context: CommandContext, report: Report) -> bool:
    """Return whether the suggestions are the ones that the App's comment showed to the command's author."""
    shown = removals_shown(context.repository, context.pull.number, context.bot_id)
    if shown is None:
        return True
    changed = shown.changed_at is not None and shown.changed_at >= context.written_at
    return shown.digest == digest_of(report) and not changed
