"""What commands are about, and who may give them: read from the pull request when a command asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from github.Repository import Repository

from bot.database.decisions import Place
from bot.files.policy_file import PolicyError, read_policy
from bot.github.fetch import PolicyUnreadable, policy_text, pull_request
from bot.service.change_check import ChangeCheck, ChangeChecker
from bot.service.decision_store import DecisionStore
from bot.service.pipeline import Evaluation
from bot.slash.commands import LineNumber, Target, Title
from bot.slash.roles import CommandPolicy, Role
from bot.slash.target import Matter, Subject
from rules.context import ListChange
from rules.decisions import fingerprint_of, fingerprint_of_entry
from rules.papers.titles import key
from rules.report.findings import Finding, Severity


@dataclass(frozen=True, slots=True)
class Reading:
    """Reads pull requests for their commands; what it calls raises as `bot.github` does."""

    checker: ChangeChecker
    decision_store: DecisionStore

    def subject(self, repository: Repository, place: Place) -> Subject:
        """Return what the pull request's report says, judged anew when first asked for."""
        return PullTargets(lambda: self._evaluation(repository, place))

    def policy(self, repository: Repository, place: Place) -> CommandPolicy:
        """Return who may give which command by the policy of the base; the usual where that is unusable."""
        try:
            text = policy_text(repository, pull_request(repository, place.number))
            policy = None if text is None else read_policy(text)
        except (PolicyUnreadable, PolicyError):
            policy = None
        if policy is None:
            return CommandPolicy()
        roles = {name: frozenset(map(Role, given)) for name, given in policy.command_roles.items()}
        return CommandPolicy(policy.bare_commands, roles)

    def _evaluation(self, repository: Repository, place: Place) -> Evaluation | None:
        pull = pull_request(repository, place.number)
        decisions = self.decision_store.active(place.repository, [place.number])
        evaluated = self.checker.evaluate(repository, pull, pull.body, decisions=tuple(decisions.values()))
        return None if isinstance(evaluated, ChangeCheck) else evaluated.evaluation


class PullTargets:
    """What a pull request's report says, read when a command first asks.

    ``judge`` returns the evaluation of the pull request as it is now, None where there is none.
    """

    def __init__(self, judge: Callable[[], Evaluation | None]) -> None:
        self._judge = judge

    @cached_property
    def _read(self) -> _Read | None:
        evaluation = self._judge()
        if evaluation is None or not isinstance(evaluation.found, ListChange):
            return None
        return _Read(evaluation.found, evaluation.report.introduced)

    def findings(self, rule: str, target: Target | None) -> tuple[Matter, ...]:
        """Return the gating findings of a rule (``rule`` or ``rule/code``), those of a target if named."""
        return tuple(
            self._matter(finding)
            for finding in self._introduced(target)
            if finding.gates and rule in {finding.rule, f"{finding.rule}/{finding.code}"}
        )

    def pending(self, title: Target | None) -> tuple[Matter, ...]:
        """Return the findings that wait for a maintainer's decision, those of one entry if named."""
        return tuple(
            self._matter(finding)
            for finding in self._introduced(title)
            if finding.severity is Severity.DECISION
        )

    def counts(self, title: Title) -> tuple[Matter, ...]:
        """Return the citation counts of the added or changed entries that have this title."""
        if self._read is None:
            return ()
        change = self._read.list_change.diff
        touched = change.added + tuple(pair.after for pair in change.moved + change.modified)
        wanted = key(title.text)
        return tuple(
            Matter("citations", None, fingerprint_of_entry(listed), listed.title)
            for listed in touched
            if wanted in {listed.key, key(listed.entry.full_title)}
        )

    def _introduced(self, target: Target | None) -> tuple[Finding, ...]:
        found = self._read.findings if self._read else ()
        return tuple(finding for finding in found if _is_at(finding, target))

    def _matter(self, finding: Finding) -> Matter:
        assert self._read is not None  # noqa: S101 - the finding came from it
        mark = fingerprint_of(finding, self._read.list_change)
        return Matter(finding.rule, finding.code, mark, finding.title)


@dataclass(frozen=True, slots=True)
class _Read:
    list_change: ListChange
    findings: tuple[Finding, ...]


def _is_at(finding: Finding, target: Target | None) -> bool:
    match target:
        case None:
            return True
        case LineNumber(number):
            return finding.line is not None and finding.line <= number <= (finding.end_line or finding.line)
        case Title(text):
            return finding.title is not None and key(finding.title) == key(text)
