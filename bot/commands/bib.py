"""``papergate bib``."""

from __future__ import annotations

from pathlib import Path

import click

from bot.commands.options import policy_options


@click.command("bib")
@click.argument("file", required=False, type=click.Path(path_type=Path, allow_dash=True))
@policy_options
@click.option("--offline", is_flag=True, help="Query no bibliographic service; use what the list says.")
def command(file: Path | None, preset: str | None, config: Path | None, offline: bool) -> None:
    """Print a BibTeX entry for each paper of the top sections, from the records of the services.

    Title and year come from the list, and so do the authors of a paper that no source knows.
    """
    from bot.commands.top_papers import top_papers
    from bot.render.escape import visible
    from bot.render.safe_output import no_commands
    from rules.bibliography.bibtex import bibtex
    from rules.changes.paper_records import agreeing, query_of

    top = top_papers(file, preset, config, offline)
    described = ((paper, agreeing(paper, top.evidence.of(query_of(paper)))) for paper in top.papers)
    for entry in bibtex(described):
        click.echo(no_commands(visible(entry)))
