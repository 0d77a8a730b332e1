"""Several child processes that share the evaluations, so that a slow one delays nobody else's.

Every step gets a short try in one of the quick children. A step that takes longer is repeated with all of its
time in the one slow child, where such steps queue behind each other.
"""

from __future__ import annotations

import hashlib
import pickle
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from types import TracebackType
from typing import Any, Self

from bot.process.child_process import MEMORY, ChildProcess
from bot.process.isolation import SECONDS, Busy, Session, T, TooHard, TooSlow, Ts

QUICK_CHILDREN = 2
"""A worker has four slots, and most of a slot's time goes by waiting for GitHub."""
QUICK_SECONDS = 0.3
"""CPU time of the first try; a list of 240 papers takes a third of it for all steps together."""
_SLOW_NICENESS = 10
_MOST_REMEMBERED = 1000
_FORGOTTEN_AFTER = 3600.0
# Seconds; a pull request that is not evaluated again within an hour has changed or is closed.


class ChildPool:
    """Runs functions in child processes (`bot.process.isolation.Isolation`). Safe to share among threads."""

    def __init__(
        self,
        seconds: float = SECONDS,
        *,
        quick_seconds: float = QUICK_SECONDS,
        memory: int = MEMORY,
        children: int = QUICK_CHILDREN,
    ) -> None:
        self.seconds = seconds
        self.quick_seconds = quick_seconds
        self._stack = ExitStack()
        self._quick = _Lender(self._stack.enter_context(ChildProcess(memory)) for _ in range(children))
        self._slow = self._stack.enter_context(ChildProcess(memory, niceness=_SLOW_NICENESS))
        self._slow_lane = threading.Lock()
        self.known = _Known(seconds)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def session(self) -> Session:
        """Return a session with its whole time left."""
        return _PooledSession(self)

    def run(self, function: Callable[[*Ts], T], /, *args: *Ts) -> T:
        """Return ``function(*args)``, run in a session of its own."""
        return self.session().run(function, *args)

    @contextmanager
    def quick(self) -> Iterator[ChildProcess]:
        """Lend a quick child; callers get them in the order in which they came."""
        child = self._quick.take()
        try:
            yield child
        finally:
            self._quick.give_back(child)

    @contextmanager
    def slow(self, digest: bytes) -> Iterator[ChildProcess]:
        """Lend the slow child for the step with this digest. Raises Busy when another step has it."""
        if not self._slow_lane.acquire(blocking=False):
            raise Busy(self.known.wait(digest))
        try:
            yield self._slow
        finally:
            self._slow_lane.release()


class _Lender:
    """Lends children. A queue would let a caller that comes later take one before a caller that waits."""

    def __init__(self, children: Iterable[ChildProcess]) -> None:
        self._lock = threading.Lock()
        self._idle = deque(children)
        self._waiting: deque[Future[ChildProcess]] = deque()

    def take(self) -> ChildProcess:
        """Return a child; wait until it is this caller's turn."""
        with self._lock:
            if self._idle:
                return self._idle.popleft()
            turn: Future[ChildProcess] = Future()
            self._waiting.append(turn)
        return turn.result()

    def give_back(self, child: ChildProcess) -> None:
        """Hand the child to the caller that waits longest."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set_result(child)
            else:
                self._idle.append(child)


class _PooledSession:
    def __init__(self, pool: ChildPool) -> None:
        self._pool = pool
        self._left = pool.seconds

    def run(self, function: Callable[[*Ts], T], /, *args: *Ts, seconds: float = SECONDS) -> T:
        limit = min(seconds, self._left)
        if limit <= 0:
            raise self._too_slow(seconds)
        digest = _digest(function, args)
        known = self._pool.known
        known.check(digest, limit)
        if not known.is_slow(digest):
            quick = min(limit, self._pool.quick_seconds)
            try:
                with self._pool.quick() as child:
                    return self._used(child.call(quick, function, *args))
            except TooSlow as too_slow:
                if quick == limit:
                    raise self._too_slow(seconds) from too_slow
                known.add_slow(digest)
        with self._pool.slow(digest) as child:
            try:
                result = self._used(child.call(limit, function, *args))
            except TooHard as error:
                reached = self._too_slow(seconds) if isinstance(error, TooSlow) else error
                known.add_hopeless(digest, limit, reached.reason)
                raise reached from error
        known.forget(digest)
        return result

    def _too_slow(self, seconds: float) -> TooSlow:
        """Return the error for a step of ``seconds``; what earlier steps took is no news to people."""
        return TooSlow(min(seconds, self._pool.seconds))

    def _used(self, answer: tuple[T, float]) -> T:
        result, seconds = answer
        self._left -= seconds
        return result


class _Known:
    """The steps that were not quick, by digest: slow ones in the order they came, and hopeless ones."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._slow: OrderedDict[bytes, float] = OrderedDict()
        self._hopeless: OrderedDict[bytes, tuple[float, float, str]] = OrderedDict()

    def check(self, digest: bytes, limit: float) -> None:
        """Raise the TooHard that the step met before with as much time: it would meet it again."""
        with self._lock:
            at, tried, reason = self._hopeless.get(digest, (0.0, 0.0, ""))
        if limit <= tried and time.monotonic() - at < _FORGOTTEN_AFTER:
            raise TooHard(reason)

    def is_slow(self, digest: bytes) -> bool:
        with self._lock:
            return digest in self._slow

    def add_slow(self, digest: bytes) -> None:
        with self._lock:
            self._slow[digest] = time.monotonic()
            _trim(self._slow)

    def add_hopeless(self, digest: bytes, limit: float, reason: str) -> None:
        with self._lock:
            self._slow.pop(digest, None)
            self._hopeless[digest] = (time.monotonic(), limit, reason)
            _trim(self._hopeless)

    def forget(self, digest: bytes) -> None:
        with self._lock:
            self._slow.pop(digest, None)

    def wait(self, digest: bytes) -> float:
        """Return the seconds until the slow steps before this one are done, each with all of its time."""
        with self._lock:
            now = time.monotonic()
            for old in [key for key, at in self._slow.items() if now - at > _FORGOTTEN_AFTER]:
                del self._slow[old]
            return self._seconds * (1 + list(self._slow).index(digest) if digest in self._slow else 1)


def _trim(known: OrderedDict[bytes, Any]) -> None:
    while len(known) > _MOST_REMEMBERED:
        known.popitem(last=False)


def _digest(function: Callable[..., object], args: tuple[object, ...]) -> bytes:
    return hashlib.sha256(pickle.dumps((function, args))).digest()
