"""``papergate audit``."""

from __future__ import annotations

from pathlib import Path

import click

from bot.commands import companion as companions
from bot.commands.inputs import InputError, read_list
from bot.commands.options import answer, judge_for, judging, policy_of


@click.command("audit")
@click.argument("file", type=click.Path(path_type=Path))
@judging
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
    """Evaluator every line of a list, as if all of it were new.

    Leaves with status 0 when the list passes, 1 when it is held, 2 when the input or the usage is wrong.
    """
    policy = policy_of(preset, config)
    judge = judge_for(today, offline)
    try:
        text = read_list(file)
        beside = companions.of_list(policy, companion, file)
    except InputError as error:
        raise click.UsageError(str(error)) from error
    answer(judge.whole(text, policy, beside), form)
