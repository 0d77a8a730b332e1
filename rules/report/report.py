"""The report on one change: what the check run, the comment, the page, the terminal and the JSON show."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from rules.report.findings import Decision, Finding

SCHEMA = 1


class Verdict(StrEnum):
    """The outcome for the change. Worst first: fail, decision, unverified, pass."""

    FAIL = "fail"
    DECISION = "decision"
    UNVERIFIED = "unverified"
    PASS = "pass"  # noqa: S105 - a verdict, not a password


@dataclass(frozen=True, slots=True)
class Tally:
    """Papers before and after the change; None where a side could not be read or is not counted."""

    base: int | None = None
    head: int | None = None
    cap: int | None = None


@dataclass(frozen=True, slots=True)
class Added:
    """A paper that the change adds; ``line`` is a line of head."""

    title: str
    section: str
    line: int


@dataclass(frozen=True, slots=True)
class Removed:
    """An entry that the change takes out; ``base_line`` is a line of the merge base.

    ``copy_line`` is the line of head where another copy of the paper stays, if one does:
    then the list lost a line, not a paper.
    """

    title: str
    section: str
    base_line: int
    copy_line: int | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """A paper whose section changed."""

    title: str
    from_section: str
    to_section: str
    line: int
    base_line: int


@dataclass(frozen=True, slots=True)
class Modified:
    """A paper whose entry reads differently in the same section."""

    title: str
    section: str
    line: int
    base_line: int


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """What the change does to the list's papers."""

    added: tuple[Added, ...] = ()
    removed: tuple[Removed, ...] = ()
    moved: tuple[Moved, ...] = ()
    modified: tuple[Modified, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.moved or self.modified)


@dataclass(frozen=True, slots=True)
class MoveTo:
    """Where a removed paper goes: the ready line and the line of head it follows."""

    section: str
    after_line: int
    text: str


@dataclass(frozen=True, slots=True)
class Removal:
    """A paper suggested to leave the top sections; the figures are None when no count is known.

    ``ratio`` is citations divided by the threshold of the paper's year.
    """

    title: str
    section: str
    line: int
    year: int | None
    citations: int | None
    threshold: int | None
    ratio: float | None
    why: str
    move_to: MoveTo | None


@dataclass(frozen=True, slots=True)
class Report:
    """The evaluation of one change.

    ``top_count`` holds None throughout where the policy sets no cap. ``skipped`` names what could
    not be looked at: ``citations``, ``record``, ``reachability``. ``removals`` are suggested where the change
    makes the list exceed its cap; ``removals_uncounted`` more papers could leave, but no citation count of
    theirs is known. ``decisions`` are the maintainers' active ones, ``ended`` those whose subject this change
    has changed since. ``sources`` are the services whose records were used.
    """

    verdict: Verdict
    path: str
    entries: Tally
    top_count: Tally
    changes: ChangeSet = ChangeSet()
    findings: tuple[Finding, ...] = ()
    removals: tuple[Removal, ...] = ()
    removals_uncounted: int = 0
    skipped: tuple[str, ...] = ()
    decisions: tuple[Decision, ...] = ()
    ended: tuple[Decision, ...] = ()
    sources: tuple[str, ...] = ()

    @property
    def introduced(self) -> tuple[Finding, ...]:
        """The findings of this change that no maintainer settled."""
        return tuple(finding for finding in self.findings if finding.introduced and not finding.settled)

    @property
    def settled(self) -> tuple[Finding, ...]:
        """The findings of this change that a maintainer settled."""
        return tuple(finding for finding in self.findings if finding.introduced and finding.settled)

    @property
    def preexisting(self) -> tuple[Finding, ...]:
        """The findings that existed before this change."""
        return tuple(finding for finding in self.findings if not finding.introduced)


def verdict_of(findings: tuple[Finding, ...]) -> Verdict:
    """Return the verdict of the worst finding that holds the merge."""
    severities = {finding.severity.value for finding in findings if finding.gates}
    if "error" in severities:
        return Verdict.FAIL
    if "decision" in severities:
        return Verdict.DECISION
    return Verdict.UNVERIFIED if "unverified" in severities else Verdict.PASS


def as_json(report: Report) -> dict[str, Any]:
    """Return the published JSON form of ``report`` (schema 1)."""
    return {
        "schema": SCHEMA,
        "verdict": report.verdict.value,
        "list": {
            "path": report.path,
            "entries": {"base": report.entries.base, "head": report.entries.head},
            "top_count": _plain(report.top_count),
        },
        "changes": {
            "added": [_plain(item) for item in report.changes.added],
            "removed": [_plain(item) for item in report.changes.removed],
            "moved": [_plain(item) for item in report.changes.moved],
            "modified": [_plain(item) for item in report.changes.modified],
        },
        "findings": [_finding(finding) for finding in report.findings],
        "removals": [
            {**_plain(removal), "move_to": removal.move_to and _plain(removal.move_to)}
            for removal in report.removals
        ],
        "removals_uncounted": report.removals_uncounted,
        "skipped": list(report.skipped),
        "decisions": [_decision(decision) for decision in report.decisions],
        "ended": [_decision(decision) for decision in report.ended],
        "sources": list(report.sources),
    }


def _plain(item: Any) -> dict[str, Any]:
    """Return the fields of a flat dataclass, in their order."""
    return {name: getattr(item, name) for name in item.__slots__}


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "code": finding.code,
        "severity": finding.severity.value,
        "line": finding.line,
        "end_line": finding.end_line,
        "title": finding.title,
        "message": finding.message,
        "introduced": finding.introduced,
        "related": [
            {key: value for key, value in _plain(related).items() if value is not None}
            for related in finding.related
        ],
        "fix": finding.fix and _plain(finding.fix),
        "paste": finding.paste,
        "settled": finding.settled and _decision(finding.settled),
    }


def _decision(decision: Decision) -> dict[str, Any]:
    plain = {**_plain(decision), "kind": decision.kind.value, "made_on": decision.made_on.isoformat()}
    del plain["fingerprint"]
    return plain
