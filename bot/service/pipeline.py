"""Evaluate a change from its texts; shared by the App and the command line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.files.companion_file import CompanionFile
from bot.process.isolation import Isolation, TooHard
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
    """What was read, and the report on it."""

    found: ListChange | Unreadable
    report: Report


@dataclass(frozen=True, slots=True)
class Pipeline:
    """How to evaluate: where the rules run, how to look evidence up (None: offline), and what is asked."""

    isolation: Isolation
    look_up: LookUp | None
    question: Question

    def evaluate(self, texts: Texts, policy: Policy, companion: CompanionFile | None = None) -> Evaluation:
        """Return the report on a change; a text that takes too long is reported as ``unreadable``."""
        return self._evaluate(
            lambda: self.isolation.run(read_change, texts.merge_base, texts.base, texts.head, policy),
            policy,
            companion,
        )

    def evaluate_list(self, text: str, policy: Policy, companion: CompanionFile | None = None) -> Evaluation:
        """Return the report on a whole list."""
        return self._evaluate(lambda: self.isolation.run(read_whole, text, policy), policy, companion)

    def unreadable(self, reason: str, policy: Policy) -> Report:
        """Return the report on a list that cannot be read at all; ``reason`` is a clause."""
        return self._evaluate(lambda: Unreadable(reason), policy, None).report

    def _evaluate(
        self,
        read: Callable[[], ListChange | Unreadable],
        policy: Policy,
        companion: CompanionFile | None,
    ) -> Evaluation:
        try:
            found = read()
            if companion and isinstance(found, ListChange) and (companion.changed or concerned(found)):
                found = replace(found, companion=companion.read(self.isolation))
            evidence = None if self.look_up is None else self.look_up(wanted(found))
            report = self.isolation.run(evaluate, found, policy, evidence, self.question)
            return Evaluation(found, report)
        except TooHard as limit:
            evidence = None if self.look_up is None else Evidence()
            unread = Unreadable(limit.reason)
            return Evaluation(unread, evaluate(unread, policy, evidence, self.question))
