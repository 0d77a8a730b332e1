"""One change with all that is known about it: what every rule checks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from rules.bibliography.matching import Companion
from rules.changes.apply import ResultEntry
from rules.changes.compare import Comparison
from rules.papers.evidence import Evidence
from rules.policy.policy import Policy
from rules.reading.document import Document, Listed
from rules.report.findings import Decision


@dataclass(frozen=True, slots=True)
class ListChange:
    """A change as read: the list at merge base, base and head, their difference, and the resulting list.

    ``whole`` is true for an audit, which checks every line of a list and compares it with nothing.
    ``companion`` is the BibTeX file beside the list, None where there is none.
    """

    policy: Policy
    merge_base: Document
    base: Document
    head: Document
    diff: Comparison
    result: tuple[ResultEntry, ...]
    whole: bool = False
    companion: Companion | None = None

    def touched(self) -> Iterator[tuple[Listed, Listed | None]]:
        """Yield each entry of head that the change adds, moves or modifies, with what it was before.

        For an audit that is every entry, without a before.
        """
        before = {id(pair.after): pair.before for pair in self.diff.pairs}
        entries = self.head.entries if self.whole else self.diff.touched
        yield from ((listed, None if self.whole else before.get(id(listed))) for listed in entries)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked about a change, beside its texts.

    ``today`` is the day it is evaluated, ``description`` the text of the pull request, ``decisions`` are the
    maintainers' about it. ``patient`` is false once a source has not answered for so long that a maintainer
    has to decide without it.
    """

    today: date
    description: str = ""
    decisions: tuple[Decision, ...] = ()
    patient: bool = True


@dataclass(frozen=True, slots=True)
class RuleContext:
    """What a rule sees: the change, the evidence (None when no source was asked), and what is asked."""

    list_change: ListChange
    evidence: Evidence | None
    question: Question

    @property
    def policy(self) -> Policy:
        """The policy of the list."""
        return self.list_change.policy

    @property
    def today(self) -> date:
        """The day of the evaluation."""
        return self.question.today
