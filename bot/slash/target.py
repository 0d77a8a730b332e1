"""What a command is about, as a protocol: the report that knows it is made elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bot.slash.commands import Target, Title


@dataclass(frozen=True, slots=True)
class Matter:
    """A finding, or an entry's citation count, that can be decided on.

    ``fingerprint`` names the content: while it stays the same, a decision on it stands.
    """

    rule: str
    code: str | None
    fingerprint: str
    title: str | None


class Subject(Protocol):
    """What the last report of a pull request says."""

    def findings(self, rule: str, target: Target | None) -> tuple[Matter, ...]:
        """Return the gating findings of a rule (``rule`` or ``rule/code``), those of a target if named."""
        ...

    def pending(self, title: Title | None) -> tuple[Matter, ...]:
        """Return the findings that wait for a maintainer's decision, those of one entry if named."""
        ...

    def counts(self, title: Title) -> tuple[Matter, ...]:
        """Return the citation counts of the added or changed entries that have this title."""
        ...


class NothingJudged:
    """The subject where there is no report: it names nothing."""

    def findings(self, rule: str, target: Target | None) -> tuple[Matter, ...]:  # noqa: ARG002 - the protocol's
        """Return nothing."""
        return ()

    def pending(self, title: Title | None) -> tuple[Matter, ...]:  # noqa: ARG002 - the protocol's
        """Return nothing."""
        return ()

    def counts(self, title: Title) -> tuple[Matter, ...]:  # noqa: ARG002 - the protocol's
        """Return nothing."""
        return ()
