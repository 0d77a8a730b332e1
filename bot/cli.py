"""The command line. Each command's module is loaded when that command runs, and no other."""

from __future__ import annotations

import codecs
import io
import json
import logging
import os
import sys
import traceback
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot import __version__

if TYPE_CHECKING:
    from types import TracebackType

_COMMANDS = {
    "action": "bot.commands.action",
    "audit": "bot.commands.audit",
    "backtest": "bot.commands.backtest",
    "bib": "bot.commands.bib",
    "check": "bot.commands.check",
    "entries": "bot.commands.entries",
    "explain": "bot.commands.explain",
    "log": "bot.commands.log",
    "migrate": "bot.commands.migrate",
    "policy": "bot.commands.policy",
    "rank": "bot.commands.rank",
    "serve": "bot.commands.serve",
    "worker": "bot.commands.worker",
}

USAGE_ERROR = 2
FAULT = 3
"""Papergate itself failed: neither the list nor the command line is at fault."""
_MESSAGE_LIMIT = 2000  # characters; a policy file can have many faults, and a terminal few lines
_DEBUG = "PAPERGATE_DEBUG"


class _LazyGroup(click.Group):
    """A group that imports a command's module when the command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        command = import_module(_COMMANDS[cmd_name]).command
        assert isinstance(command, click.Command)  # noqa: S101 - each module's contract
        return command


def _turn_on_debug(_ctx: click.Context, _param: click.Parameter, is_on: bool) -> None:
    if is_on:
        os.environ[_DEBUG] = "1"


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
@click.option(
    "--debug",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_turn_on_debug,
    help=f"Show the traceback of an unexpected error, as {_DEBUG}=1 does.",
)
def cli() -> None:
    """Papergate guards a curated paper list."""


def main() -> None:
    """Run the command line and exit.

    Status 2 is a usage or input error, 3 a fault of Papergate; both are one line on standard error.
    """
    _escape_what_the_terminal_lacks()
    with _Faults():
        try:
            status = cli.main(prog_name="papergate", standalone_mode=False)
        except click.exceptions.NoArgsIsHelpError as help_shown:
            click.echo(help_shown.format_message())
            sys.exit(USAGE_ERROR)
        except click.ClickException as error:
            click.echo(f"papergate: {_one_line(error.format_message())}", err=True)
            sys.exit(USAGE_ERROR if isinstance(error, click.UsageError) else error.exit_code)
        except click.Abort:
            sys.exit(130)
    sys.exit(status if isinstance(status, int) else 0)


def _one_line(message: str) -> str:
    """Return a message that may quote a file: no control character and no workflow command is left in it."""
    from bot.render.escape import plain  # noqa: PLC0415 - imported only when there is an error
    from bot.render.safe_output import no_commands  # noqa: PLC0415

    return no_commands(plain(message, _MESSAGE_LIMIT))


def _escape_what_the_terminal_lacks() -> None:
    """Write characters that the terminal's encoding lacks as JSON escapes them, instead of failing."""
    codecs.register_error("papergate", _escape)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="papergate")


def _escape(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return json.dumps(error.object[error.start : error.end])[1:-1], error.end


class _Faults:
    """Reports an unexpected exception in one line and exits with status 3."""

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not isinstance(error, Exception):
            return
        if logging.getLogger().hasHandlers():  # a server's log has the traceback, without its secrets
            logging.getLogger(__name__).critical("unexpected error", exc_info=error)
        if os.environ.get(_DEBUG):
            traceback.print_exception(error)
            sys.exit(FAULT)
        # Without the exception's message: it may quote a secret or a line of the list.
        click.echo(
            f"papergate: unexpected {type(error).__name__} in {_place(error)}. This is a fault of Papergate,"
            f" not of your list: run the command again with {_DEBUG}=1 and report what it prints.",
            err=True,
        )
        sys.exit(FAULT)


def _place(error: Exception) -> str:
    """Return file and line of our own code where it happened."""
    root = Path(__file__).parents[1]
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        path = Path(frame.filename)
        if path.is_relative_to(root) and path.relative_to(root).parts[0] in {"bot", "rules"}:
            return f"{path.relative_to(root)}:{frame.lineno}"
    return "a library"
