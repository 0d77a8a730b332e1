"""From the texts of a list to a report: the middle of every way to ask, on GitHub and on the command line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from bot.companion_file import CompanionFile
from bot.isolation import Isolation, TooHard
from rules.case import Survey
from rules.companion import concerned
from rules.evidence import Evidence, Wanted
from rules.findings import Decision
from rules.judge import Unreadable, judge, survey, survey_whole, wanted
from rules.policy import Policy
from rules.report import Report

LookUp = Callable[[Wanted], Evidence]


@dataclass(frozen=True, slots=True)
class Texts:
    """Three versions of a list: where the branch left its base, the base as it stands, and the head."""

    merge_base: str
    base: str
    head: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was read, and the report on it."""

    found: Survey | Unreadable
    report: Report


@dataclass(frozen=True, slots=True)
class Judge:
    """How to judge: where the rules run, how evidence is looked up (None: offline), and which day it is.

    ``decisions`` are the maintainers' about the change; ``patient`` as in `rules.case.Case`.
    """

    isolation: Isolation
    look_up: LookUp | None
    today: date
    decisions: tuple[Decision, ...] = ()
    patient: bool = True

    def change(
        self, texts: Texts, policy: Policy, description: str = "", companion: CompanionFile | None = None
    ) -> Report:
        """Return the report on a change; a text that meets a limit makes an ``unreadable`` one."""
        return self.judgement(texts, policy, description, companion).report

    def judgement(
        self, texts: Texts, policy: Policy, description: str = "", companion: CompanionFile | None = None
    ) -> Judgement:
        """Return the report on a change with what was read; a limit is told as by `change`."""
        return self._judgement(
            lambda: self.isolation.run(survey, texts.merge_base, texts.base, texts.head, policy),
            policy,
            description,
            companion,
        )

    def whole(self, text: str, policy: Policy, companion: CompanionFile | None = None) -> Report:
        """Return the report on a whole list."""
        return self._judgement(
            lambda: self.isolation.run(survey_whole, text, policy), policy, "", companion
        ).report

    def _judgement(
        self,
        read: Callable[[], Survey | Unreadable],
        policy: Policy,
        description: str,
        companion: CompanionFile | None,
    ) -> Judgement:
        try:
            found = read()
            if companion and isinstance(found, Survey) and (companion.changed or concerned(found)):
                found = replace(found, companion=companion.read(self.isolation))
            evidence = None if self.look_up is None else self.look_up(wanted(found))
            report = self.isolation.run(
                judge, found, policy, evidence, description, self.today, self.decisions, self.patient
            )
            return Judgement(found, report)
        except TooHard as limit:
            evidence = None if self.look_up is None else Evidence()
            unread = Unreadable(limit.reason)
            return Judgement(unread, judge(unread, policy, evidence, description, self.today))
