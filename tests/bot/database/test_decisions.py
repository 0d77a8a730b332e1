"""Decisions on a real PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bot.database import audit_log, decisions
from bot.database.decisions import DecisionStore, Made, Revocation
from bot.database.identity import PullKey
from rules.report.findings import Decision, DecisionKind

if TYPE_CHECKING:
    from sqlalchemy import Engine

PULL = PullKey(70, 7)
MEG = 12
WAIVER = Decision(
    kind=DecisionKind.WAIVE,
    rule="link/dead",
    fingerprint="f1",
    by="meg",
    made_on=date(2026, 1, 2),
    reason="a mirror comes",
    url="https://github.com/owner/list/pull/7#issuecomment-1",
    title="A Title",
)


WRITTEN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def record(
    database: Engine, *made: Decision, pull: PullKey = PULL, base: str = "main", at: datetime = WRITTEN
) -> None:
    with database.begin() as connection:
        for decision in made:
            decisions.record(connection, pull, Made(decision, MEG, base, "a" * 40, at))


def active(database: Engine) -> list[Decision]:
    with database.connect() as connection:
        return list(decisions.active(connection, PULL).values())


def ended(database: Engine) -> list[tuple[str, str]]:
    """Return fingerprint and reason of the ended decisions."""
    with database.connect() as connection:
        rows = connection.execute(
            text("SELECT fingerprint, ended_why FROM decision WHERE ended_at IS NOT NULL ORDER BY id")
        )
        return [(row.fingerprint, row.ended_why) for row in rows]


def test_a_decision_comes_back_as_it_was_made(database: Engine) -> None:
    """With who, when, why and where, and only for its own pull request."""
    attested = replace(
        WAIVER, kind=DecisionKind.ATTEST, rule="citations", count=120, source_url="https://x.org/b"
    )
    record(database, WAIVER, attested)
    assert active(database) == [WAIVER, attested]
    with database.connect() as connection:
        assert decisions.active(connection, replace(PULL, number=8)) == {}
        assert decisions.active(connection, replace(PULL, repository_id=71)) == {}


def test_a_new_decision_on_the_same_content_and_rule_replaces_the_old_one(database: Engine) -> None:
    """Another kind, rule or content is another decision."""
    others = (
        replace(WAIVER, fingerprint="f9"),
        replace(WAIVER, rule="link"),
        replace(WAIVER, kind=DecisionKind.ACCEPT),
    )
    again = replace(WAIVER, reason="still coming")
    record(database, WAIVER, *others, again)
    assert active(database) == [*others, again]
    assert ended(database) == [("f1", "replaced")]


def test_a_decision_ends_once(database: Engine) -> None:
    """The first reason stays."""
    record(database, WAIVER)
    with database.begin() as connection:
        (number,) = decisions.active(connection, PULL)
        decisions.end(connection, [number], "taken back by ann")
        decisions.end(connection, [number], "another reason")
    assert active(database) == []
    assert ended(database) == [("f1", "taken back by ann")]


def test_the_database_refuses_a_decision_of_an_unknown_kind(database: Engine) -> None:
    """It knows the three kinds."""
    with pytest.raises(IntegrityError), database.begin() as connection:
        connection.execute(
            text("""
                INSERT INTO decision (repository_id, number, kind, rule, fingerprint, base_ref, head, reason,
                                      by_login, by_id, made_at, comment_url)
                VALUES (1, 1, 'bless', 'link', 'f', 'main', 'a', 'r', 'meg', 1, now(), 'u')
            """)
        )


@pytest.mark.parametrize("later_first", [False, True])
def test_the_later_of_two_decisions_counts_whichever_arrives_first(
    database: Engine, later_first: bool
) -> None:
    """GitHub may deliver them in another order than they were written."""
    earlier = (replace(WAIVER, reason="a mirror comes"), WRITTEN)
    later = (replace(WAIVER, reason="it is there"), WRITTEN + timedelta(seconds=5))
    for decision, at in (later, earlier) if later_first else (earlier, later):
        record(database, decision, at=at)
    assert [one.reason for one in active(database)] == ["it is there"]


@pytest.mark.parametrize("later_first", [False, True])
@pytest.mark.parametrize(
    "taken", [("link", None, None), ("link/dead", "f1", None), ("link", None, "a title")]
)
def test_a_revocation_takes_back_what_was_written_before_it(
    database: Engine, taken: tuple[str, str | None, str | None], later_first: bool
) -> None:
    """Whichever arrives first; a waiver that was written later stays."""

    def revoke() -> None:
        with database.begin() as connection:
            ids = decisions.active(connection, PULL)
            at = WRITTEN + timedelta(seconds=5)
            decisions.revoke(connection, PULL, ids, Revocation(*taken, at), "ann")

    if later_first:
        revoke()
        record(database, WAIVER)
    else:
        record(database, WAIVER)
        revoke()
    assert active(database) == []
    record(database, WAIVER, at=WRITTEN + timedelta(seconds=9))
    assert active(database) == [WAIVER]


def test_a_revocation_leaves_other_waivers(database: Engine) -> None:
    """Of another rule, content or entry, and what is no waiver."""
    with database.begin() as connection:
        at = WRITTEN + timedelta(seconds=5)
        for rule, fingerprint, title in (
            ("format", None, None),
            ("link", "f2", None),
            ("link", None, "Another title"),
            ("citations", None, None),
        ):
            decisions.revoke(connection, PULL, [], Revocation(rule, fingerprint, title, at), "ann")
    accepted = replace(WAIVER, kind=DecisionKind.ACCEPT, rule="citations/below-threshold")
    record(database, WAIVER, accepted)
    assert active(database) == [WAIVER, accepted]


def test_the_store_returns_the_decisions_of_several_pull_requests(database: Engine) -> None:
    """A merge group needs those of all its members, with their makers."""
    record(database, WAIVER)
    record(database, replace(WAIVER, fingerprint="f2"), pull=replace(PULL, number=8))
    found = list(DecisionStore(database).active(70, [7, 8], "main").values())
    assert [(one.decision.fingerprint, one.number) for one in found] == [("f1", 7), ("f2", 8)]
    assert {(one.login, one.user_id) for one in found} == {("meg", MEG)}


def test_a_decision_holds_for_the_branch_it_was_made_for(database: Engine) -> None:
    """A pull request that goes to another branch is judged by another policy."""
    record(database, WAIVER)
    store = DecisionStore(database)
    assert store.active(70, [7], "other") == {}
    assert len(store.active(70, [7], "main")) == 1


def test_the_store_ends_decisions_and_logs_it(database: Engine) -> None:
    """What ended is not active any more, and the audit log says that it ended."""
    record(database, WAIVER, replace(WAIVER, fingerprint="f2"))
    store = DecisionStore(database)
    found = store.active(70, [7], "main")
    store.end(
        PULL, {number: one.decision for number, one in found.items() if one.decision.fingerprint == "f1"}
    )
    store.end(PULL, {})
    assert [one.fingerprint for one in active(database)] == ["f2"]
    with database.connect() as connection:
        (entry,) = audit_log.history(connection, PULL)
    assert (entry.actor, entry.action, entry.comment_url) == ("papergate", "ended", WAIVER.url)
    assert entry.detail == {"kind": "waive", "rule": "link/dead", "title": "A Title"}


def test_the_status_holds_verdict_head_and_active_decisions(database: Engine) -> None:
    """Before the first evaluation there is no verdict."""
    record(database, WAIVER)
    with database.begin() as connection:
        assert decisions.pull_status(connection, PULL).verdict is None
        connection.execute(
            text("""
                INSERT INTO pull_request (repository_id, number, wanted, verdict, head)
                VALUES (70, 7, 1, 'fail', 'abc')
            """)
        )
        status = decisions.pull_status(connection, PULL)
    assert (status.verdict, status.head) == ("fail", "abc")
    assert list(status.decisions.values()) == [WAIVER]
