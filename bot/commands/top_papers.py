"""The papers of a list's top sections with their evidence, for ``rank`` and ``bib``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from bot.commands.inputs import InputError, read_list
from bot.commands.options import look_up_on_terminal
from bot.commands.policies import named_policy, policy_beside
from bot.process.isolation import InProcess, TooHard
from rules.papers.evidence import Evidence
from rules.policy.policy import Policy
from rules.ranking.rank import counted, wanted
from rules.reading.document import Document, Listed
from rules.reading.walk import read_document


@dataclass(frozen=True, slots=True)
class TopPapers:
    """A list, its policy, and the evidence about the papers of its top sections."""

    document: Document
    policy: Policy
    evidence: Evidence

    @property
    def papers(self) -> tuple[Listed, ...]:
        """The papers, in list order."""
        return counted(self.document)


def top_papers(file: Path | None, preset: str | None, config: Path | None, offline: bool) -> TopPapers:
    """Return the top papers of ``file``, by default the policy's list.

    Raises click.UsageError when the list cannot be read or has no paper in a top section.
    """
    policy = (named_policy(preset, config) or policy_beside(file or Path("README.md"))).policy
    path = file or Path(policy.path)
    try:
        document = InProcess().run(read_document, read_list(path), policy)
    except InputError as error:
        raise click.UsageError(str(error)) from error
    except TooHard as limit:
        raise click.UsageError(f"{path}: {limit.reason}") from limit
    papers = counted(document)
    if not papers:
        raise click.UsageError(f'{path} has no paper in the top sections of the policy "{policy.name}"')
    evidence = Evidence() if offline else look_up_on_terminal()(wanted(papers, policy))
    return TopPapers(document, policy, evidence)
