"""Versions of a pull request: which are wanted, done and due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select, update

from bot.database.identity import PullKey
from bot.database.tables import pull_request
from bot.jobs import pull_state
from bot.jobs.handlers import Outcome
from bot.jobs.pull_state import MOST_COMMENT_TRIES, Backoff, Claim, Failing, Waits
from tests.bot.jobs.conftest import PULL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

BACKOFF = Backoff(first=timedelta(minutes=1), longest=timedelta(hours=6))
WAITS = Waits(source=BACKOFF, github=Backoff(first=timedelta(seconds=1), longest=timedelta(minutes=5)))
LEASE = timedelta(minutes=15)


@pytest.fixture
def connection(database: Engine) -> Iterator[Connection]:
    with database.begin() as connection:
        yield connection


def claim(connection: Connection, version: int) -> Claim | None:
    return pull_state.claim(connection, PULL, version, lease=LEASE)


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


def test_each_request_raises_the_version(connection: Connection) -> None:
    """Requests are counted, from one."""
    assert [pull_state.request(connection, PULL) for _ in range(3)] == [1, 2, 3]


def test_one_evaluation_satisfies_all_requests_before_it(connection: Connection) -> None:
    """The first job takes them all; the others find nothing left to do."""
    for _ in range(3):
        pull_state.request(connection, PULL)
    claimed = claim(connection, 1)
    assert claimed == Claim(PULL, version=3, attempts=1)
    pull_state.finish(connection, claimed, Outcome("pass"), WAITS)
    assert claim(connection, 2) is None
    assert claim(connection, 3) is None


def test_a_request_during_a_evaluation_is_not_satisfied_by_it(connection: Connection) -> None:
    """The evaluation may have looked too early to see what the request is about."""
    pull_state.request(connection, PULL)
    claimed = claim(connection, 1)
    assert claimed is not None
    pull_state.request(connection, PULL)
    pull_state.finish(connection, claimed, Outcome("pass"), WAITS)
    assert claim(connection, 2) is not None


def due(connection: Connection) -> Claim:
    """Return the claim of the next evaluation, whose time has come."""
    connection.execute(update(pull_request).values(retry_at=datetime.now(UTC) - timedelta(minutes=1)))
    ((_, version),) = pull_state.request_due(connection)
    claimed = claim(connection, version)
    assert claimed is not None
    return claimed


def test_a_new_request_starts_the_waits_afresh(connection: Connection) -> None:
    """Waits from before a push do not delay the evaluation after it."""
    pull_state.request(connection, PULL)
    for expected in (1, 2):
        claimed = due(connection)
        assert claimed.attempts == expected
        pull_state.finish(connection, claimed, Outcome("unverified", retry_at=datetime.now(UTC)), WAITS)
    pull_state.request(connection, PULL)
    assert due(connection).attempts == 1


def test_failures_are_counted_apart_from_the_waits_for_a_source(connection: Connection) -> None:
    """GitHub's outage makes nobody impatient with a source, and an event starts both counts afresh."""
    pull_state.request(connection, PULL)
    for expected in (1, 2, 3):
        claimed = due(connection)
        assert (claimed.attempts, claimed.failures) == (1, expected - 1)
        failing = pull_state.postpone(connection, claimed, WAITS)
        assert (failing.failures, failing.held) == (expected, False)
        again = retry_at(connection)
        assert again is not None
        assert again <= datetime.now(UTC) + WAITS.github.wait(expected)
    pull_state.request(connection, PULL)
    assert due(connection).failures == 0


def test_a_failing_pull_request_is_held_once(connection: Connection) -> None:
    """Until an evaluation succeeds, or another event arrives."""
    pull_state.request(connection, PULL)
    claimed = due(connection)
    pull_state.postpone(connection, claimed, WAITS)
    pull_state.mark_held(connection, claimed)
    claimed = due(connection)
    failing = pull_state.postpone(connection, claimed, WAITS)
    assert failing == Failing(2, failing.duration, held=True)
    claimed = due(connection)
    pull_state.finish(connection, claimed, Outcome("pass"), WAITS)
    connection.execute(update(pull_request).values(done=0))
    assert not pull_state.postpone(connection, due(connection), WAITS).held


