"""Findings, their fixes, and maintainers' decisions on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding weighs. All but ``warning`` hold the merge."""

    ERROR = "error"
    DECISION = "decision"
    UNVERIFIED = "unverified"
    WARNING = "warning"

    @property
    def gates(self) -> bool:
        """True when a finding of this severity holds the merge."""
        return self is not Severity.WARNING


@dataclass(frozen=True, slots=True)
class Fix:
    """Replace lines ``line`` to ``end_line`` (1-based, of head) by ``text``; ``None`` deletes them."""

    line: int
    end_line: int
    text: str | None


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that a finding points to: a line of head, or of base where head does not have it."""

    line: int | None = None
    base_line: int | None = None


class DecisionKind(StrEnum):
    """What a maintainer decided: a rule does not hold here, a paper is accepted, or how often it is cited."""

    WAIVE = "waive"
    ACCEPT = "accept"
    ATTEST = "attest"


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision: by whom, when, why and where it was made.

    ``rule`` is a rule or ``rule/code``; ``fingerprint`` names the subject as it was. ``count`` citations,
    found at ``source_url``, are what an attestation says.
    """

    kind: DecisionKind
    rule: str
    fingerprint: str
    by: str
    made_on: date
    reason: str
    url: str
    title: str | None = None
    count: int | None = None
    source_url: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to report about a change.

    ``line`` and ``end_line`` are lines of head (1-based, inclusive); None means the whole file.
    ``message`` says what to do and why, as plain text that every exit escapes. ``introduced`` is false for
    a fault that existed before the change. ``paste`` is text to add to the list's companion file.
    ``settled`` is the decision that covers it; then it holds nothing. ``fingerprint`` names what it is about,
    for decisions.
    """

    rule: str
    code: str
    severity: Severity
    message: str
    line: int | None = None
    end_line: int | None = None
    title: str | None = None
    introduced: bool = True
    related: tuple[Related, ...] = ()
    fix: Fix | None = None
    paste: str | None = None
    settled: Decision | None = None
    fingerprint: str = ""

    @property
    def gates(self) -> bool:
        """True when this finding holds the merge."""
        return self.introduced and self.severity.gates and self.settled is None
