"""``papergate audit``."""

from __future__ import annotations

from pathlib import Path

import click

from bot.commands import companion as companions
from bot.commands.inputs import InputError, read_list
from bot.commands.options import check_options, pipeline_for, print_report
from bot.commands.policies import named_policy, policy_beside


@click.command("audit")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@check_options
@companions.option
def command(
    file: Path,
    preset: str | None,
    config: Path | None,
    today: str | None,
    offline: bool,
    form: str,
    companion: Path | None,
) -> None:
    """Check every line of a list, as if all of it were new. FILE may be - for standard input.

    Without --preset and --config the policy is .github/papergate.yml beside the list or at the root of its
    repository. Exit status: 0 passes, 1 is held, 2 means that the input or the usage is wrong.
    """
    pipeline = pipeline_for(today, offline)
    try:
        chosen = named_policy(preset, config) or policy_beside(file)
        text = read_list(file)
        bib_file = companions.of_list(chosen.policy, companion, file)
    except InputError as error:
        raise click.UsageError(str(error)) from error
    chosen.announce(form)
    evaluation = pipeline.evaluate_list(text, chosen.policy, bib_file)
    print_report(pipeline, evaluation, chosen.policy, file, form)
