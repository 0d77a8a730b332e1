"""Text of strangers that PostgreSQL refuses is stored all the same."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from bot.database import audit_log, decisions
from bot.database.decisions import Made
from bot.database.identity import PullKey
from bot.database.reports import ReportStore, SeenReport, Target, shown_at
from rules.report.findings import Decision, DecisionKind

if TYPE_CHECKING:
    from sqlalchemy import Engine

PULL = PullKey(70, 7)


@pytest.mark.parametrize("odd", ["\0", "\ud800"])
def test_a_title_that_postgresql_refuses_is_stored(database: Engine, odd: str) -> None:
    """With a mark in place of what it cannot hold: in reports, decisions and the audit log."""
    title, stored = f"A {odd} title", "A \ufffd title"
    decision = Decision(
        DecisionKind.ACCEPT, "citations", "f", "meg", date(2026, 1, 2), title, "https://x.org", title
    )
    with ReportStore(database).publishing(
        PULL, SeenReport("a", "main", findings=(Target("link", "f", title),))
    ):
        pass
    with database.begin() as connection:
        decisions.record(connection, PULL, Made(decision, 5, "main", "a", datetime.now(UTC)))
        audit_log.write(connection, PULL, "meg", "accept", {"title": title, "more": {"reason": title}})
        (kept,) = decisions.active(connection, PULL).values()
        (entry,) = audit_log.history(connection, PULL)
        report = shown_at(connection, PULL, datetime.now(UTC))
    assert (kept.title, kept.reason) == (stored, stored)
    assert entry.detail == {"title": stored, "more": {"reason": stored}}
    assert report is not None
    assert report.findings[0].title == stored
