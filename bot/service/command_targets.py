"""Resolve a command's target and required role from the pull request, lazily."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from github.Repository import Repository

from bot.database.decisions import DecisionStore
from bot.database.identity import PullKey
from bot.files.policy_file import PolicyError, read_policy
from bot.github.fetch import pull_request
from bot.github.files import PolicyUnreadable, policy_text
from bot.service.change_check import ChangeCheck, ChangeChecker
from bot.service.pipeline import Evaluation
from bot.slash.arguments import LineNumber, Selector, Title
from bot.slash.roles import CommandPolicy, Role
from bot.slash.target import Target
from rules.context import ListChange
from rules.decisions import fingerprint_of_entry
from rules.papers.titles import key
from rules.report.findings import Finding, Severity


@dataclass(frozen=True, slots=True)
class TargetReader:
    """Reads pull requests for their commands; its methods raise as `bot.github` does."""

    checker: ChangeChecker
    decisions: DecisionStore

    def targets(self, repository: Repository, pull: PullKey) -> PullTargets:
        """Return what the pull request's report offers to decide on, evaluated when first needed."""
        return PullTargets(lambda: self._evaluation(repository, pull))

    def policy(self, repository: Repository, pull: PullKey) -> CommandPolicy:
        """Return the roles for commands by the base branch's policy; the defaults where it is unusable."""
        try:
            text = policy_text(repository, pull_request(repository, pull.number))
            policy = None if text is None else read_policy(text)
        except (PolicyUnreadable, PolicyError):
            policy = None
        if policy is None:
            return CommandPolicy()
        roles = {name: frozenset(map(Role, given)) for name, given in policy.command_roles.items()}
        return CommandPolicy(policy.bare_commands, roles)

    def _evaluation(self, repository: Repository, key: PullKey) -> Evaluation | None:
        pull = pull_request(repository, key.number)
        decisions = self.decisions.active(key.repository_id, [key.number])
        evaluated = self.checker.evaluate(repository, pull, pull.body, decisions=tuple(decisions.values()))
        return None if isinstance(evaluated, ChangeCheck) else evaluated.evaluation


class PullTargets:
    """What a pull request's report offers to decide on, read when first needed.

    ``evaluate`` returns the current evaluation of the pull request, None where there is none.
    """

    def __init__(self, evaluate: Callable[[], Evaluation | None]) -> None:
        self._evaluate = evaluate

    @cached_property
    def _read(self) -> _Read | None:
        evaluation = self._evaluate()
        if evaluation is None or not isinstance(evaluation.found, ListChange):
            return None
        return _Read(evaluation.found, evaluation.report.introduced)

    def findings(self, rule: str, entry: Selector | None) -> tuple[Target, ...]:
        """Return the gating findings of a rule (``rule`` or ``rule/code``), of one entry if named."""
        return tuple(
            self._target(finding)
            for finding in self._introduced(entry)
            if finding.gates and rule in {finding.rule, f"{finding.rule}/{finding.code}"}
        )

    def pending(self, entry: Title | None) -> tuple[Target, ...]:
        """Return the findings that wait for a maintainer's decision, of one entry if named."""
        return tuple(
            self._target(finding)
            for finding in self._introduced(entry)
            if finding.severity is Severity.DECISION
        )

    def counts(self, title: Title) -> tuple[Target, ...]:
        """Return the citation counts of the added or changed entries with this title."""
        if self._read is None:
            return ()
        wanted = key(title.text)
        return tuple(
            Target("citations", fingerprint_of_entry(listed), listed.title)
            for listed in self._read.list_change.diff.touched
            if wanted in {listed.key, key(listed.entry.full_title)}
        )

    def _introduced(self, entry: Selector | None) -> tuple[Finding, ...]:
        found = self._read.findings if self._read else ()
        return tuple(finding for finding in found if _is_at(finding, entry))

    def _target(self, finding: Finding) -> Target:
        return Target(f"{finding.rule}/{finding.code}", finding.fingerprint, finding.title)


@dataclass(frozen=True, slots=True)
class _Read:
    list_change: ListChange
    findings: tuple[Finding, ...]


def _is_at(finding: Finding, entry: Selector | None) -> bool:
    match entry:
        case None:
            return True
        case LineNumber(number):
            return finding.line is not None and finding.line <= number <= (finding.end_line or finding.line)
        case Title(text):
            return finding.title is not None and key(finding.title) == key(text)
