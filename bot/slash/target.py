"""Protocol for finding what a command refers to in a pull request's report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bot.slash.arguments import Selector, Title


@dataclass(frozen=True, slots=True)
class Target:
    """A finding, or an entry's citation count, to decide on.

    ``rule`` is ``rule/code``, or a rule alone; ``fingerprint`` names the content: a decision stays active
    while it stays the same.
    """

    rule: str
    fingerprint: str
    title: str | None


class Targets(Protocol):
    """What the report of a pull request offers to decide on."""

    def findings(self, rule: str, entry: Selector | None) -> tuple[Target, ...]:
        """Return the gating findings of a rule (``rule`` or ``rule/code``), of one entry if named."""
        ...

    def pending(self, entry: Title | None) -> tuple[Target, ...]:
        """Return the findings that wait for a maintainer's decision, of one entry if named."""
        ...

    def counts(self, title: Title) -> tuple[Target, ...]:
        """Return the citation counts of the added or changed entries with this title."""
        ...
