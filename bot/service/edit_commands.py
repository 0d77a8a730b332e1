"""Changing a list because a maintainer asks for it: a commit where the App may make one, else a patch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.github.fetch import PullRequest, pull_request
from bot.github.publish import removals_shown
from bot.github.push import Change, PushRefused, Why, commit_change, message_of
from bot.process.isolation import TooHard
from bot.render.commit_message import Asker, commit_message, mark
from bot.render.edit_reply import not_done, patched
from bot.render.removals_marker import digest_of
from bot.service.change_check import ChangeCheck, ChangeChecker
from bot.slash.actions import Action, Asked, Done, Outcome, Refused, action_for
from bot.slash.commands import Command, Fix, Move, Remove, Title
from rules.context import ListChange
from rules.editing.edits import Impossible, Order, Ordered, correct_all, edited, move, remove
from rules.editing.patch import binary_patch, unified_patch

if TYPE_CHECKING:
    from bot.service.decision_store import DecisionStore
    from rules.report.report import Report

Making = Callable[[ListChange, "Report"], Ordered]

FORK = "the branch is in a fork, where a GitHub App cannot commit."
_INSTEAD: Mapping[Why, str] = {
    "no permission": "the App may not write to this repository's contents.",
    "a rule of the branch": "a rule of the branch does not let the App commit.",
}
_REFUSED: Mapping[Why, str] = {
    "the branch moved on": "the branch moved on meanwhile, and nothing of that was overwritten; "
    "ask again once it is judged",
    "no plain file": "the list is a link to another file",
}
_CHANGED = (
    "the list of suggestions is not the one that stood here when this was written; "
    "look at it again, or name the paper by its title"
)


@dataclass(frozen=True, slots=True)
class Corrections:
    """The commands ``fix``, ``remove`` and ``move``. Safe to share among threads, and to repeat.

    A commit names the comment that asked for it, by which it is known again when its answer was lost.
    """

    checker: ChangeChecker
    decision_store: DecisionStore

    @property
    def actions(self) -> Mapping[type[Command], Action]:
        """What to do at each of these commands; all raise GitHubUnavailable and GitHubRefused."""
        return {
            Fix: action_for(Fix, self._fix),
            Remove: action_for(Remove, self._remove),
            Move: action_for(Move, self._move),
        }

    def _fix(self, asked: Asked, _command: Fix) -> Outcome:
        return self._change(asked, "fix", lambda _found, report: correct_all(report))

    def _move(self, asked: Asked, command: Move) -> Outcome:
        title, section = command.title.text, command.section
        return self._change(
            asked,
            f'move "{title}" "{section}"',
            lambda found, _report: self.checker.run(move, found, title, section),
        )

    def _remove(self, asked: Asked, command: Remove) -> Outcome:
        target = command.target.text if isinstance(command.target, Title) else command.target

        def making(found: ListChange, report: Report) -> Ordered:
            if isinstance(target, int) and not _as_shown(asked, report):
                return Impossible(_CHANGED)
            return self.checker.run(remove, found, report, target)

        return self._change(asked, f"remove {target}", making)

    def _change(self, asked: Asked, command: str, making: Making) -> Outcome:
        repository, number = asked.repository, asked.place.number
        asker = Asker(asked.origin.login, asked.origin.user_id, command, asked.origin.comment_url)
        pull = pull_request(repository, number)
        if not pull.open:
            return Refused(not_done("this pull request is not open"))
        if mark(asker) in message_of(repository, pull.head_sha):
            return Done()
        ready = self._ready(asked, pull, making)
        if isinstance(ready, Impossible):
            return Refused(not_done(ready.reason))
        return _carry_out(asked, pull, ready, asker)

    def _ready(self, asked: Asked, pull: PullRequest, making: Making) -> _Ready | Impossible:
        decisions = self.decision_store.active(asked.place.repository, [pull.number])
        evaluated = self.checker.evaluate(
            asked.repository, pull, pull.body, decisions=tuple(decisions.values())
        )
        if isinstance(evaluated, ChangeCheck):
            return Impossible("there is no policy to judge the list by")
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
    """An order for the file at ``path``, whose content at head is ``text``."""

    path: str
    text: str
    order: Order

    def patch(self, why: str) -> Done:
        unified = unified_patch(self.path, self.text, self.order.edits)
        binary = binary_patch(self.path, self.text, self.order.edits)
        return Done(reply=patched(self.order.summary, why, unified, binary))


def _carry_out(asked: Asked, pull: PullRequest, ready: _Ready, asker: Asker) -> Outcome:
    if pull.head_repository != asked.place.repository:
        return ready.patch(FORK)
    text = edited(ready.text, ready.order.edits)
    change = Change(ready.path, text, commit_message(ready.order.summary, asker))
    try:
        commit_change(asked.repository, pull.head_ref, pull.head_sha, change)
    except PushRefused as refused:
        if refused.why in _INSTEAD:
            return ready.patch(_INSTEAD[refused.why])
        return Refused(not_done(_REFUSED[refused.why]))
    return Done()


def _as_shown(asked: Asked, report: Report) -> bool:
    """Return whether the suggestions are those that the App's comment showed when the command was written."""
    shown = removals_shown(asked.repository, asked.place.number, asked.bot_id)
    if shown is None:
        return True
    changed = shown.changed_at is not None and shown.changed_at >= asked.written_at
    return shown.digest == digest_of(report) and not changed
