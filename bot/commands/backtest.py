"""``papergate backtest``."""

from __future__ import annotations

from pathlib import Path

import click

from bot.commands.options import day, policy_options
from bot.commands.policies import named_policy, policy_at

_FORMATS = ("text", "json", "html")


@click.command("backtest")
@click.argument("repo", default=".", type=click.Path(path_type=Path))
@click.option("--since", metavar="DATE", help="Leave out changes before this day (YYYY-MM-DD).")
@policy_options
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "html"]), default="text", show_default=True
)
def command(repo: Path, since: str | None, preset: str | None, config: Path | None, form: str) -> None:
    """Show what Papergate would have said to each merged change of a list.

    REPO is a local clone, by default the current directory. Each change of the first-parent history of HEAD
    is checked as on its own day, without asking any service. Without --preset and --config the policy is
    .github/papergate.yml at HEAD. The exit status is 0 whatever the verdicts are.
    """
    from bot.commands.git import Repository
    from bot.commands.history import merged_changes
    from bot.commands.inputs import InputError
    from bot.commands.progress import progress_bar
    from bot.commands.replay import replay
    from bot.render.backtest import as_html, as_json, as_text

    first_day = None if since is None else day(since, "--since")
    repository = Repository(repo)
    try:
        chosen = named_policy(preset, config) or policy_at(repository, "HEAD")
        policy = chosen.policy
        paths = [policy.path, *([policy.companion] if policy.companion else [])]
        changes = merged_changes(repository, paths, first_day)
        page = repository.github_page()
    except InputError as error:
        raise click.UsageError(str(error)) from error
    chosen.announce(form)
    with progress_bar("Checking changes", len(changes)) as advance:
        results = list(replay(repository, changes, policy, advance))
    show = as_html if form == "html" else as_text
    click.echo(as_json(results) if form == "json" else show(results, policy.path, page), nl=False)
