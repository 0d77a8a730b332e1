"""Real processes under test: started, waited for on a condition, and never left behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_tick = threading.Event()


def wait_until(condition: Callable[[], bool], seconds: float = 30) -> None:
    """Return once the condition holds; fail when it does not within so many seconds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"still not so after {seconds} s"
        _tick.wait(0.02)


@contextmanager
def python(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Run Python with these arguments; at the end close its input and, if it still lives, kill it."""
    process = subprocess.Popen(
        [sys.executable, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        with process:
            try:
                yield process
            finally:
                if process.poll() is None:
                    process.kill()
    finally:
        process.wait()


@contextmanager
def postgres_server(folder: str) -> Iterator[str]:
    """Run PostgreSQL in a folder and return its URL; its owner stops it, even if this process is killed."""
    with python("-m", "bot.database.embedded", folder) as owner:
        assert owner.stdout is not None
        try:
            url = owner.stdout.readline().strip()
            assert url, "the database did not start; its owner says why"
            yield url
        finally:
            owner.communicate()  # its input closes, and it ends


def kill(process: subprocess.Popen[str]) -> None:
    """End a process with SIGKILL and wait until it is gone."""
    process.send_signal(signal.SIGKILL)
    process.wait()


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody uses."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def descendants(ancestor: int) -> set[int]:
    """Return the ids of all living processes started by this one, directly or not."""
    parents = dict(filter(None, map(_parent, Path("/proc").glob("[0-9]*"))))
    found: set[int] = set()
    while more := {child for child, parent in parents.items() if parent in {ancestor, *found}} - found:
        found |= more
    return found


def running(ancestor: int, module: str) -> set[int]:
    """Return the ids of those descendants that run this Python module."""
    return {child for child in descendants(ancestor) if f"\0-m\0{module}\0" in _command_line(child)}


def _command_line(process_id: int) -> str:
    try:
        return Path(f"/proc/{process_id}/cmdline").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def lives(process_id: int) -> bool:
    """Return whether the process runs; one that has ended but was not yet waited for does not."""
    return _parent(Path(f"/proc/{process_id}")) is not None


def _parent(directory: Path) -> tuple[int, int] | None:
    try:
        state, parent = (directory / "stat").read_text().rpartition(")")[2].split()[:2]
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if state == "Z" else (int(directory.name), int(parent))


def end(process_ids: set[int]) -> None:
    """Kill those of these processes that still live."""
    for process_id in filter(lives, process_ids):
        os.kill(process_id, signal.SIGKILL)
