"""The command line. Each command's module is loaded when that command runs, and no other."""

from __future__ import annotations

import sys
from importlib import import_module

import click

_COMMANDS = {
    "action": "bot.commands.action",
    "audit": "bot.commands.audit",
    "bib": "bot.commands.bib",
    "check": "bot.commands.check",
    "entries": "bot.commands.entries",
    "log": "bot.commands.log",
    "migrate": "bot.commands.migrate",
    "rank": "bot.commands.rank",
    "serve": "bot.commands.serve",
    "worker": "bot.commands.worker",
}

USAGE_ERROR = 2


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


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="papergate")
def cli() -> None:
    """Papergate stands at the gate of a curated paper list."""


def main() -> None:
    """Run the command line; a usage or input error is one line on standard error and exit status 2."""
    try:
        status = cli.main(prog_name="papergate", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as help_shown:
        click.echo(help_shown.format_message())
        sys.exit(USAGE_ERROR)
    except click.ClickException as error:
        click.echo(f"papergate: {' '.join(error.format_message().split())}", err=True)
        sys.exit(USAGE_ERROR if isinstance(error, click.UsageError) else error.exit_code)
    except click.Abort:
        sys.exit(130)
    sys.exit(status if isinstance(status, int) else 0)
