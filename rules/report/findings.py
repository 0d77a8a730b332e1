"""What a rule says, with the corrected lines it offers, and what a maintainer said to it."""

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
    """Another place a finding points at: a line of head, or of base where head does not have it."""

    line: int | None = None
    base_line: int | None = None


class DecisionKind(StrEnum):
    """What a maintainer said: a rule shall not hold here, a paper is taken, or how often it is cited."""

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
    """One thing to say about a change.

    ``line`` and ``end_line`` are lines of head (1-based, inclusive); ``None`` means the whole file.
    ``message`` says what was found and what was expected, as plain text: whoever shows it escapes it.
    ``introduced`` is false for a fault that stood there before the change. ``paste`` is text to add to
    the list's companion file. What a maintainer ``settled`` holds nothing.
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

    @property
    def gates(self) -> bool:
        """True when this finding holds the merge."""
        return self.introduced and self.severity.gates and self.settled is None
