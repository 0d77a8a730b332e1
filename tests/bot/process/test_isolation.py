"""Tests of ``bot.process.isolation`` and ``child_process``: functions really hang, recurse and crash."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from bot.process.child_process import ChildProcess
from bot.process.isolation import InProcess, Isolation, TooHard

SECONDS = 0.5


def hang(text: str) -> bool:
    return re.fullmatch("(a+)+$", text) is not None


def hang_and_swallow(text: str) -> bool:
    try:
        return hang(text)
    except Exception:  # noqa: BLE001 - stands for code that catches all it can
        return False


def recurse(depth: int) -> int:
    return recurse(depth + 1)


def fail(message: str) -> None:
    raise LookupError(message)


def hoard(size: int) -> int:
    return len(bytearray(size))


def end(signum: int) -> None:
    os.kill(os.getpid(), signum)


def leave(code: int) -> None:
    os._exit(code)


def pid() -> int:
    return os.getpid()


HOSTILE = "a" * 60 + "b"


@pytest.fixture(scope="module")
def child() -> Iterator[ChildProcess]:
    with ChildProcess(SECONDS, memory=512 << 20) as isolation:
        yield isolation


@pytest.fixture(params=["in process", "child process"])
def isolation(request: pytest.FixtureRequest, child: ChildProcess) -> Isolation:
    return child if request.param == "child process" else InProcess(SECONDS)


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
        child.run(hoard, 600 << 20)
    assert child.run(hoard, 1 << 20) == 1 << 20


@pytest.mark.parametrize("signum", [signal.SIGKILL, signal.SIGSEGV, signal.SIGTERM])
def test_a_child_that_dies_is_replaced(child: ChildProcess, signum: signal.Signals) -> None:
    """A crash is reported, and the next call finds another child."""
    before = child.run(pid)
    with pytest.raises(TooHard, match="crash"):
        child.run(end, signum)
    assert child.run(pid) != before


def test_the_child_is_kept_warm(child: ChildProcess) -> None:
    """Calls that end well share one child."""
    assert child.run(pid) == child.run(pid) != os.getpid()


def test_a_child_that_died_while_idle_costs_the_next_caller_nothing(child: ChildProcess) -> None:
    """The out-of-memory killer may take an idle child; the next call is answered all the same."""
    os.kill(child.run(pid), signal.SIGKILL)
    assert child.run(divmod, 7, 2) == (3, 1)


def test_threads_take_turns(child: ChildProcess) -> None:
    """A caller on another thread waits for a hanging call and is then answered."""
    answers: list[tuple[int, int]] = []
    waiting = threading.Timer(0.1, lambda: answers.append(child.run(divmod, 7, 2)))
    waiting.start()
    with pytest.raises(TooHard):
        child.run(hang, HOSTILE)
    waiting.join(20)
    assert answers == [(3, 1)]


PARENT = """
import sys
from bot.process.child_process import ChildProcess
from tests.bot.process.test_isolation import HOSTILE, hang, pid

if __name__ == "__main__":
    child = ChildProcess(2)
    print(child.run(pid), flush=True)
    child.run(hang, HOSTILE)
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
