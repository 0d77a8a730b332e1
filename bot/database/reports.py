"""The reports that were published, with what commands need of them: a command is about what its author saw.

Everything happens on the caller's connection, in the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.database.storable import storable, storable_json
from bot.database.tables import report

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Engine

    from bot.database.identity import PullKey

KEPT = 20
"""Reports of one pull request; a command that is older than the last 20 is too old to run."""


@dataclass(frozen=True, slots=True)
class Target:
    """A finding, or an entry's citation count, to decide on.

    ``rule`` is ``rule/code``, or a rule alone; ``fingerprint`` names the content: a decision stays active
    while it stays the same. ``line`` and ``end_line`` are lines of the list at the head.
    """

    rule: str
    fingerprint: str
    title: str | None
    line: int | None = None
    end_line: int | None = None
    severity: str = "error"
    gates: bool = True


@dataclass(frozen=True, slots=True)
class SeenReport:
    """A published report.

    ``bare`` and ``roles`` are the policy's for commands; ``findings`` are those that the change introduces,
    ``entries`` the citation counts of the entries that it touches.
    """

    head: str
    base_ref: str
    bare: bool = True
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    findings: tuple[Target, ...] = ()
    entries: tuple[Target, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportStore:
    """The reports kept in ``database``, for those who have no transaction of their own."""

    database: Engine

    @contextmanager
    def publishing(self, pull: PullKey, published: SeenReport) -> Iterator[None]:
        """Keep a report while it is published, and after that unless publishing fails.

        It is there before anybody can see it and answer it.
        """
        with self.database.begin() as connection:
            kept = keep(connection, pull, published)
        done = False
        try:
            yield
            done = True
        finally:
            if not done:
                with self.database.begin() as connection:
                    connection.execute(report.delete().where(report.c.id == kept))


def keep(connection: Connection, pull: PullKey, published: SeenReport) -> int:
    """Keep a report that is published now and return its id; the oldest ones of the pull request go."""
    number: int = connection.execute(
        report.insert()
        .values(
            repository_id=pull.repository_id,
            number=pull.number,
            head=published.head,
            base_ref=storable(published.base_ref),
            content={
                "bare": published.bare,
                "roles": {name: list(roles) for name, roles in published.roles.items()},
                "findings": storable_json([asdict(target) for target in published.findings]),
                "entries": storable_json([asdict(target) for target in published.entries]),
            },
        )
        .returning(report.c.id)
    ).scalar_one()
    kept = select(report.c.id).where(_of(pull)).order_by(report.c.id.desc()).limit(KEPT)
    connection.execute(report.delete().where(_of(pull), report.c.id.not_in(kept)))
    return number


def shown_at(connection: Connection, pull: PullKey, time: datetime) -> SeenReport | None:
    """Return the report that the pull request showed at a time, None where it showed none."""
    row = connection.execute(
        select(report).where(_of(pull), report.c.published_at <= time).order_by(report.c.id.desc()).limit(1)
    ).one_or_none()
    if row is None:
        return None
    content = row.content
    return SeenReport(
        row.head,
        row.base_ref,
        content["bare"],
        {name: tuple(roles) for name, roles in content["roles"].items()},
        tuple(Target(**target) for target in content["findings"]),
        tuple(Target(**target) for target in content["entries"]),
    )


def _of(pull: PullKey) -> ColumnElement[bool]:
    return (report.c.repository_id == pull.repository_id) & (report.c.number == pull.number)
