"""The books, on a real PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from bot.database import decisions as ledger
from bot.database.decisions import Origin, Place, Ruling, Run

if TYPE_CHECKING:
    from sqlalchemy import Engine

PLACE = Place("owner/list", 7)
WAIVER = Ruling("waive", "link", "dead", "f1", "A Title", "a mirror comes")
MEG = Origin("meg", 12, "https://github.com/owner/list/pull/7#issuecomment-1")


def test_a_decision_is_kept_with_who_when_why_and_where(database: Engine) -> None:
    """All of it comes back, and only for its own pull request."""
    attested = Ruling("attest", "citations", None, "f2", "B", "attested", 120, "https://x.org/b")
    with database.begin() as connection:
        ledger.decide(connection, PLACE, WAIVER, MEG)
        ledger.decide(connection, PLACE, attested, MEG)
        found = ledger.decisions(connection, PLACE)
        assert ledger.decisions(connection, replace(PLACE, number=8)) == ()
    assert [one.ruling for one in found] == [WAIVER, attested]
    assert {one.origin for one in found} == {MEG}
    assert all(one.made_at.tzinfo and one.ended_at is None and one.ended_why is None for one in found)


def test_a_new_decision_on_the_same_content_replaces_the_old_one(database: Engine) -> None:
    """One stands; the other is kept, ended."""
    again = replace(WAIVER, reason="still coming")
    other = replace(WAIVER, fingerprint="f9")
    with database.begin() as connection:
        for ruling in (WAIVER, other, again):
            ledger.decide(connection, PLACE, ruling, MEG)
        assert [one.ruling for one in ledger.decisions(connection, PLACE)] == [other, again]
        first, *_ = ledger.decisions(connection, PLACE, ended=True)
    assert (first.ruling, first.ended_why) == (WAIVER, "replaced")


def test_a_waiver_is_taken_back_on_record(database: Engine) -> None:
    """Both stay in the books; to take back what does not stand is nothing."""
    back = replace(WAIVER, kind="unwaive", reason="", code=None)
    with database.begin() as connection:
        ledger.decide(connection, PLACE, WAIVER, MEG)
        assert ledger.revoke(connection, PLACE, back, Origin("ann", 13, MEG.comment_url)) == 1
        assert ledger.revoke(connection, PLACE, back, MEG) == 0
        assert ledger.decisions(connection, PLACE) == ()
        kept = ledger.decisions(connection, PLACE, ended=True)
    assert [(one.ruling.kind, one.ended_why) for one in kept] == [
        ("waive", "taken back by ann"),
        ("unwaive", "done"),
    ]


def test_what_is_gone_ends_its_decisions_once(database: Engine) -> None:
    """The first reason stays."""
    with database.begin() as connection:
        ledger.decide(connection, PLACE, WAIVER, MEG)
        (standing,) = ledger.decisions(connection, PLACE)
        ledger.end(connection, [standing.id], "its entry changed")
        ledger.end(connection, [standing.id], "another reason")
        (ended,) = ledger.decisions(connection, PLACE, ended=True)
    assert ended.ended_at is not None
    assert ended.ended_why == "its entry changed"


def test_a_decision_of_another_kind_is_refused(database: Engine) -> None:
    """The database itself knows the four."""
    with pytest.raises(IntegrityError), database.begin() as connection:
        connection.execute(
            text("""
                INSERT INTO decision (repository, number, kind, rule, fingerprint, reason, by_login, by_id,
                                      comment_url)
                VALUES ('o/l', 1, 'bless', 'link', 'f', 'r', 'meg', 1, 'u')
            """)
        )


def test_the_audit_log_is_read_in_order(database: Engine) -> None:
    """Each pull request has its own."""
    with database.begin() as connection:
        ledger.write(connection, PLACE, "meg", "waive", {"rule": "link", "line": 3}, comment_url="u")
        ledger.write(connection, replace(PLACE, number=8), "meg", "fix", {})
        ledger.write(connection, PLACE, "ann", "recheck", {})
        found = list(ledger.history(connection, PLACE))
    assert [(one.actor, one.action, one.detail, one.comment_url) for one in found] == [
        ("meg", "waive", {"rule": "link", "line": 3}, "u"),
        ("ann", "recheck", {}, None),
    ]


@pytest.mark.parametrize(
    "statement", ["UPDATE audit SET actor = 'nobody'", "DELETE FROM audit", "TRUNCATE audit"]
)
def test_nobody_changes_the_audit_log(database: Engine, statement: str) -> None:
    """What happened stays, whoever asks."""
    with database.begin() as connection:
        ledger.write(connection, PLACE, "meg", "waive", {})
    with pytest.raises(ProgrammingError, match="append-only"), database.begin() as connection:
        connection.execute(text(statement))
    with database.connect() as connection:
        assert [one.actor for one in ledger.history(connection, PLACE)] == ["meg"]


def test_a_command_is_recorded_once(database: Engine) -> None:
    """By its comment and its line in it."""
    with database.begin() as connection:
        assert ledger.run_of(connection, "owner/list", 99, 0) is None
        assert ledger.record_run(connection, "owner/list", 99, 0, Run(True, again=True))
        assert not ledger.record_run(connection, "owner/list", 99, 0, Run(False))
        assert ledger.record_run(connection, "owner/list", 99, 1, Run(False, reply="No."))
        assert ledger.run_of(connection, "owner/list", 99, 0) == Run(True, again=True)
        assert ledger.run_of(connection, "owner/list", 99, 1) == Run(False, reply="No.")
