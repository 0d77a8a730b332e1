"""Functions that hang, recurse, crash and take memory; a module that child processes load quickly."""

from __future__ import annotations

import os
import re
import time


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


def burn(seconds: float) -> float:
    """Use the processor for so long."""
    started = time.process_time()
    while time.process_time() - started < seconds:
        pass
    return seconds


def wait(seconds: float) -> float:
    """Take so long by the clock, whatever else the machine does."""
    started = time.monotonic()
    while time.monotonic() - started < seconds:
        pass
    return seconds


def tell_and_hang(text: str) -> bool:
    os.write(1, f"{os.getpid()}\n".encode())
    return hang(text)


HOSTILE = "a" * 60 + "b"
