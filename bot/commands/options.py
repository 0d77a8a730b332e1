"""Options that several commands share, and what they lead to: policy, date, evidence, output."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

import click

from bot.process.isolation import InProcess
from bot.render import FORMATS, Format, render
from bot.service.pipeline import Evaluation, LookUp, Pipeline
from rules.context import Question
from rules.evaluate import Unreadable
from rules.policy.policy import Policy
from rules.policy.presets import PRESETS
from rules.report.report import Report, Verdict

if TYPE_CHECKING:
    from bot.render.text import View

Command = TypeVar("Command", bound=Callable[..., object])


def policy_options(command: Command) -> Command:
    """Add the options that name a policy."""
    preset = click.option("--preset", type=click.Choice(sorted(PRESETS)), help="Use a built-in policy.")
    config = click.option("--config", type=click.Path(path_type=Path), help="Use this policy file.")
    return preset(config(command))


def check_options(command: Command) -> Command:
    """Add the options of ``check`` and ``audit``: policy, date, evidence and output format."""
    options = [
        click.option("--today", metavar="DATE", help="Check as if today were this day (YYYY-MM-DD)."),
        click.option("--offline", is_flag=True, help="Query no bibliographic service and follow no link."),
        click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True),
    ]
    for option in reversed(options):
        command = option(command)
    return policy_options(command)


def pipeline_for(today: str | None, offline: bool) -> Pipeline:
    """Return an evaluator that runs in this process. Raises click.UsageError when ``today`` is no date."""
    return Pipeline(InProcess(), None if offline else look_up_on_terminal(), Question(day(today)))


def day(text: str | None, option: str = "--today") -> date:
    """Return the day that ``text`` names, today when it is None. Raises click.UsageError."""
    if text is None:
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise click.UsageError(f"{option}: write the date as YYYY-MM-DD, not {text!r}") from error


def look_up_on_terminal() -> LookUp:
    """Return how to look papers up here, with a progress bar. Raises click.UsageError."""
    from bot.commands.progress import with_progress
    from bot.evidence.cache import FileCache
    from bot.evidence.rate_limit import FileRateLimit
    from bot.evidence.sources import library
    from bot.service.gather_evidence import gatherer
    from bot.settings import SettingsError, load_service_settings

    try:
        settings = load_service_settings()
    except SettingsError as error:
        raise click.UsageError(str(error)) from error
    sources = library(settings, FileCache(settings.cache_dir), FileRateLimit(settings.cache_dir))
    return gatherer(settings, with_progress(lambda wanted: sources.look_up(wanted, datetime.now(UTC))))


def print_report(pipeline: Pipeline, evaluation: Evaluation, policy: Policy, file: Path, form: str) -> None:
    """Print the report on ``file`` and exit: status 0 when it passes, 1 when it is held."""
    from bot.commands.terminal import wants_colour, width

    view = None
    if form in {"text", "sarif"}:
        from bot.render.text import View

        lines = () if isinstance(evaluation.found, Unreadable) else evaluation.found.head.lines
        view = View(lines, width(), wants_colour())
    here = Path.cwd()
    if form == "sarif" and file.is_relative_to(here):
        file = file.relative_to(here)  # the place of a file in SARIF is relative
    evaluation, text = pipeline.render(evaluation, policy, _render, str(file), cast("Format", form), view)
    click.echo(text, nl=False, color=wants_colour())
    raise click.exceptions.Exit(0 if evaluation.report.verdict is Verdict.PASS else 1)


def _render(_found: object, report: Report, path: str, form: Format, view: View | None) -> str:
    return render(replace(report, path=path), form, view)
