"""What ``rank`` and ``bib`` share: the papers of a list's top sections, and what the sources say of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from bot.commands.inputs import InputError, read_list
from bot.commands.options import look_up_on_terminal, policy_of
from bot.process.isolation import InProcess, TooHard
from rules.papers.evidence import Evidence
from rules.policy.policy import Policy
from rules.ranking.rank import counted, wanted
from rules.reading.document import Document, Listed, read_document


@dataclass(frozen=True, slots=True)
class TopPapers:
    """A list with its policy, and the evidence about the papers of its top sections."""

    document: Document
    policy: Policy
    evidence: Evidence

    @property
    def papers(self) -> tuple[Listed, ...]:
        """Return the papers, in list order."""
        return counted(self.document)


def top_papers(file: Path | None, preset: str | None, config: Path | None, offline: bool) -> TopPapers:
    """Return the list ``file``, by default the policy's. Raises click.UsageError when it cannot be read."""
    policy = policy_of(preset, config)
    path = file or Path(policy.path)
    try:
        document = InProcess().run(read_document, read_list(path), policy)
    except InputError as error:
        raise click.UsageError(str(error)) from error
    except TooHard as limit:
        raise click.UsageError(f"{path}: {limit.reason}") from limit
    papers = counted(document)
    if not papers:
        raise click.UsageError(f'{path}: holds no paper in the top sections of the policy "{policy.name}"')
    evidence = Evidence() if offline else look_up_on_terminal()(wanted(papers, policy))
    return TopPapers(document, policy, evidence)
