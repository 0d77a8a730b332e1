"""Maintainers' decisions on findings: one row each, kept when they end.

Everything happens on the caller's connection, in the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select, update

from bot.database import audit_log
from bot.database.identity import PullKey
from bot.database.tables import decision, pull_request
from rules.report.findings import Decision, DecisionKind

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, RowMapping


@dataclass(frozen=True, slots=True)
class PullStatus:
    """A pull request's last verdict, the head it is about, and the active decisions by their id."""

    verdict: str | None
    head: str | None
    decisions: Mapping[int, Decision]


@dataclass(frozen=True, slots=True)
class DecisionStore:
    """The decisions kept in ``database``, for those who have no transaction of their own."""

    database: Engine

    def active(self, repository_id: int, numbers: Iterable[int]) -> Mapping[int, Decision]:
        """Return the active decisions on these pull requests of a repository, by their id."""
        with self.database.connect() as connection:
            return {
                number: found
                for pull in numbers
                for number, found in active(connection, PullKey(repository_id, pull)).items()
            }

    def end(self, pull: PullKey, ended: Mapping[int, Decision]) -> None:
        """End these decisions because what they are about has changed, and log it."""
        if not ended:
            return
        with self.database.begin() as connection:
            end(connection, ended, "what it was about has changed")
            for each in ended.values():
                detail = {"kind": each.kind.value, "rule": each.rule, "title": each.title}
                audit_log.write(connection, pull, "papergate", "ended", detail, comment_url=each.url)


def record(connection: Connection, pull: PullKey, made: Decision, user_id: int) -> None:
    """Keep a decision; an active one of the same kind on the same content and rule ends."""
    same = [
        number
        for number, other in active(connection, pull).items()
        if (other.kind, other.rule, other.fingerprint) == (made.kind, made.rule, made.fingerprint)
    ]
    end(connection, same, "replaced")
    connection.execute(
        decision.insert().values(
            repository_id=pull.repository_id,
            number=pull.number,
            kind=made.kind.value,
            rule=made.rule,
            fingerprint=made.fingerprint,
            title=made.title,
            reason=made.reason,
            count=made.count,
            source_url=made.source_url,
            by_login=made.by,
            by_id=user_id,
            comment_url=made.url,
        )
    )


def end(connection: Connection, ids: Iterable[int], why: str) -> None:
    """End those of these decisions that are active."""
    connection.execute(
        update(decision)
        .where(decision.c.id.in_(list(ids)), decision.c.ended_at.is_(None))
        .values(ended_at=func.now(), ended_why=why)
    )


def active(connection: Connection, pull: PullKey) -> Mapping[int, Decision]:
    """Return the active decisions on a pull request by their id, oldest first."""
    rows = connection.execute(
        select(decision)
        .where(
            decision.c.repository_id == pull.repository_id,
            decision.c.number == pull.number,
            decision.c.ended_at.is_(None),
        )
        .order_by(decision.c.id)
    )
    return {row["id"]: _decision(row) for row in rows.mappings()}


def pull_status(connection: Connection, pull: PullKey) -> PullStatus:
    """Return a pull request's status; its verdict is ``None`` when it was never evaluated."""
    row = connection.execute(
        select(pull_request.c.verdict, pull_request.c.head).where(
            pull_request.c.repository_id == pull.repository_id, pull_request.c.number == pull.number
        )
    ).one_or_none()
    verdict, head = (row.verdict, row.head) if row else (None, None)
    return PullStatus(verdict, head, active(connection, pull))


def _decision(row: RowMapping) -> Decision:
    return Decision(
        kind=DecisionKind(row["kind"]),
        rule=row["rule"],
        fingerprint=row["fingerprint"],
        by=row["by_login"],
        made_on=row["made_at"].date(),
        reason=row["reason"],
        url=row["comment_url"],
        title=row["title"],
        count=row["count"],
        source_url=row["source_url"],
    )
