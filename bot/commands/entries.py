"""``papergate entries``."""

from __future__ import annotations

from pathlib import Path

import click

from bot.commands.inputs import InputError, read_list
from bot.commands.options import policy_options
from bot.commands.policies import named_policy, policy_beside


@click.command("entries")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@policy_options
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(file: Path, preset: str | None, config: Path | None, form: str) -> None:
    """Print each entry of a list as Papergate reads it: line, section, title, year and address."""
    from bot.process.isolation import InProcess, TooHard
    from bot.render.entries import as_json, as_text
    from rules.reading.walk import read_document

    try:
        policy = (named_policy(preset, config) or policy_beside(file)).policy
        document = InProcess().run(read_document, read_list(file), policy)
    except InputError as error:
        raise click.UsageError(str(error)) from error
    except TooHard as limit:
        raise click.UsageError(f"{file} cannot be read: {limit.reason}") from limit
    click.echo(as_json(document) if form == "json" else as_text(document, str(file)), nl=False)
