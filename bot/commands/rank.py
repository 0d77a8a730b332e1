"""``papergate rank``."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import click

from bot.commands.options import policy_options
from bot.commands.terminal import width
from bot.render.ranking import FORMATS, Format


@click.command("rank")
@click.argument("file", required=False, type=click.Path(path_type=Path, allow_dash=True))
@policy_options
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
def command(file: Path | None, preset: str | None, config: Path | None, form: str) -> None:
    """Rank the papers of the top sections by citations relative to the minimum for their year.

    The most cited for their year come first. Papers without a count are listed last.
    """
    from bot.commands.top_papers import top_papers
    from bot.render.ranking import render
    from rules.ranking.rank import rank

    top = top_papers(file, preset, config, offline=False)
    ranking = rank(top.document, top.policy, top.evidence)
    click.echo(render(ranking, str(file or top.policy.path), cast("Format", form), width()), nl=False)
