"""Tests of ``bot.process.isolation`` and the child processes: functions really hang, recurse and crash."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.process.child_pool import ChildPool
from bot.process.child_process import ChildProcess
from bot.process.isolation import Busy, InProcess, Isolation, T, TooHard, TooSlow, Ts
from tests.bot.process.functions import (
    HOSTILE,
    burn,
    end,
    fail,
    hang,
    hang_and_swallow,
    hoard,
    leave,
    pid,
    recurse,
    wait,
)

SECONDS = 0.5


def call(child: ChildProcess, function: Callable[[*Ts], T], *args: *Ts) -> T:
    return child.call(SECONDS, function, *args)[0]


@pytest.fixture(scope="module")
def pool() -> Iterator[ChildPool]:
    with ChildPool(SECONDS, quick_seconds=0.2, memory=512 << 20) as isolation:
        yield isolation


@pytest.fixture(scope="module")
def child() -> Iterator[ChildProcess]:
    with ChildProcess(memory=512 << 20) as running:
        yield running


@pytest.fixture(params=["in process", "child processes"])
def isolation(request: pytest.FixtureRequest, pool: ChildPool) -> Isolation:
    return pool if request.param == "child processes" else InProcess(SECONDS)


def test_returns_the_result(isolation: Isolation) -> None:
    """A function that comes to an end gives its result."""
    assert isolation.run(divmod, 7, 2) == (3, 1)


def test_errors_pass_through(isolation: Isolation) -> None:
    """What the function itself raises reaches the caller as it is."""
    with pytest.raises(LookupError, match="no such paper"):
        isolation.run(fail, "no such paper")


@pytest.mark.parametrize(
    ("function", "reason"),
    [(hang, "longer than 0.5 s"), (hang_and_swallow, "longer than 0.5 s"), (recurse, "nested too deeply")],
)
def test_a_function_that_does_not_end_is_stopped(
    isolation: Isolation, function: Callable[[object], object], reason: str
) -> None:
    """A hanging match and an endless recursion are stopped in time, and the next call works."""
    started = time.monotonic()
    with pytest.raises(TooHard, match=reason) as stopped:
        isolation.run(function, HOSTILE if function is not recurse else 0)
    assert stopped.value.reason in str(stopped.value)
    assert time.monotonic() - started < SECONDS + 5
    assert isolation.run(hang, "aaa")


def test_the_alarm_is_given_back() -> None:
    """Running in process leaves no alarm and no handler behind."""
    before = signal.getsignal(signal.SIGALRM)
    InProcess(SECONDS).run(pid)
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


def test_memory_in_process_is_reported() -> None:
    """A MemoryError in process is the same typed error."""
    with pytest.raises(TooHard, match="memory"):
        InProcess(SECONDS).run(hoard, 1 << 62)


def test_the_child_has_a_memory_limit(child: ChildProcess) -> None:
    """A child that asks for more than its share is refused, and the next call works."""
    with pytest.raises(TooHard, match="memory"):
        call(child, hoard, 600 << 20)
    assert call(child, hoard, 1 << 20) == 1 << 20


@pytest.mark.parametrize("signum", [signal.SIGKILL, signal.SIGSEGV, signal.SIGTERM])
def test_a_crash_is_reported(child: ChildProcess, signum: signal.Signals) -> None:
    """The next call is answered."""
    with pytest.raises(TooHard, match="crash"):
        call(child, end, signum)
    with pytest.raises(TooHard, match="crash"):
        call(child, leave, 3)
    assert call(child, divmod, 7, 2) == (3, 1)


def test_calls_see_nothing_of_each_other(child: ChildProcess) -> None:
    """Each runs in a process of its own."""
    assert len({call(child, pid), call(child, pid), os.getpid()}) == 3


def test_a_child_that_died_while_idle_costs_the_next_caller_nothing() -> None:
    """The out-of-memory killer may take an idle child; the next call is answered all the same."""
    with ChildProcess() as child:
        os.kill(call(child, os.getppid), signal.SIGKILL)
        assert call(child, divmod, 7, 2) == (3, 1)


def test_threads_take_turns(child: ChildProcess) -> None:
    """A caller on another thread waits for a hanging call and is then answered."""
    answers: list[tuple[int, int]] = []
    waiting = threading.Timer(0.1, lambda: answers.append(call(child, divmod, 7, 2)))
    waiting.start()
    with pytest.raises(TooHard):
        call(child, hang, HOSTILE)
    waiting.join(20)
    assert answers == [(3, 1)]


PARENT = """
from bot.process.child_process import ChildProcess
from tests.bot.process.functions import HOSTILE, tell_and_hang

