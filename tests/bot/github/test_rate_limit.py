"""Requests are limited so that GitHub does not have to refuse them, and nobody sleeps."""

from __future__ import annotations

import pytest

from bot.github.errors import GitHubUnavailable
from bot.github.rate_limit import CONCURRENT, LONGEST_PENALTY, RateLimit

START = 1_000.0


class Clock:
    """A clock that a test moves by hand."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        return self.now


def limited() -> tuple[Clock, RateLimit]:
    """Return a rate limit with a clock of its own."""
    clock = Clock()
    return clock, RateLimit(clock, clock)


def comment(rate_limit: RateLimit) -> None:
    """Make a write that is not a check."""
    with rate_limit.turn(write=True):
        pass


def check(rate_limit: RateLimit) -> None:
    """Write a check."""
    with rate_limit.turn(write=True, check=True):
        pass


def read(rate_limit: RateLimit) -> None:
    """Make a read."""
    with rate_limit.turn(write=False):
        pass


def seconds_to_wait(refused: pytest.ExceptionInfo[GitHubUnavailable], clock: Clock) -> float:
    """Return how long the error asks to wait."""
    assert refused.value.retry_at is not None
    return refused.value.retry_at.timestamp() - clock.now


def test_writes_over_the_limit_of_a_minute_are_refused_with_a_time() -> None:
    """The next write is possible when the first of them is a minute old; reads are not limited."""
    clock, rate_limit = limited()
    for _ in range(60):
        check(rate_limit)
        clock.now += 0.5
    with pytest.raises(GitHubUnavailable) as refused:
        check(rate_limit)
    assert seconds_to_wait(refused, clock) == 30
    read(rate_limit)
    clock.now += 29.9
    with pytest.raises(GitHubUnavailable):
        check(rate_limit)
    clock.now += 0.1
    check(rate_limit)


def test_writes_over_the_limit_of_an_hour_are_refused_with_a_time() -> None:
    """A worker is not held up; the work is done when the hour is over."""
    clock, rate_limit = limited()
    for _ in range(400):
        check(rate_limit)
        clock.now += 5
    with pytest.raises(GitHubUnavailable) as refused:
        check(rate_limit)
    assert seconds_to_wait(refused, clock) == 3_600 - 400 * 5


def test_comments_leave_room_for_checks() -> None:
    """However many replies somebody provokes, verdicts are still written."""
    clock, rate_limit = limited()
    for _ in range(300):
        comment(rate_limit)
        clock.now += 5
    with pytest.raises(GitHubUnavailable):
        comment(rate_limit)
    for _ in range(100):
        check(rate_limit)
        clock.now += 5
    with pytest.raises(GitHubUnavailable):
        check(rate_limit)


def test_comments_leave_room_for_checks_within_a_minute() -> None:
    """Fifteen of the sixty writes of a minute are for checks only."""
    _, rate_limit = limited()
    for _ in range(45):
        comment(rate_limit)
    with pytest.raises(GitHubUnavailable):
        comment(rate_limit)
    for _ in range(15):
        check(rate_limit)
    with pytest.raises(GitHubUnavailable):
        check(rate_limit)


def test_penalty_doubles_while_github_keeps_refusing() -> None:
    """If GitHub names no time, the wait doubles up to an hour, and is short again after a quiet time."""
    clock, rate_limit = limited()
    waits = []
    for _ in range(8):
        waits.append(rate_limit.limited({}).timestamp() - clock.now)
        clock.now += waits[-1] + 1
    assert waits == [60, 120, 240, 480, 960, 1_920, LONGEST_PENALTY, LONGEST_PENALTY]
    clock.now += 2 * LONGEST_PENALTY
    assert rate_limit.limited({}).timestamp() - clock.now == 60


def test_penalty_grows_when_refused_at_the_last_moment() -> None:
    """A refusal exactly one penalty after the end of the last one still counts as soon after."""
    clock, rate_limit = limited()
    rate_limit.limited({})
    clock.now += 60 + 120
    assert rate_limit.limited({}).timestamp() - clock.now == 120


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "1"}, 1),
        ({"retry-after": "0"}, 0),
        ({"retry-after": "5", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1090"}, 5),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1090"}, 91),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "900"}, 1),
        ({"x-ratelimit-remaining": "1", "x-ratelimit-reset": "1090"}, 60),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "soon"}, 60),
        ({"retry-after": "soon"}, 60),
        ({"retry-after": "²"}, 60),
        ({"retry-after": "999999999999"}, LONGEST_PENALTY),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "999999999999"}, LONGEST_PENALTY),
    ],
)
def test_time_that_github_names_is_obeyed(headers: dict[str, str], seconds: float) -> None:
    """Retry-after counts first, then the reset if nothing remains; nonsense waits a minute."""
    clock, rate_limit = limited()
    assert rate_limit.limited(headers).timestamp() - clock.now == seconds


def test_requests_are_possible_again_after_the_wait() -> None:
    """Until then nothing is requested, and the error says when."""
    clock, rate_limit = limited()
    rate_limit.limited({"retry-after": "30"})
    clock.now += 12
    with pytest.raises(GitHubUnavailable, match="asked to wait") as refused:
        read(rate_limit)
    assert seconds_to_wait(refused, clock) == 18
    clock.now += 18
    read(rate_limit)


def test_number_of_concurrent_requests_is_limited() -> None:
    """One request more than allowed is refused until another ends."""
    _, rate_limit = limited()
    turns = [rate_limit.turn(write=False) for _ in range(CONCURRENT)]
    for turn in turns:
        turn.__enter__()
    with pytest.raises(GitHubUnavailable, match="under way"):
        read(rate_limit)
    turns[0].__exit__(None, None, None)
    read(rate_limit)


def test_refused_turn_frees_its_place() -> None:
    """Requests refused during a wait do not use up the concurrent places."""
    clock, rate_limit = limited()
    rate_limit.limited({"retry-after": "30"})
    for _ in range(CONCURRENT + 1):
        with pytest.raises(GitHubUnavailable, match="asked to wait"):
            read(rate_limit)
    clock.now += 30
    read(rate_limit)
