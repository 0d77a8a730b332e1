"""``python -m bot.process.fork_server FD MEMORY NICENESS``: answer each call in a fork of this process.

This process has loaded what the calls need and never runs anything of a stranger itself: a call costs
milliseconds, sees nothing of earlier ones, and gives all of its memory back.

On the socket FD come pickled calls (CPU seconds, function, arguments). The answer is a pickled (result, CPU
seconds), the exception that the function raised, or the number of the signal that ended the fork.
"""

from __future__ import annotations

import gc
import importlib
import os
import pickle
import resource
import signal
import sys
import time
from multiprocessing.connection import Connection
from typing import NoReturn

WALL = 3
"""A call on a busy machine gets this many times its CPU time before it counts as stuck."""
_LOADED = ("bot.service.rendering", "bot.files.bib_file")


def serve(connection: Connection, memory: int) -> None:
    """Answer calls until the other side closes the connection."""
    while True:
        try:
            call = connection.recv_bytes()
            process = os.fork()
            if not process:
                _answer(connection, call, memory)
            _, status = os.waitpid(process, 0)
            if status:
                connection.send_bytes(pickle.dumps(os.waitstatus_to_exitcode(status)))
        except (EOFError, OSError):
            return


def _answer(connection: Connection, call: bytes, memory: int) -> NoReturn:
    """Answer one call and exit. The kernel's timers end this process whatever it does."""
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    try:
        seconds, function, args = pickle.loads(call)  # noqa: S301 - from the process that started this one
        signal.setitimer(signal.ITIMER_PROF, seconds)
        signal.setitimer(signal.ITIMER_REAL, WALL * seconds)
        started = time.process_time()
        answer = pickle.dumps((function(*args), time.process_time() - started))
    except BaseException as error:  # noqa: BLE001 - the caller raises it
        answer = pickle.dumps(error)
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.setitimer(signal.ITIMER_PROF, 0)
    connection.send_bytes(answer)
    os._exit(0)


def main(descriptor: str, memory: str, niceness: str) -> None:
    """Prepare this process for many forks, and serve."""
    os.nice(int(niceness))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt at the terminal is the parent's affair
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for module in _LOADED:
        importlib.import_module(module)
    gc.freeze()  # the forks share these objects' memory for as long as nobody touches them
    serve(Connection(int(descriptor)), int(memory))


if __name__ == "__main__":
    main(*sys.argv[1:])