def test_a_refused_comment_is_tried_again_beside_the_promised_evaluation(connection: Connection) -> None:
    """For some minutes; the evaluation that waits for a source stays promised."""
    pull_state.request(connection, PULL)
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    outcome = Outcome("unverified", retry_at=tomorrow, refused="403")
    for _ in range(MOST_COMMENT_TRIES):
        pull_state.finish(connection, due(connection), outcome, WAITS)
        again = retry_at(connection)
        assert again is not None
        assert again < tomorrow
    pull_state.finish(connection, due(connection), outcome, WAITS)
    assert retry_at(connection) == tomorrow


def test_a_refused_comment_is_tried_again_when_github_says(connection: Connection) -> None:
    """Not before the time that GitHub names."""
    pull_state.request(connection, PULL)
    later = datetime.now(UTC) + timedelta(hours=1)
    pull_state.finish(connection, due(connection), Outcome("pass", refused="429", refused_until=later), WAITS)
    assert retry_at(connection) == later


def test_an_evaluation_that_never_ended_is_known(connection: Connection) -> None:
    """A worker may be stopped at any time; when that happens twice, the pull request may be the cause."""
    pull_state.request(connection, PULL)
    assert [due(connection).crashed for _ in range(3)] == [False, False, True]


def test_a_pull_request_that_is_given_up_waits_for_an_event(connection: Connection) -> None:
    """No time brings it back."""
    pull_state.request(connection, PULL)
    claimed = due(connection)
    pull_state.postpone(connection, claimed, WAITS)
    pull_state.give_up(connection, claimed)
    assert retry_at(connection) is None


def test_the_head_of_the_latest_event_is_known(connection: Connection) -> None:
    """It gets the check when GitHub does not even name the head."""
    noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    for event_time, head in ((noon, "b"), (noon - timedelta(hours=1), "a"), (None, None)):
        pull_state.request(connection, PULL, event_time, head)
    assert due(connection).head == "b"


def test_a_pull_request_without_a_request_is_not_evaluated(connection: Connection) -> None:
    """A job without its row, as after a restored backup, does nothing."""
    assert claim(connection, 1) is None


def test_an_evaluation_that_never_ends_is_due_again(connection: Connection) -> None:
    """Starting one sets the next time, so that no death of any process loses it."""
    pull_state.request(connection, PULL)
    before = datetime.now(UTC)
    claim(connection, 1)
    again = retry_at(connection)
    assert again is not None
    assert again >= before + LEASE


def test_the_later_of_request_and_backoff_decides(connection: Connection) -> None:
    """An outcome names the earliest time that makes sense; repeated evaluations move it on."""
    pull_state.request(connection, PULL)
    claimed = claim(connection, 1)
    assert claimed is not None
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    pull_state.finish(connection, claimed, Outcome("unverified", retry_at=tomorrow), WAITS)
    assert retry_at(connection) == tomorrow
    now = datetime.now(UTC)
    pull_state.finish(connection, claimed, Outcome("unverified", retry_at=now), WAITS)
    again = retry_at(connection)
    assert again is not None
    assert again >= now + BACKOFF.first


def test_a_postponed_evaluation_waits_until_the_named_time(connection: Connection) -> None:
    """A rate limit's end is respected; without one, the backoff is."""
    pull_state.request(connection, PULL)
    claimed = claim(connection, 1)
    assert claimed is not None
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    pull_state.postpone(connection, claimed, WAITS, tomorrow)
    assert retry_at(connection) == tomorrow
    pull_state.postpone(connection, claimed, WAITS)
    again = retry_at(connection)
    assert again is not None
    assert again < datetime.now(UTC) + timedelta(seconds=2)


def test_a_due_pull_request_is_handed_out_once(database: Engine) -> None:
    """While one sweep takes it, another takes nothing and does not wait; afterwards it is no longer due."""
    with database.begin() as connection:
        pull_state.request(connection, PULL)
        connection.execute(update(pull_request).values(retry_at=datetime.now(UTC)))
    with database.connect() as second:
        with database.begin() as first:
            assert pull_state.request_due(first) == [(PULL, 2)]
            assert pull_state.request_due(second) == []
        assert pull_state.request_due(second) == []


