"""What ``check`` and ``audit`` share: policy, date, evidence, form of the answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeVar, cast

import click

from bot.commands.inputs import InputError, read_list
from bot.process.isolation import InProcess
from bot.render import FORMATS, Format, render
from bot.service.pipeline import Evaluator, LookUp
from rules.policy.policy import Policy
from rules.policy.presets import DEFAULT, PRESETS
from rules.report.report import Report, Verdict

Command = TypeVar("Command", bound=Callable[..., object])


def policy_options(command: Command) -> Command:
    """Add the options that say which policy holds."""
    preset = click.option("--preset", type=click.Choice(sorted(PRESETS)), help="A list's built-in policy.")
    config = click.option("--config", type=click.Path(path_type=Path), help="A policy file.")
    return preset(config(command))


def judging(command: Command) -> Command:
    """Add the options that say how to judge and how to answer."""
    options = [
        click.option("--today", metavar="DATE", help="Evaluator as on this day (YYYY-MM-DD)."),
        click.option("--offline", is_flag=True, help="Ask no bibliographic service."),
        click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True),
    ]
    for option in reversed(options):
        command = option(command)
    return policy_options(command)


def policy_of(preset: str | None, config: Path | None) -> Policy:
    """Return the policy asked for. Raises click.UsageError for a bad policy file or both options at once."""
    if config is None:
        return PRESETS[preset or DEFAULT]
    if preset is not None:
        raise click.UsageError("--preset and --config exclude each other: a policy file names its preset")
    from bot.files.policy_file import PolicyError, read_policy

    try:
        return read_policy(read_list(config))
    except InputError as error:
        raise click.UsageError(str(error)) from error
    except PolicyError as error:
        raise click.UsageError(f"{config}: {error}") from error


def judge_for(today: str | None, offline: bool) -> Evaluator:
    """Return how to judge in this process. Raises click.UsageError for a day that is none."""
    return Evaluator(InProcess(), None if offline else look_up_on_terminal(), _day(today))


def _day(today: str | None) -> date:
    if today is None:
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(today)
    except ValueError as error:
        raise click.UsageError(f"--today: expected YYYY-MM-DD, not {today!r}") from error


def look_up_on_terminal() -> LookUp:
    """Return how to look papers up here, with a bar while it lasts. Raises click.UsageError."""
    from bot.commands.progress import with_progress
    from bot.evidence.cache import FileCache
    from bot.evidence.rate_limit import FileTurns
    from bot.evidence.sources import library
    from bot.service.gather_evidence import looking
    from bot.settings import SettingsError, load_service_settings

    try:
        settings = load_service_settings()
    except SettingsError as error:
        raise click.UsageError(str(error)) from error
    sources = library(settings, FileCache(settings.data_dir), FileTurns(settings.data_dir))
    return looking(settings, with_progress(lambda wanted: sources.look_up(wanted, datetime.now(UTC))))


def answer(report: Report, form: str) -> None:
    """Print ``report`` and leave with status 0 when it passes, 1 when it holds."""
    click.echo(render(report, cast("Format", form)), nl=False)
    raise click.exceptions.Exit(0 if report.verdict is Verdict.PASS else 1)
