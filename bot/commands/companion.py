"""Find the BibTeX file of a list for ``check`` and ``audit``."""

from __future__ import annotations

from pathlib import Path

import click

from bot.commands.git import Repository
from bot.commands.inputs import STANDARD_INPUT, read_content
from bot.files.companion_file import CompanionFile
from rules.policy.policy import Policy

option = click.option(
    "--companion",
    type=click.Path(path_type=Path),
    help="The list's BibTeX file; by default the policy's, if it is beside the list.",
)


def of_list(policy: Policy, given: Path | None, file: Path) -> CompanionFile | None:
    """Return the BibTeX file of the list ``file``, None when it has none. Raises InputError."""
    path = _beside(policy, given, file)
    return None if path is None else CompanionFile(path.name, None, read_content(path))


def of_files(policy: Policy, given: Path | None, base: Path, head: Path) -> CompanionFile | None:
    """Return the BibTeX file beside two versions of a list; a single one counts for both versions."""
    after = _beside(policy, given, head) or _beside(policy, given, base)
    if after is None:
        return None
    before = _beside(policy, given, base) or after
    return CompanionFile(after.name, read_content(before), read_content(after))


def of_repository(
    policy: Policy, given: Path | None, repository: Repository, merge_base: str, file: Path
) -> CompanionFile | None:
    """Return the BibTeX file beside ``file``, as it is now and as it was at the merge base."""
    path = _beside(policy, given, file)
    if path is None:
        return None
    name = repository.name_of(path)
    return CompanionFile(path.name, repository.content(merge_base, name), read_content(path))


def _beside(policy: Policy, given: Path | None, file: Path) -> Path | None:
    if given is not None or policy.companion is None or file == STANDARD_INPUT:
        return given
    path = file.with_name(Path(policy.companion).name)
    return path if path.is_file() else None
