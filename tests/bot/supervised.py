"""``python -m tests.bot.supervised``: the supervisor with the real web, and a worker that needs no GitHub.

Further arguments are a command that takes the worker's place.
"""

import sys

import click

from bot.process.logging import configure_logging
from bot.process.supervisor import PROGRAMS, Program, SupervisorError, supervise
from bot.settings import load_settings

WORKER_MODULE = "tests.bot.jobs.recording"

if __name__ == "__main__":
    (web,) = (program for program in PROGRAMS if program.name == "web")
    command = tuple(sys.argv[1:]) or (sys.executable, "-m", WORKER_MODULE, "--with-parent")
    configure_logging()
    try:
        supervise(load_settings(), click.echo, [web, Program("worker", command)])
    except SupervisorError as error:
        sys.exit(str(error))
