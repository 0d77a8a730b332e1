"""What a report offers to decide on, and who may: kept with it for the commands that follow."""

from __future__ import annotations

from bot.database.reports import SeenReport, Target
from bot.service.pipeline import Evaluation
from bot.slash.roles import CommandPolicy, Role
from rules.context import ListChange
from rules.decisions import Content
from rules.policy.policy import Policy
from rules.report.findings import Finding


def command_policy(policy: Policy) -> CommandPolicy:
    """Return which roles may give which command by a list's policy."""
    roles = {name: frozenset(map(Role, given)) for name, given in policy.command_roles.items()}
    return CommandPolicy(policy.bare_commands, roles)


def seen_report(head: str, base_ref: str, policy: Policy | None, evaluation: Evaluation | None) -> SeenReport:
    """Return what commands need of a report on a head; without an evaluation there is nothing to decide."""
    commands = command_policy(policy) if policy else CommandPolicy()
    roles = {name: tuple(sorted(role.value for role in given)) for name, given in commands.roles.items()}
    if evaluation is None or not isinstance(evaluation.found, ListChange):
        return SeenReport(head, base_ref, commands.bare, roles)
    content = Content(evaluation.found)
    entries = tuple(
        Target("citations", content.entry(listed), listed.entry.full_title)
        for listed in evaluation.found.diff.touched
    )
    findings = tuple(map(_target, evaluation.report.introduced))
    return SeenReport(head, base_ref, commands.bare, roles, findings, entries)


def _target(finding: Finding) -> Target:
    return Target(
        f"{finding.rule}/{finding.code}",
        finding.fingerprint,
        finding.title,
        finding.line,
        finding.end_line,
        finding.severity.value,
        finding.gates,
    )
