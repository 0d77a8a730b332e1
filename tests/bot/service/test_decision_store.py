"""Decisions go from the ledger to the rules and end there when their subject is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.database import decisions as ledger
from bot.service.decision_store import DecisionStore
from rules.report.findings import DecisionKind

if TYPE_CHECKING:
    from sqlalchemy import Engine

PLACE = ledger.Place("owner/list", 7)
ORIGIN = ledger.Origin("maintainer", 11, "https://github.com/owner/list/pull/7#issuecomment-1")


def ruling(fingerprint: str, code: str | None = "missing-year") -> ledger.Ruling:
    return ledger.Ruling("waive", "format", code, fingerprint, "A title", "It has no year")


def test_standing_decisions_are_those_of_the_pull_requests_asked_for(database: Engine) -> None:
    """Each comes with who, when, why and where; one that covers a rule names no code."""
    with database.begin() as connection:
        ledger.decide(connection, PLACE, ruling("entry:1"), ORIGIN)
        ledger.decide(connection, PLACE, ruling("entry:2", code=None), ORIGIN)
        ledger.decide(connection, ledger.Place("owner/list", 8), ruling("entry:3"), ORIGIN)
    found = list(DecisionStore(database).active("owner/list", [7]).values())
    assert [(item.rule, item.fingerprint, item.kind) for item in found] == [
        ("format/missing-year", "entry:1", DecisionKind.WAIVE),
        ("format", "entry:2", DecisionKind.WAIVE),
    ]
    assert (found[0].by, found[0].reason, found[0].url) == (
        "maintainer",
        "It has no year",
        ORIGIN.comment_url,
    )
    assert len(DecisionStore(database).active("owner/list", [7, 8])) == 3


def test_ended_decisions_stand_no_more_and_are_on_record(database: Engine) -> None:
    """What ended is not asked for again, and the audit log says that it did."""
    with database.begin() as connection:
        ledger.decide(connection, PLACE, ruling("entry:1"), ORIGIN)
        ledger.decide(connection, PLACE, ruling("entry:2"), ORIGIN)
    decision_store = DecisionStore(database)
    standing = decision_store.active("owner/list", [7])
    ended = {number: item for number, item in standing.items() if item.fingerprint == "entry:1"}
    decision_store.end("owner/list", 7, ended)
    assert [item.fingerprint for item in decision_store.active("owner/list", [7]).values()] == ["entry:2"]
    with database.connect() as connection:
        written = [entry.action for entry in ledger.history(connection, PLACE)]
    assert written.count("ended") == 1
