"""Who reads about a pull request, and which commands they may use there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.render.escape import code, inline

# https://docs.github.com/en/enterprise-cloud@latest/admin/managing-iam/iam-configuration-reference/username-considerations-for-external-authentication
if TYPE_CHECKING:
    from collections.abc import Sequence

Offer = tuple[str, str]
"""A command as it is to be written (``accept REASON``), and what it does, as the rest of a sentence."""

_LOGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,38}")


@dataclass(frozen=True, slots=True)
class Audience:
    """The readers of a pull request's comment.

    ``number`` is the pull request's, ``author`` its author's login, None when the account is gone.
    ``suggests`` is true when corrections are suggested on the lines of the diff, ``commits`` when the App
    may commit to the branch. ``by_author`` and ``by_maintainers`` are the names of the commands each may use;
    ``bare`` is false where a command needs ``/papergate`` in front.
    """

    number: int
    author: str | None = None
    suggests: bool = False
    commits: bool = False
    by_author: frozenset[str] = frozenset({"recheck", "status", "help"})
    by_maintainers: frozenset[str] = frozenset()
    bare: bool = True

    @property
    def thanks(self) -> str:
        """Return thanks that mention the author, and nobody else."""
        if self.author is None:
            return "Thanks!"
        name = f"@{self.author}" if _LOGIN.fullmatch(self.author) else inline(self.author)
        return f"Thanks, {name}!"

    def usage(self, usage: str) -> str:
        """Return a command as it is to be written, ``accept REASON`` for example, as a code span."""
        return code(f"/{usage}" if self.bare else f"/papergate {usage}")

    def offers(self, *offers: Offer, bold: bool = False) -> str:
        """Return who can write which command and what it does; commands that nobody may use are left out."""
        by_people: dict[str, list[str]] = {}
        for usage, what in offers:
            people = self._people(usage.split(" ", 1)[0])
            if people:
                by_people.setdefault(people, []).append(f"{self.usage(usage)} {what}")
        mark = "**" if bold else ""
        return " ".join(f"{mark}{people}{mark}: {'; '.join(said)}." for people, said in by_people.items())

    def _people(self, name: str) -> str:
        if name not in self.by_author:
            return "Maintainers" if name in self.by_maintainers else ""
        return "Author and maintainers" if name in self.by_maintainers else "Author"

    def named(self, names: Sequence[str]) -> str:
        """Return these commands by name, first those that the author may use, then the maintainers'."""
        own = [self.usage(name) for name in names if name in self.by_author]
        others = [self.usage(name) for name in names if name in self.by_maintainers - self.by_author]
        also = "maintainers also " if own else "maintainers: "
        return ", ".join([*own, *([also + ", ".join(others)] if others else [])])
