"""The decisions that hold today: their makers' roles are checked again each time they are used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from github.Repository import Repository

from bot.database.decisions import ActiveDecision
from bot.github.errors import GitHubRefused
from bot.github.permissions import role_of
from bot.slash.roles import CommandPolicy, Role, Roles
from rules.report.findings import Decision


@dataclass(slots=True)
class Permitted:
    """The decisions on pull requests, as far as the policy lets their makers decide.

    ``authors`` holds the ids of the pull requests' authors by number.
    """

    repository: Repository
    decisions: Mapping[int, ActiveDecision]
    authors: Mapping[int, int | None]
    refused: str | None = None
    """Why the role of a maker is not known, so that their decisions do not hold now."""
    _roles: dict[int, Role | None] = field(default_factory=dict)

    def by(self, commands: CommandPolicy) -> tuple[Decision, ...]:
        """Return the decisions whose makers may give their command. Raises as `role_of` does."""
        return tuple(
            active.decision
            for active in self.decisions.values()
            if commands.allows(active.decision.kind.value, self._roles_of(active))
        )

    def _roles_of(self, active: ActiveDecision) -> Roles:
        if active.user_id not in self._roles:
            self._roles[active.user_id] = self._role(active)
        role = self._roles[active.user_id]
        is_author = self.authors.get(active.number) == active.user_id
        held = {role} if role is not None else set()
        return frozenset(held | {Role.AUTHOR} if is_author else held)

    def _role(self, active: ActiveDecision) -> Role | None:
        try:
            return Role(role_of(self.repository, active.login, active.user_id))
        except GitHubRefused as refused:
            if refused.status != 404:
                raise
            self.refused = str(refused)  # a deleted or renamed account, or GitHub's lag
            return None
