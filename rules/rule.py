"""How a rule declares itself: its name, its codes, the words about it, what evidence it needs, its check."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rules.changes.apply import ResultEntry
from rules.context import ListChange, RuleContext
from rules.papers.evidence import EvidenceRequest
from rules.reading.document import Listed
from rules.report.findings import Finding, Fix, Related, Severity

MOST_RELATED = 5  # places that one finding names: enough to see a pattern, and few enough to read


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of finding of a rule.

    ``severity`` is the usual one; ``otherwise`` is another one that the rule uses, in the case that ``when``
    names as a clause.
    """

    name: str
    severity: Severity
    summary: str
    otherwise: Severity | None = None
    when: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: policy, JSON Schema, documentation and ``papergate explain`` are made from it.

    ``summary`` is one sentence; ``why`` says what the rule is for, ``how`` how to put its findings right.
    ``check`` yields the findings of a change. ``wanted`` says what evidence the check needs.
    """

    name: str
    summary: str
    why: str
    how: str
    codes: tuple[Code, ...]
    check: Callable[[RuleContext], Iterator[Finding]]
    wanted: Callable[[ListChange], EvidenceRequest] | None = None

    def code(self, name: str) -> Code:
        """Return the code of that name. Raises KeyError when the rule declares none."""
        for code in self.codes:
            if code.name == name:
                return code
        raise KeyError(f"{self.name}/{name}")

    def finding(
        self,
        code: str,
        message: str,
        *,
        line: int | None = None,
        end_line: int | None = None,
        title: str | None = None,
        severity: Severity | None = None,
        introduced: bool = True,
        related: tuple[Related, ...] = (),
    ) -> Finding:
        """Return a finding about a line of head, or the whole file; ``severity`` is usually the code's."""
        usual = self.code(code).severity
        return Finding(
            self.name, code, severity or usual, message, line, end_line or line, title, introduced, related
        )  # fmt: skip

    def at(
        self,
        listed: Listed,
        code: str,
        message: str,
        *,
        severity: Severity | None = None,
        introduced: bool = True,
        related: tuple[Related, ...] = (),
        fix: Fix | None = None,
        paste: str | None = None,
    ) -> Finding:
        """Return a finding about an entry of head; ``severity`` is usually the code's."""
        return Finding(
            self.name,
            code,
            severity or self.code(code).severity,
            message,
            listed.line,
            listed.end_line,
            listed.title,
            introduced,
            related,
            fix,
            paste,
        )


def related_to(entry: ResultEntry) -> Related:
    """Return the place of an entry of the resulting list: in head, or in the base where only that has it."""
    return Related(line=entry.head.line) if entry.head else Related(base_line=entry.listed.line)


def place_of(entry: ResultEntry) -> str:
    """Return the place of an entry of the resulting list in words: its line and its section."""
    line = f"line {entry.head.line}" if entry.head else f"line {entry.listed.line} of the base"
    return f"{line}, in {entry.listed.section}"
