"""The books: decisions, the audit log that nobody can change, and which commands have run.

Everything happens on the caller's connection, in the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.database.tables import audit, command, decision, pull_request

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, RowMapping

Kind = Literal["waive", "accept", "attest", "unwaive"]
Detail = Mapping[str, "str | int | bool | Detail | None"]


@dataclass(frozen=True, slots=True)
class Place:
    """A pull request, by its repository's full name."""

    repository: str
    number: int


@dataclass(frozen=True, slots=True)
class Ruling:
    """What somebody decides about content that ``fingerprint`` names.

    ``count`` and ``source_url`` are an attestation's: citations, and the page that shows them.
    """

    kind: Kind
    rule: str
    code: str | None
    fingerprint: str
    title: str | None
    reason: str
    count: int | None = None
    source_url: str | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Who says it, and in which comment."""

    login: str
    user_id: int
    comment_url: str


@dataclass(frozen=True, slots=True)
class Decision:
    """A ruling on record. It stands until ``ended_at``, an aware time."""

    id: int
    ruling: Ruling
    origin: Origin
    made_at: datetime
    ended_at: datetime | None
    ended_why: str | None


@dataclass(frozen=True, slots=True)
class PullStatus:
    """How a pull request stands: its last verdict, at which head, and what was decided about it."""

    verdict: str | None
    head: str | None
    decisions: tuple[Decision, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the audit log. ``at`` is an aware time; ``actor`` a login."""

    at: datetime
    actor: str
    action: str
    detail: Detail = field(default_factory=dict)
    comment_url: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """How a command ended. ``reply`` is Markdown, empty when there is nothing to say."""

    done: bool
    again: bool = False
    """Whether the pull request is to be judged again."""
    reply: str = ""


def decide(connection: Connection, place: Place, ruling: Ruling, origin: Origin) -> None:
    """Put a ruling on record. One that stands on the same content and has the same kind gives way to it."""
    _end(connection, place, ruling, kinds=(ruling.kind,), why="replaced")
    _record(connection, place, ruling, origin)


def revoke(connection: Connection, place: Place, ruling: Ruling, origin: Origin) -> int:
    """End the waivers that stand on the content of ``ruling``, an unwaive; return how many ended."""
    ended = _end(connection, place, ruling, kinds=("waive",), why=f"taken back by {origin.login}")
    if ended:
        _record(connection, place, ruling, origin, ended_why="done")
    return ended


def end(connection: Connection, ids: Sequence[int], why: str) -> None:
    """End the decisions that still stand among these, because what they were about is gone."""
    connection.execute(
        update(decision)
        .where(decision.c.id.in_(ids), decision.c.ended_at.is_(None))
        .values(ended_at=func.now(), ended_why=why)
    )


def decisions(connection: Connection, place: Place, *, ended: bool = False) -> tuple[Decision, ...]:
    """Return the decisions on a pull request, oldest first: those that stand, and with ``ended`` all."""
    query = select(decision).where(_on(place))
    if not ended:
        query = query.where(decision.c.ended_at.is_(None))
    return tuple(_decision(row) for row in connection.execute(query.order_by(decision.c.id)).mappings())


def pull_status(connection: Connection, place: Place) -> PullStatus:
    """Return how a pull request stands; its verdict is ``None`` when it was never judged."""
    row = connection.execute(
        select(pull_request.c.verdict, pull_request.c.head).where(
            pull_request.c.repository == place.repository, pull_request.c.number == place.number
        )
    ).one_or_none()
    verdict, head = (row.verdict, row.head) if row else (None, None)
    return PullStatus(verdict, head, decisions(connection, place))


def write(
    connection: Connection,
    place: Place,
    actor: str,
    action: str,
    detail: Detail,
    *,
    comment_url: str | None = None,
) -> None:
    """Append a line to the audit log."""
    connection.execute(
        audit.insert().values(
            repository=place.repository,
            number=place.number,
            actor=actor,
            action=action,
            detail=dict(detail),
            comment_url=comment_url,
        )
    )


def history(connection: Connection, place: Place) -> Iterator[Entry]:
    """Yield the audit log of a pull request, oldest first."""
    rows = connection.execute(
        select(audit)
        .where(audit.c.repository == place.repository, audit.c.number == place.number)
        .order_by(audit.c.id)
    )
    for row in rows:
        yield Entry(row.at, row.actor, row.action, row.detail, row.comment_url)


def run_of(connection: Connection, repository: str, comment_id: int, line: int) -> Run | None:
    """Return how a command of a comment ended, ``None`` when it has not run."""
    row = connection.execute(
        select(command.c.done, command.c.again, command.c.reply).where(
            command.c.repository == repository,
            command.c.comment_id == comment_id,
            command.c.line == line,
        )
    ).one_or_none()
    return None if row is None else Run(row.done, row.again, row.reply)


def record_run(connection: Connection, repository: str, comment_id: int, line: int, run: Run) -> bool:
    """Record that a command has run; return False when it had already, in another transaction too."""
    recorded = connection.execute(
        insert(command)
        .values(
            repository=repository,
            comment_id=comment_id,
            line=line,
            done=run.done,
            again=run.again,
            reply=run.reply,
        )
        .on_conflict_do_nothing()
        .returning(command.c.line)
    )
    return recorded.first() is not None


def _record(
    connection: Connection, place: Place, ruling: Ruling, origin: Origin, *, ended_why: str | None = None
) -> None:
    connection.execute(
        decision.insert().values(
            repository=place.repository,
            number=place.number,
            kind=ruling.kind,
            rule=ruling.rule,
            code=ruling.code,
            fingerprint=ruling.fingerprint,
            title=ruling.title,
            reason=ruling.reason,
            count=ruling.count,
            source_url=ruling.source_url,
            by_login=origin.login,
            by_id=origin.user_id,
            comment_url=origin.comment_url,
            ended_at=None if ended_why is None else func.now(),
            ended_why=ended_why,
        )
    )


def _end(connection: Connection, place: Place, ruling: Ruling, *, kinds: Sequence[Kind], why: str) -> int:
    """End what stands on the same content; a ruling without a code is about every code of its rule."""
    same = (
        _on(place)
        & decision.c.kind.in_(kinds)
        & (decision.c.rule == ruling.rule)
        & (decision.c.fingerprint == ruling.fingerprint)
        & decision.c.ended_at.is_(None)
    )
    if ruling.code is not None:
        same &= decision.c.code == ruling.code
    ending = update(decision).where(same).values(ended_at=func.now(), ended_why=why)
    return connection.execute(ending).rowcount


def _on(place: Place) -> ColumnElement[bool]:
    return (decision.c.repository == place.repository) & (decision.c.number == place.number)


def _decision(row: RowMapping) -> Decision:
    return Decision(
        id=row["id"],
        ruling=Ruling(
            kind=row["kind"],
            rule=row["rule"],
            code=row["code"],
            fingerprint=row["fingerprint"],
            title=row["title"],
            reason=row["reason"],
            count=row["count"],
            source_url=row["source_url"],
        ),
        origin=Origin(row["by_login"], row["by_id"], row["comment_url"]),
        made_at=row["made_at"],
        ended_at=row["ended_at"],
        ended_why=row["ended_why"],
    )
