"""What commands are about, and who may give them: read from the pull request when a command asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from github.Repository import Repository

from bot.assessment import Assessment, Assessor
from bot.decisions import Docket
from bot.github.gather import PolicyUnreadable, policy_text, pull_request
from bot.judgement import Judgement
from bot.policy_file import PolicyError, read_policy
from bot.slash.commands import LineNumber, Target, Title
from bot.slash.ledger import Place
from bot.slash.roles import CommandPolicy, Role
from bot.slash.subject import Matter, Subject
from rules.case import Survey
from rules.decisions import fingerprint_of, fingerprint_of_entry
from rules.findings import Finding, Severity
from rules.titles import key


@dataclass(frozen=True, slots=True)
class Reading:
    """Reads pull requests for their commands; what it calls raises as `bot.github` does."""

    assessor: Assessor
    docket: Docket

    def subject(self, repository: Repository, place: Place) -> Subject:
        """Return what the pull request's report says, judged anew when first asked for."""
        return JudgedSubject(lambda: self._judgement(repository, place))

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

    def _judgement(self, repository: Repository, place: Place) -> Judgement | None:
        pull = pull_request(repository, place.number)
        decisions = self.docket.standing(place.repository, [place.number])
        examined = self.assessor.examine(repository, pull, pull.body, decisions=tuple(decisions.values()))
        return None if isinstance(examined, Assessment) else examined.judgement


class JudgedSubject:
    """What a pull request's report says, read when a command first asks.

    ``judge`` returns the judgement of the pull request as it is now, None where there is none.
    """

    def __init__(self, judge: Callable[[], Judgement | None]) -> None:
        self._judge = judge

    @cached_property
    def _read(self) -> _Read | None:
        judgement = self._judge()
        if judgement is None or not isinstance(judgement.found, Survey):
            return None
        return _Read(judgement.found, judgement.report.introduced)

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
        change = self._read.survey.change
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
        mark = fingerprint_of(finding, self._read.survey)
        return Matter(finding.rule, finding.code, mark, finding.title)


@dataclass(frozen=True, slots=True)
class _Read:
    survey: Survey
    findings: tuple[Finding, ...]


def _is_at(finding: Finding, target: Target | None) -> bool:
    match target:
        case None:
            return True
        case LineNumber(number):
            return finding.line is not None and finding.line <= number <= (finding.end_line or finding.line)
        case Title(text):
            return finding.title is not None and key(finding.title) == key(text)
