"""Maintainers' decisions on findings: one row each, kept when they end.

A decision is bound to the content that its maker saw, and to the branch that the pull request went to. Of two
that contradict each other the one that was written later counts, whichever arrives first.

Everything happens on the caller's connection, in the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select, update

from bot.database import audit_log
from bot.database.identity import PullKey
from bot.database.storable import storable
from bot.database.tables import decision, pull_request, revocation
from rules.papers.titles import key
from rules.report.findings import Decision, DecisionKind

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Engine, RowMapping


@dataclass(frozen=True, slots=True)
class PullStatus:
    """A pull request's last verdict, the head it is about, and the active decisions by their id."""

    verdict: str | None
    head: str | None
    decisions: Mapping[int, Decision]


@dataclass(frozen=True, slots=True)
class ActiveDecision:
    """A decision on pull request ``number`` with its maker, whose login is the one of that time."""

    decision: Decision
    login: str
    user_id: int
    number: int


@dataclass(frozen=True, slots=True)
class Made:
    """A decision with the circumstances of its making."""

    decision: Decision
    user_id: int
    base_ref: str
    head: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Revocation:
    """Waivers that somebody took back: of a rule, and of one content or one entry if named."""

    rule: str
    fingerprint: str | None
    title: str | None
    written_at: datetime


@dataclass(frozen=True, slots=True)
class DecisionStore:
    """The decisions kept in ``database``, for those who have no transaction of their own."""

    database: Engine

    def active(
        self, repository_id: int, numbers: Iterable[int], base_ref: str
    ) -> Mapping[int, ActiveDecision]:
        """Return the active decisions on pull requests of a repository into a branch, by their id."""
        with self.database.connect() as connection:
            return {
                row["id"]: ActiveDecision(_decision(row), row["by_login"], row["by_id"], number)
                for number in numbers
                for row in _rows(connection, PullKey(repository_id, number))
                if row["base_ref"] == base_ref
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


def record(connection: Connection, pull: PullKey, made: Made) -> None:
    """Keep a decision; one of the same kind on the same content and rule that was written earlier ends.

    A decision that was written before one of these, or before its revocation, is kept as ended.
    """
    new = made.decision
    same = [
        row
        for row in _rows(connection, pull)
        if (row["kind"], row["rule"], row["fingerprint"], row["base_ref"])
        == (new.kind.value, new.rule, new.fingerprint, made.base_ref)
    ]
    end(connection, [row["id"] for row in same if row["made_at"] <= made.written_at], "replaced")
    overruled = any(row["made_at"] > made.written_at for row in same) or _is_revoked(connection, pull, made)
    connection.execute(
        decision.insert().values(
            repository_id=pull.repository_id,
            number=pull.number,
            kind=new.kind.value,
            rule=new.rule,
            fingerprint=new.fingerprint,
            base_ref=made.base_ref,
            head=made.head,
            title=None if new.title is None else storable(new.title),
            reason=storable(new.reason),
            count=new.count,
            source_url=new.source_url,
            by_login=new.by,
            by_id=made.user_id,
            made_at=made.written_at,
            comment_url=new.url,
            ended_at=func.now() if overruled else None,
            ended_why="a later command overruled it" if overruled else None,
        )
    )


def revoke(connection: Connection, pull: PullKey, ids: Iterable[int], taken: Revocation, by: str) -> None:
    """End those of these waivers that were written before the revocation, and keep the revocation."""
    connection.execute(
        update(decision)
        .where(
            decision.c.id.in_(list(ids)),
            decision.c.ended_at.is_(None),
            decision.c.made_at <= taken.written_at,
        )
        .values(ended_at=func.now(), ended_why=f"taken back by {by}")
    )
    connection.execute(
        revocation.insert().values(
            repository_id=pull.repository_id,
            number=pull.number,
            rule=taken.rule,
            fingerprint=taken.fingerprint,
            title=None if taken.title is None else storable(taken.title),
            written_at=taken.written_at,
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
    return {row["id"]: _decision(row) for row in _rows(connection, pull)}


def pull_status(connection: Connection, pull: PullKey) -> PullStatus:
    """Return a pull request's status; its verdict is ``None`` when it was never evaluated."""
    row = connection.execute(
        select(pull_request.c.verdict, pull_request.c.head).where(
            pull_request.c.repository_id == pull.repository_id, pull_request.c.number == pull.number
        )
    ).one_or_none()
    verdict, head = (row.verdict, row.head) if row else (None, None)
    return PullStatus(verdict, head, active(connection, pull))


def _rows(connection: Connection, pull: PullKey) -> list[RowMapping]:
    """Return the rows of the active decisions, oldest first."""
    found = connection.execute(
        select(decision).where(_on(pull), decision.c.ended_at.is_(None)).order_by(decision.c.id)
    )
    return list(found.mappings())


def _on(pull: PullKey) -> ColumnElement[bool]:
    return (decision.c.repository_id == pull.repository_id) & (decision.c.number == pull.number)


def _is_revoked(connection: Connection, pull: PullKey, made: Made) -> bool:
    new = made.decision
    if new.kind is not DecisionKind.WAIVE:
        return False
    rows = connection.execute(
        select(revocation).where(
            revocation.c.repository_id == pull.repository_id,
            revocation.c.number == pull.number,
            revocation.c.written_at > made.written_at,
        )
    )
    return any(
        row.rule in {new.rule, new.rule.partition("/")[0]}
        and row.fingerprint in {None, new.fingerprint}
        and (row.title is None or (new.title is not None and key(row.title) == key(new.title)))
        for row in rows
    )


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