def test_a_pull_request_that_is_not_due_stays(connection: Connection) -> None:
    """Its time is in the future."""
    pull_state.request(connection, PULL)
    connection.execute(update(pull_request).values(retry_at=datetime.now(UTC) + timedelta(minutes=1)))
    assert pull_state.request_due(connection) == []


def test_the_latest_event_time_is_kept(connection: Connection) -> None:
    """Deliveries arrive in any order; a request without a time does not forget it."""
    noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    for event_time in (noon, noon - timedelta(hours=1), None):
        pull_state.request(connection, PULL, event_time)
    claimed = claim(connection, 1)
    assert claimed is not None
    assert claimed.event_time == noon


def test_another_verdict_on_the_same_head_is_noticed(connection: Connection) -> None:
    """Other pull requests with that head may then have to be published; a new head has its own event."""

    def finish(outcome: Outcome) -> bool:
        pull_state.request(connection, PULL)
        claimed = due(connection)
        return pull_state.finish(connection, claimed, outcome, WAITS)

    assert not finish(Outcome("fail", head="a" * 40))
    assert not finish(Outcome("fail", head="a" * 40))
    assert finish(Outcome("pass", head="a" * 40))
    assert not finish(Outcome("fail", head="b" * 40))


def rechecks(connection: Connection) -> dict[int, datetime | None]:
    rows = connection.execute(select(pull_request.c.number, pull_request.c.recheck_at))
    return {row.number: row.recheck_at for row in rows}


def test_rechecks_are_spread_and_the_sooner_one_stays(connection: Connection) -> None:
    """Also of pull requests never seen before; a second push does not delay the rechecks of the first."""
    noon, second = datetime(2026, 1, 1, 12, tzinfo=UTC), timedelta(seconds=2)
    pulls = [PullKey(70, number) for number in (1, 2, 3)]
    pull_state.request(connection, PULL)
    pull_state.schedule(connection, pulls, start=noon, spacing=second)
    assert rechecks(connection) == {1: noon, 2: noon + second, 3: noon + 2 * second}
    pull_state.schedule(connection, pulls[::-1], start=noon + second, spacing=second)
    assert rechecks(connection) == {1: noon, 2: noon + second, 3: noon + second}
    pull_state.schedule(connection, [], start=noon, spacing=second)


def test_a_scheduled_recheck_survives_an_evaluation_under_way(connection: Connection) -> None:
    """It may have read the base before the push."""
    pull_state.request(connection, PULL)
    claimed = claim(connection, 1)
    assert claimed is not None
    pull_state.schedule(connection, [PULL], start=datetime.now(UTC) - timedelta(1), spacing=timedelta(0))
    pull_state.finish(connection, claimed, Outcome("pass"), WAITS)
    assert pull_state.request_due(connection) == [(PULL, 2)]
    assert pull_state.request_due(connection) == []


def test_a_request_replaces_a_scheduled_recheck(connection: Connection) -> None:
    """Its evaluation starts later than whatever asked for the recheck."""
    pull_state.schedule(connection, [PULL], start=datetime.now(UTC), spacing=timedelta(0))
    pull_state.request(connection, PULL)
    assert rechecks(connection) == {1: None}


def test_recently_touched_pulls_are_known(connection: Connection) -> None:
    """They have an evaluation of their own, and need no other."""
    pull_state.request(connection, PULL)
    now = connection.execute(select(func.now())).scalar_one()
    second = timedelta(seconds=1)
    assert pull_state.touched_since(connection, [PULL.repository_id], now - second) == {PULL}
    assert pull_state.touched_since(connection, [PULL.repository_id], now + second) == frozenset()
    assert pull_state.touched_since(connection, [71], now - second) == frozenset()


def test_unchanged_pulls_are_known_by_number_and_head(connection: Connection) -> None:
    """A new head may change the list after all."""
    pull_state.request(connection, PULL)
    claimed = claim(connection, 1)
    assert claimed is not None
    pull_state.finish(connection, claimed, Outcome("unchanged", head="a" * 40), WAITS)
    assert pull_state.unchanged_pulls(connection, PULL.repository_id) == {(1, "a" * 40)}
    assert pull_state.unchanged_pulls(connection, 71) == frozenset()
