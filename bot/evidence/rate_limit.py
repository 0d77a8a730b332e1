"""Rate limits of services, shared by processes: in the database, or in a file for the command line."""

from __future__ import annotations

import fcntl
import json
import logging
import time
from pathlib import Path

from sqlalchemy import Engine, text

LONGEST = 15.0
"""Seconds to wait for a turn at most."""

_log = logging.getLogger(__name__)

# The row is locked for the statement alone: whoever has a turn waits for it outside.
_TAKE = text(
    """
    INSERT INTO rate_limit AS last (source, next_at)
    VALUES (:source, clock_timestamp() + make_interval(secs => :seconds))
    ON CONFLICT (source) DO UPDATE
        SET next_at = greatest(last.next_at, clock_timestamp()) + make_interval(secs => :seconds)
        WHERE last.next_at < clock_timestamp() + make_interval(secs => :longest)
    RETURNING extract(epoch FROM next_at - clock_timestamp()) - :seconds
    """
)


class DatabaseRateLimit:
    """A rate limit in the ``rate_limit`` table, shared by every worker. An SQLAlchemyError passes through."""

    def __init__(self, engine: Engine, longest: float = LONGEST) -> None:
        self._engine = engine
        self._longest = longest

    def take(self, source: str, seconds: float) -> float | None:
        """Return how many seconds to wait for the next turn; None when it is too far off."""
        values = {"source": source, "seconds": seconds, "longest": self._longest}
        with self._engine.begin() as connection:
            wait = connection.execute(_TAKE, values).scalar_one_or_none()
        return None if wait is None else max(0.0, float(wait))


class FileRateLimit:
    """A rate limit in ``turns.json`` under ``directory``; where it cannot be written, nothing waits."""

    def __init__(self, directory: Path, longest: float = LONGEST) -> None:
        self._path = directory / "turns.json"
        self._longest = longest

    def take(self, source: str, seconds: float) -> float | None:
        """Return how many seconds to wait for the next turn; None when it is too far off."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a+", encoding="utf-8") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                file.seek(0)
                known = _read(file.read())
                now = time.time()
                turn = max(now, known.get(source, now))
                if turn - now >= self._longest:
                    return None
                file.truncate(0)
                file.write(json.dumps(known | {source: turn + seconds}))
                return turn - now
        except OSError as error:
            _log.warning("the pace of requests is not kept: %s", error)
            return 0.0


def _read(content: str) -> dict[str, float]:
    """Return when each source may be asked again; nothing where that is not readable."""
    try:
        known = json.loads(content)
    except json.JSONDecodeError:
        return {}
    if not isinstance(known, dict):
        return {}
    return {name: float(at) for name, at in known.items() if isinstance(at, int | float)}
