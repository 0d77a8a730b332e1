"""Evaluate a change from its texts; shared by the App and the command line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from bot.files.companion_file import CompanionFile
from bot.process.isolation import Isolation, Session, T, TooHard, Ts
from rules.checks.companion import concerned
from rules.context import ListChange, Question
from rules.evaluate import Unreadable, evaluate, read_change, read_whole, wanted
from rules.papers.evidence import Evidence, EvidenceRequest
from rules.policy.policy import Policy
from rules.report.report import Report

LookUp = Callable[[EvidenceRequest], Evidence]


@dataclass(frozen=True, slots=True)
class Texts:
    """Three versions of a list: at the merge base, at the tip of the base branch, and at the head."""

    merge_base: str
    base: str
    head: str


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What was read, and the report on it. ``session`` has the rest of the evaluation's time."""

    found: ListChange | Unreadable
    report: Report
    session: Session = field(compare=False)


@dataclass(frozen=True, slots=True)
class Pipeline:
    """How to evaluate: where the rules run, how to look evidence up (None: offline), and what is asked.

    All steps of an evaluation share one limit of time; looking evidence up does not count.
    """

    isolation: Isolation
    look_up: LookUp | None
    question: Question

    def evaluate(self, texts: Texts, policy: Policy, companion: CompanionFile | None = None) -> Evaluation:
        """Return the report on a change; a text that takes too long is reported as ``unreadable``."""
        session = self.isolation.session()
        return self._evaluate(session, lambda: session.run(_read_change, texts, policy), policy, companion)

    def evaluate_list(self, text: str, policy: Policy, companion: CompanionFile | None = None) -> Evaluation:
        """Return the report on a whole list."""
        session = self.isolation.session()
        return self._evaluate(session, lambda: session.run(_read_whole, text, policy), policy, companion)

    def unreadable(self, reason: str, policy: Policy) -> Evaluation:
        """Return the report on a list that cannot be read at all; ``reason`` is a clause."""
        unread = Unreadable(reason)
        evidence = None if self.look_up is None else Evidence()
        report = evaluate(unread, policy, evidence, self.question)
        return Evaluation(unread, report, self.isolation.session())

    def render(
        self,
        evaluation: Evaluation,
        policy: Policy,
        function: Callable[[ListChange | Unreadable, Report, *Ts], T],
        *args: *Ts,
    ) -> tuple[Evaluation, T]:
        """Return the evaluation, and what ``function`` makes of it in the time that is left.

        Where that is too little, both are those of an unreadable list. ``function`` must be picklable.
        """
        try:
            return evaluation, evaluation.session.run(function, evaluation.found, evaluation.report, *args)
        except TooHard as limit:
            unread = self.unreadable(limit.reason, policy)
            return unread, function(unread.found, unread.report, *args)

    def _evaluate(
        self,
        session: Session,
        read: Callable[[], _Read],
        policy: Policy,
        companion: CompanionFile | None,
    ) -> Evaluation:
        try:
            found, is_concerned = read()
            if companion and isinstance(found, ListChange) and (companion.changed or is_concerned):
                found = replace(found, companion=companion.read(session))
            evidence = None if self.look_up is None else self.look_up(session.run(wanted, found))
            report = session.run(evaluate, found, policy, evidence, self.question)
            return Evaluation(found, report, session)
        except TooHard as limit:
            return self.unreadable(limit.reason, policy)


_Read = tuple[ListChange | Unreadable, bool]
"""What was read, and whether the companion file has to be read too."""


def _read_change(texts: Texts, policy: Policy) -> _Read:
    return _with_concern(read_change(texts.merge_base, texts.base, texts.head, policy))


def _read_whole(text: str, policy: Policy) -> _Read:
    return _with_concern(read_whole(text, policy))


def _with_concern(found: ListChange | Unreadable) -> _Read:
    return found, isinstance(found, ListChange) and concerned(found)
