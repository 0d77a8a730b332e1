"""Where ``check`` and ``audit`` find the BibTeX file of a list."""

from __future__ import annotations

from pathlib import Path

import click

from bot.commands.inputs import content_at, merge_base_of, read_content
from bot.files.companion_file import CompanionFile
from rules.policy.policy import Policy

option = click.option(
    "--companion",
    type=click.Path(path_type=Path),
    help="The list's BibTeX file; without this the policy's, where it stands beside the list.",
)


def of_list(policy: Policy, given: Path | None, file: Path) -> CompanionFile | None:
    """Return the BibTeX file of the list ``file``, None where it has none. Raises InputError."""
    path = _beside(policy, given, file)
    return None if path is None else _file(path, None)


def of_files(policy: Policy, given: Path | None, base: Path, head: Path) -> CompanionFile | None:
    """Return the BibTeX file beside two versions of a list; one that is beside one alone is of both."""
    after = _beside(policy, given, head) or _beside(policy, given, base)
    if after is None:
        return None
    before = _beside(policy, given, base) or after
    return _file(after, read_content(before))


def of_repository(policy: Policy, given: Path | None, ref: str, file: Path) -> CompanionFile | None:
    """Return the BibTeX file beside ``file`` as it is and where its repository left ``ref``."""
    path = _beside(policy, given, file)
    if path is None:
        return None
    before = content_at(merge_base_of(ref, path.parent), path)
    return _file(path, before)


def _beside(policy: Policy, given: Path | None, file: Path) -> Path | None:
    if given is not None or policy.companion is None:
        return given
    path = file.with_name(Path(policy.companion).name)
    return path if path.is_file() else None


def _file(path: Path, before: bytes | None) -> CompanionFile:
    return CompanionFile(path.name, before, read_content(path))
