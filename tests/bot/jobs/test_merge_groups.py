"""Merge groups: asked for, ended, due again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import text

from bot.jobs import merge_groups
from bot.jobs.handlers import MergeGroupRef
from bot.jobs.merge_groups import GroupClaim
from bot.jobs.pull_state import Backoff

if TYPE_CHECKING:
    from sqlalchemy import Engine

GROUP = MergeGroupRef(70, "a" * 40, "b" * 40, "refs/heads/gh-readonly-queue/main/pr-1-" + "b" * 40)
LEASE = timedelta(minutes=15)
BACKOFF = Backoff(first=timedelta(seconds=10), longest=timedelta(minutes=1))


def request(database: Engine) -> None:
    with database.begin() as connection:
        merge_groups.request(connection, GROUP)


def end(database: Engine) -> None:
    with database.begin() as connection:
        merge_groups.end(connection, GROUP)


def claim(database: Engine) -> GroupClaim | None:
    with database.begin() as connection:
        return merge_groups.claim(connection, GROUP, lease=LEASE)


def due(database: Engine) -> list[MergeGroupRef]:
    with database.begin() as connection:
        return merge_groups.request_due(connection)


def test_a_group_asked_for_can_be_claimed(database: Engine) -> None:
    """Looks are counted, and how long the queue has waited is known."""
    request(database)
    with database.begin() as connection:
        connection.execute(text("UPDATE merge_group SET asked_at = now() - interval '5 minutes'"))
    first, second = claim(database), claim(database)
    assert first is not None
    assert second is not None
    assert (first.attempts, second.attempts) == (1, 2)
    assert timedelta(minutes=5) <= first.waited < timedelta(minutes=6)


def test_a_group_that_ended_is_neither_claimed_nor_due(database: Engine) -> None:
    """Whatever was planned for it is dropped, and a late answer does not bring it back."""
    request(database)
    claimed = claim(database)
    assert claimed is not None
    end(database)
    with database.begin() as connection:
        merge_groups.finish(connection, claimed, "unverified", datetime.now(UTC))
        assert merge_groups.find(connection, GROUP.repository_id, GROUP.head_sha) is None
    assert claim(database) is None
    assert due(database) == []


def test_an_end_heard_before_the_beginning_counts(database: Engine) -> None:
    """Deliveries arrive in any order."""
    end(database)
    request(database)
    assert claim(database) is None


def test_a_look_that_never_ended_comes_back(database: Engine) -> None:
    """A worker that died in the middle costs the lease, not the queue."""
    request(database)
    claim(database)
    assert due(database) == []
    with database.begin() as connection:
        connection.execute(text("UPDATE merge_group SET retry_at = retry_at - interval '15 minutes'"))
    assert due(database) == [GROUP]
    assert due(database) == []


def test_a_settled_group_rests_until_somebody_asks(database: Engine) -> None:
    """It is found by its head, for a re-run of its check."""
    request(database)
    claimed = claim(database)
    assert claimed is not None
    with database.begin() as connection:
        merge_groups.finish(connection, claimed, "pass", None)
        assert merge_groups.find(connection, GROUP.repository_id, GROUP.head_sha) == GROUP
        assert merge_groups.find(connection, GROUP.repository_id, "c" * 40) is None
    assert due(database) == []
