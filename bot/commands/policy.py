"""``papergate policy``: draft, check and show the policy file of a list."""

from __future__ import annotations

from pathlib import Path

import click

from bot.commands.inputs import STANDARD_INPUT, InputError, read_content, read_list
from bot.commands.options import policy_options
from bot.commands.policies import PATH, named_policy, policy_beside, root_of

_DRAFT_SECONDS = 30  # for a list of 3,000 entries, read once for each guess at their forms


@click.group("policy")
def command() -> None:
    """Work with the policy file of a list."""


@command.command("init")
@click.argument("readme", type=click.Path(path_type=Path, allow_dash=True))
@click.option("-o", "--output", type=click.Path(path_type=Path, allow_dash=True), help="Write to this file.")
@click.option("--workflow", is_flag=True, help="Also write the workflow of the GitHub Action.")
@click.option("--issue-form", is_flag=True, help="Also write an issue form to suggest a paper.")
def init(readme: Path, output: Path | None, workflow: bool, issue_form: bool) -> None:
    """Draft a policy from the list README itself, on standard output or in a file.

    The draft names the forms of the entries as they are read, with examples, and what is not sure. Read it
    through, then try it: `papergate policy check FILE` and `papergate backtest --config FILE`. The other
    files go to their places in the repository of the list, where they must not exist yet.
    """
    from bot.files.policy_draft import as_policy_file
    from bot.files.starter_files import ISSUE_FORM, ISSUE_FORM_PATH, WORKFLOW, WORKFLOW_PATH, write_new
    from bot.process.isolation import InProcess, TooHard
    from bot.render.safe_output import no_commands
    from rules.drafting.draft import draft_policy

    root = root_of(readme)
    wanted = [(WORKFLOW_PATH, WORKFLOW)] * workflow + [(ISSUE_FORM_PATH, ISSUE_FORM)] * issue_form
    for path, _ in wanted:
        if (root / path).exists():
            raise click.UsageError(f"{root / path} exists: remove it first, or leave out the option")
    try:
        draft = InProcess(_DRAFT_SECONDS).run(draft_policy, read_list(readme))
    except InputError as error:
        raise click.UsageError(str(error)) from error
    except TooHard as limit:
        raise click.UsageError(f"{readme} cannot be read: {limit.reason}") from limit
    if not draft.forms:
        raise click.UsageError(f"{readme} holds no entries: no item of it has a title and a link")
    text = as_policy_file(draft, _path_in(root, readme))
    try:
        if output is None or output == STANDARD_INPUT:
            click.echo(no_commands(text), nl=False)
        else:
            output.parent.mkdir(parents=True, exist_ok=True)
            output.write_text(text, encoding="utf-8")
        for path, content in wanted:
            write_new(root / path, content)
    except OSError as error:
        raise click.UsageError(f"{error.filename}: {error.strerror or error}") from error


def _path_in(root: Path, readme: Path) -> str:
    """Return the path of the list within its repository; that of standard input is README.md."""
    if readme == STANDARD_INPUT:
        return "README.md"
    return readme.absolute().relative_to(root).as_posix()


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
