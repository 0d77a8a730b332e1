"""Generations: what is asked for, what is done, what is due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from bot.database.tables import pull_request
from bot.jobs import pull_state as generations
from bot.jobs.handlers import Outcome, PullRequestRef
from bot.jobs.pull_state import Backoff, Claim
from tests.bot.jobs.conftest import PULL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

BACKOFF = Backoff(first=timedelta(minutes=1), longest=timedelta(hours=6))
LEASE = timedelta(minutes=15)


@pytest.fixture
def connection(database: Engine) -> Iterator[Connection]:
    with database.begin() as connection:
        yield connection


def claim(connection: Connection, generation: int) -> Claim | None:
    return generations.claim(connection, PULL, generation, lease=LEASE, backoff=BACKOFF)


def retry_at(connection: Connection) -> datetime | None:
    found: datetime | None = connection.execute(select(pull_request.c.retry_at)).scalar_one()
    return found


def test_waits_double_up_to_the_longest() -> None:
    """One minute, two, four and so on, never more than six hours, however often."""
    assert [BACKOFF.wait(n).total_seconds() for n in (1, 2, 3)] == [60, 120, 240]
    assert BACKOFF.wait(10) == BACKOFF.wait(10_000) == timedelta(hours=6)


def test_patience_ends_when_the_waits_grow_no_more() -> None:
    """Nine looks in the hope of an answer; from the tenth on a person may decide."""
    assert [BACKOFF.is_patient(n) for n in (1, 9, 10, 10_000)] == [True, True, False, False]


def test_each_request_is_a_generation_of_its_own(connection: Connection) -> None:
    """Requests are counted, from one."""
    assert [generations.request(connection, PULL) for _ in range(3)] == [1, 2, 3]


def test_one_validation_satisfies_all_requests_before_it(connection: Connection) -> None:
    """The first job takes them all; the others find nothing left to do."""
    for _ in range(3):
        generations.request(connection, PULL)
    claimed = claim(connection, 1)
    assert claimed == Claim(PULL, generation=3, attempts=1)
    generations.settle(connection, claimed, Outcome("pass"), BACKOFF)
    assert claim(connection, 2) is None
    assert claim(connection, 3) is None


def test_a_request_during_a_validation_is_not_satisfied_by_it(connection: Connection) -> None:
    """The validation may have looked too early to see what the request is about."""
    generations.request(connection, PULL)
    claimed = claim(connection, 1)
    assert claimed is not None
    generations.request(connection, PULL)
    generations.settle(connection, claimed, Outcome("pass"), BACKOFF)
    assert claim(connection, 2) is not None


def test_a_new_request_starts_the_waits_afresh(connection: Connection) -> None:
    """A push is news: what could not be settled before it does not make its own re-check late."""
    generations.request(connection, PULL)
    for expected in (1, 2):
        claimed = claim(connection, 1)
        assert claimed is not None
        assert claimed.attempts == expected
    generations.request(connection, PULL)
    claimed = claim(connection, 2)
    assert claimed is not None
    assert claimed.attempts == 1


def test_a_pull_request_never_asked_for_is_not_validated(connection: Connection) -> None:
    """A job without its row, as after a restored backup, does nothing."""
    assert claim(connection, 1) is None


def test_a_validation_that_never_ends_is_due_again(connection: Connection) -> None:
    """Starting one sets when to look again, so that no death of any process loses it."""
    generations.request(connection, PULL)
    before = datetime.now(UTC)
    claim(connection, 1)
    again = retry_at(connection)
    assert again is not None
    assert again >= before + LEASE


def test_the_later_of_request_and_backoff_decides(connection: Connection) -> None:
    """An outcome names the earliest time that makes sense; repeated looks move it on."""
    generations.request(connection, PULL)
    claimed = claim(connection, 1)
    assert claimed is not None
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    generations.settle(connection, claimed, Outcome("unverified", retry_at=tomorrow), BACKOFF)
    assert retry_at(connection) == tomorrow
    now = datetime.now(UTC)
    generations.settle(connection, claimed, Outcome("unverified", retry_at=now), BACKOFF)
    again = retry_at(connection)
    assert again is not None
    assert again >= now + BACKOFF.first


def test_a_postponed_validation_waits_as_long_as_it_was_told(connection: Connection) -> None:
    """A rate limit's end is respected; without one, the backoff is."""
    generations.request(connection, PULL)
    claimed = claim(connection, 1)
    assert claimed is not None
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    generations.postpone(connection, claimed, BACKOFF, tomorrow)
    assert retry_at(connection) == tomorrow
    generations.postpone(connection, claimed, BACKOFF, None)
    again = retry_at(connection)
    assert again is not None
    assert again < tomorrow


