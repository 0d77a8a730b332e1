"""``papergate policy``: check and show the policy file of a list."""

from __future__ import annotations

from pathlib import Path

import click

from bot.commands.inputs import InputError, read_content
from bot.commands.options import policy_options
from bot.commands.policies import PATH, named_policy, policy_beside


@click.group("policy")
def command() -> None:
    """Work with the policy file of a list."""


@command.command("check")
@click.argument("file", default=PATH, type=click.Path(path_type=Path, allow_dash=True))
def check(file: Path) -> None:
    """Check a policy file, by default .github/papergate.yml: each problem is one line.

    Exit status: 0 when it can be used, 1 when it cannot, 2 when it cannot be read.
    """
    from bot.files.policy_file import PolicyError, read_policy
    from bot.render.escape import plain
    from bot.render.safe_output import no_commands

    try:
        text = read_content(file).decode("utf-8-sig")
    except InputError as error:
        raise click.UsageError(str(error)) from error
    except UnicodeDecodeError as error:
        raise click.UsageError(f"{file} is not UTF-8: byte {error.start} is not valid") from error
    try:
        policy = read_policy(text)
    except PolicyError as error:
        for problem in error.problems:
            place = f"{file}:{problem.line}" if problem.line else str(file)
            key = f"{problem.where}: " if problem.where else ""
            click.echo(no_commands(plain(f"{place}: {key}{problem.message}", 1000)))
        raise click.exceptions.Exit(1) from error
    click.echo(no_commands(plain(f"{file}: can be used; the list is {policy.path}")))


@command.command("show")
@click.argument("file", required=False, type=click.Path(path_type=Path, allow_dash=True))
@policy_options
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def show(file: Path | None, preset: str | None, config: Path | None, form: str) -> None:
    """Show the whole policy that holds for a list, with what the policy file leaves to the preset.

    FILE is the list, by default README.md. Without --preset and --config the policy is
    .github/papergate.yml beside the list or at the root of its repository.
    """
    from bot.render.policy import as_json, as_text

    try:
        chosen = named_policy(preset, config) or policy_beside(file or Path("README.md"))
    except InputError as error:
        raise click.UsageError(str(error)) from error
    chosen.announce(form)
    click.echo(as_json(chosen.policy) if form == "json" else as_text(chosen.policy), nl=False)
