"""Everything that is published about a change, made of its report in one step under the time limit.

It imports nothing of GitHub: child processes load it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.render.audience import Audience
from bot.render.check import CheckOutput, check
from bot.render.comment import Comment, comment
from bot.render.page import Judged
from bot.render.suggestion import Suggestion, suggestions
from bot.slash.commands import NAMES
from bot.slash.roles import WRITERS, CommandPolicy, Role
from rules.context import ListChange
from rules.editing.edits import corrections
from rules.evaluate import Unreadable
from rules.policy.policy import Policy
from rules.report.report import Report


@dataclass(frozen=True, slots=True)
class Rendered:
    """Check run, comment and suggestions of a report; ``fixable`` when there is a correction to commit."""

    output: CheckOutput
    comment: Comment | None
    """``None`` where nobody reads one."""
    suggestions: tuple[Suggestion, ...]
    fixable: bool


def render(
    found: ListChange | Unreadable, report: Report, judged: Judged, policy: Policy, audience: Audience | None
) -> Rendered:
    """Return what to publish about the report on ``found``, a change that was judged by ``policy``."""
    made: tuple[Suggestion, ...] = ()
    if policy.suggestions and isinstance(found, ListChange):
        made = suggestions(report, found.head.lines)
    readers = _readers(audience, policy, suggests=bool(made)) if audience else None
    return Rendered(
        check(report, judged, readers),
        comment(report, judged, readers) if readers else None,
        made,
        bool(corrections(report)),
    )


def _readers(audience: Audience, policy: Policy, *, suggests: bool) -> Audience:
    """Return the audience with the commands that the list's policy gives to each."""
    roles = {name: frozenset(map(Role, given)) for name, given in policy.command_roles.items()}
    commands = CommandPolicy(policy.bare_commands, roles)
    return replace(
        audience,
        suggests=audience.suggests and suggests,
        by_author=frozenset(name for name in NAMES if commands.allows(name, frozenset({Role.AUTHOR}))),
        by_maintainers=frozenset(name for name in NAMES if commands.allows(name, WRITERS)),
        bare=commands.bare,
    )
