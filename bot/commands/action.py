"""``papergate action``: check a pull request or a merge group in GitHub Actions, without the App."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any

import click

from bot.commands.git import Repository
from bot.commands.inputs import InputError
from bot.commands.options import pipeline_for
from bot.commands.policies import PATH
from rules.report.report import SCHEMA, Report, Verdict, as_json

if TYPE_CHECKING:
    from bot.commands.action_event import Event, Runner
    from bot.commands.local_change import LocalChange
    from bot.render.check import CheckOutput
    from bot.service.pipeline import Pipeline

_FETCH_SECONDS = 300  # a list's whole history takes seconds; a job that waits for the network must end

_ADVICE = "set `fetch-depth: 0` for actions/checkout: the clone lacks commits of this change"


@dataclass(frozen=True, slots=True)
class _Result:
    """What to publish: workflow commands for the log, Markdown for the summary, and the report."""

    verdict: Verdict
    commands: str
    summary: str
    report: dict[str, Any]


@click.command("action")
@click.option("--offline", is_flag=True, envvar="INPUT_OFFLINE", help="Query no service, follow no link.")
@click.option("--today", metavar="DATE", help="Check as if today were this day (YYYY-MM-DD).")
def command(offline: bool, today: str | None) -> None:
    """Check the change that a run of GitHub Actions is about, by the policy of the base branch.

    After a run about a pull request (workflow_run), keep the comment on that pull request instead.

    Reads the event, the workspace and the names of the output files from the environment, as the runner
    sets them. Exit status: 0 passes, 1 is held, 2 means that the run is not set up right.
    """
    from bot.commands.action_event import event_name, read_runner

    pipeline = pipeline_for(today, offline)
    try:
        if event_name() == "workflow_run":
            _comment(pipeline)
            return
        runner = read_runner()
        result = _check(_change(Repository(runner.workspace), runner), runner, pipeline)
        _publish(result, runner)
    except InputError as error:
        raise click.UsageError(str(error)) from error
    click.echo(result.commands, nl=False)
    raise click.exceptions.Exit(0 if result.verdict is Verdict.PASS else 1)


def _comment(pipeline: Pipeline) -> None:
    """Keep the comment on the pull request of a finished run. Raises InputError and click.ClickException."""
    from bot.commands.action_comment import keep_comments
    from bot.commands.action_event import read_finished_run
    from bot.github.errors import GitHubError
    from bot.render.workflow import notice

    run = read_finished_run()
    if run.head_sha is None:
        click.echo(notice("The run was not about a pull request"), nl=False)
        return
    try:
        numbers = keep_comments(run.head_sha, run.repository, run.token, run.api_url, pipeline.look_up)
    except GitHubError as error:
        raise click.ClickException(f"GitHub: {error}") from error
    changed = ", ".join(f"#{number}" for number in numbers)
    said = f"The comment on {changed} is up to date" if numbers else "No comment had to change"
    click.echo(notice(said), nl=False)


def _change(repository: Repository, runner: Runner) -> LocalChange:
    """Return the commits of the change, fetching what a shallow clone lacks. Raises InputError."""
    from bot.commands.local_change import LocalChange

    event = runner.event
    _complete(repository, event)
    base = repository.merged_into(runner.merge_sha, event.head_sha) or event.base_sha
    try:
        merge_base = repository.merge_base(base, event.head_sha)
    except InputError as error:
        raise InputError(f"{_ADVICE} ({error})" if repository.is_shallow() else str(error)) from error
    return LocalChange(repository, merge_base, base, event.head_sha)


def _complete(repository: Repository, event: Event) -> None:
    """Fetch the commits and the history that the clone lacks. Raises InputError when that is not possible."""
    shallow = repository.is_shallow()
    missing = [sha for sha in (event.base_sha, event.head_sha) if not repository.has(sha)]
    if not shallow and not missing:
        return
    options = ["--quiet", "--no-tags", "--no-recurse-submodules", *(["--unshallow"] if shallow else [])]
    # To complete a history, git has to be asked for some commit of it: the base is there in any case.
    wanted = dict.fromkeys([*missing, *([event.base_sha] if shallow else [])])
    try:
        repository.run("fetch", *options, "origin", *wanted, seconds=_FETCH_SECONDS)
    except InputError as error:
        raise InputError(f"{_ADVICE} ({error})") from error


def _check(change: LocalChange, runner: Runner, pipeline: Pipeline) -> _Result:
    question = replace(pipeline.question, description=runner.event.description)
    found = change.evaluate(replace(pipeline, question=question))
    return _with_report(found, change, runner) if isinstance(found, Report) else _without_report(found)


def _with_report(report: Report, change: LocalChange, runner: Runner) -> _Result:
    from bot.render.comment import markdown
    from bot.render.page import Judged
    from bot.render.workflow import workflow_commands

    summary = markdown(report, Judged(change.head, change.base, runner.repository_url))
    return _Result(report.verdict, workflow_commands(report), summary, as_json(report))


def _without_report(output: CheckOutput) -> _Result:
    """Return the result where nothing was evaluated; what holds waits for a maintainer."""
    from bot.render.workflow import notice

    passes = output.conclusion == "success"
    verdict = Verdict.PASS if passes else Verdict.DECISION
    return _Result(
        verdict,
        notice(output.title, None if passes else PATH, held=not passes),
        f"### {output.title}\n\n{output.summary}",
        {"schema": SCHEMA, "verdict": verdict.value, "reason": output.title, "findings": []},
    )


def _publish(result: _Result, runner: Runner) -> None:
    """Write the report, the step summary and the outputs. Raises InputError when one cannot be written."""
    from bot.render.safe_output import as_json_text

    try:
        with NamedTemporaryFile(
            "w", dir=runner.temporary, prefix="papergate-", suffix=".json", delete=False, encoding="utf-8"
        ) as file:
            file.write(as_json_text(result.report))
        _append(runner.summary, f"{result.summary}\n")
        _append(runner.outputs, f"verdict={result.verdict.value}\nreport={file.name}\n")
    except OSError as error:
        raise InputError(f"{error.filename or 'output'}: {error.strerror or error}") from error


def _append(path: Path | None, text: str) -> None:
    if path is not None:
        with path.open("a", encoding="utf-8") as file:
            file.write(text)
