"""Published reports, on a real PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from bot.database import reports
from bot.database.identity import PullKey
from bot.database.reports import KEPT, ReportStore, SeenReport, Target
from bot.database.tables import report

if TYPE_CHECKING:
    from sqlalchemy import Engine

PULL = PullKey(70, 7)
SEEN = SeenReport(
    "a" * 40,
    "main",
    False,
    {"fix": ("admin", "author")},
    (Target("link/dead", "f1", "A Title", 4, 5, "error", True),),
    (Target("citations", "f2", "A Title"),),
)


def shown_at(database: Engine, time: datetime) -> SeenReport | None:
    with database.connect() as connection:
        return reports.shown_at(connection, PULL, time)


def published(store: ReportStore, seen: SeenReport) -> None:
    with store.publishing(PULL, seen):
        pass


def test_a_report_is_kept_before_it_is_published(database: Engine) -> None:
    """Who sees it may answer at once; one that could not be published was never seen."""
    store = ReportStore(database)
    seen = []

    def refused() -> None:
        with store.publishing(PULL, SEEN):
            seen.append(shown_at(database, datetime.now(UTC)))
            raise LookupError

    with pytest.raises(LookupError):
        refused()
    assert seen == [SEEN]
    assert shown_at(database, datetime.now(UTC)) is None


def test_the_report_of_a_time_comes_back_whole(database: Engine) -> None:
    """A command is about what its author saw, not about what was published since."""
    store, before = ReportStore(database), datetime.now(UTC)
    published(store, SEEN)
    between = datetime.now(UTC)
    newer = replace(SEEN, head="b" * 40, findings=())
    published(store, newer)
    assert shown_at(database, before - timedelta(seconds=1)) is None
    assert shown_at(database, between) == SEEN
    assert shown_at(database, datetime.now(UTC) + timedelta(seconds=1)) == newer


def test_only_the_last_reports_of_a_pull_request_are_kept(database: Engine) -> None:
    """Those of other pull requests stay."""
    store = ReportStore(database)
    with store.publishing(replace(PULL, number=8), SEEN):
        pass
    for _ in range(KEPT + 3):
        published(store, SEEN)
    with database.connect() as connection:
        rows = connection.execute(
            select(report.c.number, func.count().label("kept")).group_by(report.c.number)
        )
        assert {row.number: row.kept for row in rows} == {7: KEPT, 8: 1}
