"""Who may give which command."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.slash.commands import NAMES, Help, Recheck, Status


class Role(StrEnum):
    """What somebody is to a pull request: its author, and GitHub's roles in the repository.

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
_ASKING = (Recheck.NAME, Status.NAME, Help.NAME)
USUAL: Mapping[str, Roles] = {name: WRITERS | {Role.AUTHOR} if name in _ASKING else WRITERS for name in NAMES}
"""The roles that may give each command where the policy says nothing."""

_DESCRIPTIONS: Mapping[Role, str] = {
    Role.AUTHOR: "the pull request's author",
    **{role: f"people with the role {role}" for role in Role if role is not Role.AUTHOR},
}


@dataclass(frozen=True, slots=True)
class CommandPolicy:
    """How a list wants its commands: whether ``/recheck`` will do, and who may give which one instead."""

    bare: bool = True
    roles: Mapping[str, Roles] = field(default_factory=dict)

    def roles_for(self, name: str) -> Roles:
        """Return the roles that may give a command; a name that is none is anybody's who may ask for help."""
        return self.roles.get(name, USUAL.get(name, USUAL[Help.NAME]))

    def allows(self, name: str, held: Roles) -> bool:
        """Return whether somebody who holds these roles may give the command."""
        return bool(held & self.roles_for(name))


def described(roles: Roles) -> str:
    """Return who these are, in words."""
    if not roles:
        return "nobody"
    people = [_DESCRIPTIONS[Role.AUTHOR]] if Role.AUTHOR in roles else []
    if roles >= WRITERS:
        people.append("people who may write to the repository")
        roles -= WRITERS
    people.extend(_DESCRIPTIONS[role] for role in Role if role in roles and role is not Role.AUTHOR)
    return " and ".join(people)
