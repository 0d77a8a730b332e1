"""Maintainers' decisions, from the ledger to the rules and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Engine

from bot.database import decisions as ledger
from rules.report.findings import Decision, DecisionKind


@dataclass(frozen=True, slots=True)
class DecisionStore:
    """The decisions on record in ``database``."""

    database: Engine

    def active(self, repository: str, numbers: Iterable[int]) -> Mapping[int, Decision]:
        """Return the decisions that stand on these pull requests of ``owner/name``, by their id."""
        with self.database.connect() as connection:
            rows = [
                row
                for number in numbers
                for row in ledger.decisions(connection, ledger.Place(repository, number))
            ]
        return {row.id: _decision(row) for row in rows if row.ruling.kind in set(DecisionKind)}

    def end(self, repository: str, number: int, ended: Mapping[int, Decision]) -> None:
        """Put on record that what these decisions were about has changed since."""
        if not ended:
            return
        place = ledger.Place(repository, number)
        with self.database.begin() as connection:
            ledger.end(connection, list(ended), "what it was about has changed")
            for decision in ended.values():
                detail = {"kind": decision.kind.value, "rule": decision.rule, "title": decision.title}
                ledger.write(connection, place, "papergate", "ended", detail, comment_url=decision.url)


def _decision(row: ledger.Decision) -> Decision:
    ruling = row.ruling
    return Decision(
        kind=DecisionKind(ruling.kind),
        rule=f"{ruling.rule}/{ruling.code}" if ruling.code else ruling.rule,
        fingerprint=ruling.fingerprint,
        by=row.origin.login,
        made_on=row.made_at.date(),
        reason=ruling.reason,
        url=row.origin.comment_url,
        title=ruling.title,
        count=ruling.count,
        source_url=ruling.source_url,
    )
