"""A rate limiter shared by all processes: a table row, or a locked file for the command line."""

from __future__ import annotations

import fcntl
import json
import logging
import os
import time
from pathlib import Path

from sqlalchemy import Engine, text

from bot.process.private_files import open_private, private_directory

LONGEST = 15.0
"""Seconds to wait for the next request at most."""

_LARGEST = 64 * 1024  # bytes; a few sources need some hundred
_log = logging.getLogger(__name__)

# The row is locked for this statement only: the caller waits outside of it.
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
    """A rate limiter in a table, shared by every worker. An SQLAlchemyError passes through."""

    def __init__(self, engine: Engine, longest: float = LONGEST) -> None:
        self._engine = engine
        self._longest = longest

    def reserve(self, source: str, seconds: float) -> float | None:
        """Reserve the next request; return the seconds to wait for it, None when they are too many."""
        values = {"source": source, "seconds": seconds, "longest": self._longest}
        with self._engine.begin() as connection:
            wait = connection.execute(_TAKE, values).scalar_one_or_none()
        return None if wait is None else max(0.0, float(wait))


class FileRateLimit:
    """A rate limiter in ``rate_limit.json`` under ``directory``; without that file nobody waits."""

    def __init__(self, directory: Path, longest: float = LONGEST) -> None:
        self._path = directory / "rate_limit.json"
        self._longest = longest

    def reserve(self, source: str, seconds: float) -> float | None:
        """Reserve the next request; return the seconds to wait for it, None when they are too many."""
        try:
            with (
                private_directory(self._path.parent) as directory,
                os.fdopen(open_private(directory, self._path.name, os.O_RDWR | os.O_CREAT), "r+b") as file,
            ):
                fcntl.flock(file, fcntl.LOCK_EX)
                file.seek(0)
                known = _read(file.read(_LARGEST))
                now = time.time()
                at = max(now, known.get(source, now))
                if at - now > self._longest + seconds:  # the clock was set back: nobody can have reserved it
                    at = now
                if at - now >= self._longest:
                    return None
                file.seek(0)
                file.truncate()
                file.write(json.dumps(known | {source: at + seconds}).encode())
                return at - now
        except OSError as error:
            _log.warning("requests are not rate-limited: %s", error)
            return 0.0


def _read(content: bytes) -> dict[str, float]:
    """Return when each source may be asked again; nothing where that is not readable."""
    try:
        known = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(known, dict):
        return {}
    return {name: float(at) for name, at in known.items() if isinstance(at, int | float)}