def test_a_due_pull_request_is_handed_out_once(database: Engine) -> None:
    """While one sweep takes it, another takes nothing and does not wait; afterwards it is no longer due."""
    with database.begin() as connection:
        generations.request(connection, PULL)
        connection.execute(update(pull_request).values(retry_at=datetime.now(UTC)))
    with database.connect() as second:
        with database.begin() as first:
            assert generations.request_due(first) == [(PULL, 2)]
            assert generations.request_due(second) == []
        assert generations.request_due(second) == []


def test_what_is_not_due_yet_stays(connection: Connection) -> None:
    """A time to come is left alone."""
    generations.request(connection, PULL)
    connection.execute(update(pull_request).values(retry_at=datetime.now(UTC) + timedelta(minutes=1)))
    assert generations.request_due(connection) == []


def test_the_newest_word_of_an_event_is_kept(connection: Connection) -> None:
    """Deliveries arrive in any order; a request without a time does not forget it."""
    noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    for told_at in (noon, noon - timedelta(hours=1), None):
        generations.request(connection, PULL, told_at)
    claimed = claim(connection, 1)
    assert claimed is not None
    assert claimed.told_at == noon


def test_another_verdict_on_the_same_head_is_noticed(connection: Connection) -> None:
    """Others with that head may then have to speak; a new head is news of its own."""

    def settle(outcome: Outcome) -> bool:
        claimed = claim(connection, generations.request(connection, PULL))
        assert claimed is not None
        return generations.settle(connection, claimed, outcome, BACKOFF)

    assert not settle(Outcome("fail", head="a" * 40))
    assert not settle(Outcome("fail", head="a" * 40))
    assert settle(Outcome("pass", head="a" * 40))
    assert not settle(Outcome("fail", head="b" * 40))


def looks(connection: Connection) -> dict[int, datetime | None]:
    rows = connection.execute(select(pull_request.c.number, pull_request.c.look_at))
    return {row.number: row.look_at for row in rows}


def test_looks_are_spread_and_the_sooner_one_stays(connection: Connection) -> None:
    """Also of pull requests never seen before; a second push does not put the first one's looks off."""
    noon, second = datetime(2026, 1, 1, 12, tzinfo=UTC), timedelta(seconds=2)
    pulls = [PullRequestRef(7, "owner/list", number) for number in (1, 2, 3)]
    generations.request(connection, PULL)
    generations.schedule(connection, pulls, start=noon, spacing=second)
    assert looks(connection) == {1: noon, 2: noon + second, 3: noon + 2 * second}
    generations.schedule(connection, pulls[::-1], start=noon + second, spacing=second)
    assert looks(connection) == {1: noon, 2: noon + second, 3: noon + second}
    generations.schedule(connection, [], start=noon, spacing=second)


def test_a_look_asked_for_outlives_a_validation_under_way(connection: Connection) -> None:
    """It may have read the base as it was before the push."""
    generations.request(connection, PULL)
    claimed = claim(connection, 1)
    assert claimed is not None
    generations.schedule(connection, [PULL], start=datetime.now(UTC) - timedelta(1), spacing=timedelta(0))
    generations.settle(connection, claimed, Outcome("pass"), BACKOFF)
    assert generations.request_due(connection) == [(PULL, 2)]
    assert generations.request_due(connection) == []


def test_who_leaves_the_list_alone_is_known_by_number_and_head(connection: Connection) -> None:
    """A new head may change the list after all."""
    generations.request(connection, PULL)
    claimed = claim(connection, 1)
    assert claimed is not None
    generations.settle(connection, claimed, Outcome("unchanged", head="a" * 40), BACKOFF)
    assert generations.leaving_the_list_alone(connection, PULL.repository) == {(1, "a" * 40)}
    assert generations.leaving_the_list_alone(connection, "owner/other") == frozenset()