ChildProcess().call(1, tell_and_hang, HOSTILE)
"""


def test_a_hanging_child_does_not_outlive_its_parent_for_long() -> None:
    """When the parent is killed in mid-call, the alarm still ends the child."""
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = os.pidfd_open(int(parent.stdout.readline()))
        try:
            parent.kill()
            ended, _, _ = select.select([child], [], [], 10)
        finally:
            os.close(child)
    assert ended


@pytest.mark.parametrize("isolation", [InProcess(1), ChildPool(1)], ids=["in process", "child processes"])
def test_the_steps_of_a_session_share_its_time(isolation: Isolation) -> None:
    """Two steps of 0.6 s are more than a session of 1 s has; another session has all of its time."""
    spend = wait if isinstance(isolation, InProcess) else burn
    with isolation:
        session = isolation.session()
        session.run(spend, 0.6)
        with pytest.raises(TooSlow):
            session.run(spend, 0.6)
        assert isolation.session().run(spend, 0.6) == 0.6


def test_a_step_may_get_less_than_the_session(isolation: Isolation) -> None:
    """The rest of the session's time is still there afterwards."""
    session = isolation.session()
    with pytest.raises(TooSlow, match=r"longer than 0\.1 s"):
        session.run(burn, 5, seconds=0.1)
    assert session.run(divmod, 7, 2) == (3, 1)


def test_a_step_that_is_not_quick_gets_its_time() -> None:
    """It is repeated in the slow child."""
    with ChildPool(5, quick_seconds=0.05) as pool:
        assert pool.run(burn, 0.3) == 0.3
        assert pool.run(divmod, 7, 2) == (3, 1)


def test_a_step_that_failed_for_good_fails_at_once(pool: ChildPool) -> None:
    """The same input again costs nothing; other input is tried."""
    text = HOSTILE + "c"
    with pytest.raises(TooSlow):
        pool.run(hang, text)
    started = time.monotonic()
    with pytest.raises(TooHard, match=r"longer than 0\.5 s"):
        pool.run(hang, text)
    assert time.monotonic() - started < 0.2
    assert pool.run(hang, "aaa")


@pytest.mark.attack("Twenty pull requests at once whose evaluation hangs")
def test_hostile_steps_delay_nobody_else() -> None:
    """Twenty that hang take three of four slots. Quick steps in the fourth are answered meanwhile."""
    outcomes: list[type[BaseException]] = []

    def attack(number: int) -> None:
        try:
            children.run(hang, HOSTILE + str(number))
        except (Busy, TooHard) as error:
            outcomes.append(type(error))

    waits: list[float] = []
    with ChildPool(5) as children, ThreadPoolExecutor(3) as slots:
        for number in range(1, 5):
            children.run(divmod, 7, number)  # every child has started
        attacks = [slots.submit(attack, number) for number in range(20)]
        while not all(done.done() for done in attacks):
            started = time.monotonic()
            assert children.run(divmod, 9, len(waits) + 1) == divmod(9, len(waits) + 1)
            waits.append(time.monotonic() - started)
    assert max(waits) < 5
    assert outcomes.count(Busy) >= 15
    assert TooSlow in outcomes


def test_busy_steps_are_told_when_to_come_again() -> None:
    """Each after the slow steps before it, and not after those behind it."""
    with ChildPool(0.6, quick_seconds=0.1) as pool:
        waits = []
        with pool.slow(b"somebody"):
            for number in (1, 2, 1):
                with pytest.raises(Busy) as busy:
                    pool.run(hang, HOSTILE + str(number))
                waits.append(busy.value.seconds)
        assert waits == [0.6, 1.2, 0.6]
        with pytest.raises(TooSlow):
            pool.run(hang, HOSTILE + "1")
