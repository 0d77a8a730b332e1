"""Writes are spread so that GitHub need not complain."""

from __future__ import annotations

import threading

import pytest

from bot.github.errors import GitHubUnavailable
from bot.github.rate_limit import AT_ONCE, LONGEST_PENALTY, Pace


class Clock:
    """A time that passes only while someone sleeps."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def paced() -> tuple[Clock, Pace]:
    """Return a pace in a time of its own."""
    clock = Clock()
    return clock, Pace(clock, clock, clock.sleep)


def write(pace: Pace) -> None:
    """Take a turn to write."""
    with pace.turn(write=True):
        pass


def test_sixty_writes_a_minute_then_wait() -> None:
    """The sixty-first write of a minute waits until the first is a minute old; reads do not."""
    clock, pace = paced()
    for _ in range(60):
        write(pace)
    with pace.turn(write=False):
        assert clock.now == 1_000.0
    write(pace)
    assert clock.now == 1_060.0


def test_hourly_writes_are_put_off() -> None:
    """When the hour's writes are used up, the work is left for later instead of blocking a worker."""
    _, pace = paced()
    for _ in range(400):
        write(pace)
    with pytest.raises(GitHubUnavailable) as limited:
        write(pace)
    assert limited.value.retry_after is not None
    assert 3_000 < limited.value.retry_after <= 3_600


def test_penalty_doubles_while_github_keeps_complaining() -> None:
    """Without a word on how long, waits double up to an hour, and start small again after a quiet time."""
    clock, pace = paced()
    waits = []
    for _ in range(8):
        waits.append(pace.limited({}))
        clock.now += waits[-1] + 1
    assert waits == [60, 120, 240, 480, 960, 1_920, LONGEST_PENALTY, LONGEST_PENALTY]
    clock.now += 2 * LONGEST_PENALTY
    assert pace.limited({}) == 60


def test_closed_pace_opens_again() -> None:
    """Once the time GitHub asked for is over, requests go through."""
    clock, pace = paced()
    assert pace.limited({"retry-after": "30"}) == 30
    with pytest.raises(GitHubUnavailable):
        write(pace)
    clock.now += 30
    write(pace)


def test_number_of_requests_at_once_is_bounded() -> None:
    """One more request than allowed waits until another ends."""
    _, pace = paced()
    turns = [pace.turn(write=False) for _ in range(AT_ONCE)]
    for turn in turns:
        turn.__enter__()
    inside = threading.Event()

    def late() -> None:
        with pace.turn(write=False):
            inside.set()

    thread = threading.Thread(target=late)
    thread.start()
    assert not inside.wait(0.1)
    turns[0].__exit__(None, None, None)
    assert inside.wait(5)
    thread.join()
    for turn in turns[1:]:
        turn.__exit__(None, None, None)
