"""Which roles may give which command."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.slash.commands import COMMANDS, Help


class Role(StrEnum):
    """A person's role on a pull request: its author, and GitHub's roles in the repository.

    https://docs.github.com/en/organizations/managing-user-access-to-your-organizations-repositories/managing-repository-roles/repository-roles-for-an-organization
    """

    AUTHOR = "author"
    ADMIN = "admin"
    MAINTAIN = "maintain"
    WRITE = "write"
    TRIAGE = "triage"
    READ = "read"
    NONE = "none"


Roles = frozenset[Role]

WRITERS: Roles = frozenset({Role.WRITE, Role.MAINTAIN, Role.ADMIN})
USUAL: Mapping[str, Roles] = {
    command.NAME: WRITERS | {Role.AUTHOR} if command.FOR_AUTHORS else WRITERS for command in COMMANDS
}
"""The roles that may give each command, unless the policy names others."""

_DESCRIPTIONS: Mapping[Role, str] = {
    Role.AUTHOR: "the pull request's author",
    **{role: f"people with the role {role}" for role in Role if role is not Role.AUTHOR},
}


@dataclass(frozen=True, slots=True)
class CommandPolicy:
    """A policy's settings for commands: whether ``/recheck`` is enough, and the roles for single commands."""

    bare: bool = True
    roles: Mapping[str, Roles] = field(default_factory=dict)

    def roles_for(self, name: str) -> Roles:
        """Return the roles that may give a command; an unknown command needs the same role as ``help``."""
        return self.roles.get(name, USUAL.get(name, USUAL[Help.NAME]))

    def allows(self, name: str, held: Roles) -> bool:
        """Return whether somebody who holds these roles may give the command."""
        return bool(held & self.roles_for(name))


def described(roles: Roles) -> str:
    """Return a description of these roles for a reply."""
    if not roles:
        return "nobody"
    people = [_DESCRIPTIONS[Role.AUTHOR]] if Role.AUTHOR in roles else []
    if roles >= WRITERS:
        people.append("people who may write to the repository")
        roles -= WRITERS
    people.extend(_DESCRIPTIONS[role] for role in Role if role in roles and role is not Role.AUTHOR)
    return " and ".join(people)
