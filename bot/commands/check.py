"""``papergate check``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from bot.commands import companion as companions
from bot.commands.git import Repository
from bot.commands.inputs import STANDARD_INPUT, InputError, decode, read_list
from bot.commands.options import check_options, pipeline_for, print_report
from bot.commands.policies import ChosenPolicy, named_policy, policy_at, policy_beside
from bot.files.companion_file import CompanionFile
from bot.service.pipeline import Texts


@dataclass(frozen=True, slots=True)
class _Change:
    """What to check: the list at ``file`` with its earlier versions, its policy and its BibTeX file."""

    file: Path
    texts: Texts
    chosen: ChosenPolicy
    bib_file: CompanionFile | None


@click.command("check")
@click.option("--base", type=click.Path(path_type=Path, allow_dash=True), help="The list before the change.")
@click.option("--head", type=click.Path(path_type=Path, allow_dash=True), help="The list after the change.")
@click.option("--base-ref", metavar="REF", help="Check what a local repository changed since it left REF.")
@click.argument("path", required=False, type=click.Path(path_type=Path))
@check_options
@companions.option
def command(
    base: Path | None,
    head: Path | None,
    base_ref: str | None,
    path: Path | None,
    preset: str | None,
    config: Path | None,
    today: str | None,
    offline: bool,
    form: str,
    companion: Path | None,
) -> None:
    """Check a change of a list: two files (- is standard input), or a local git repository against REF.

    PATH is the list in the repository, by default the policy's. Without --preset and --config the policy is
    .github/papergate.yml at REF, or beside the base file. Exit status: 0 passes, 1 is held, 2 means that the
    input or the usage is wrong.
    """
    pipeline = pipeline_for(today, offline)
    try:
        named = named_policy(preset, config)
        if base_ref is None:
            change = _from_files(base, head, path, named, companion)
        elif base or head:
            raise click.UsageError("use --base-ref, or --base and --head, not both")
        else:
            change = _from_repository(base_ref, path, named, companion)
    except InputError as error:
        raise click.UsageError(str(error)) from error
    change.chosen.announce(form)
    policy = change.chosen.policy
    evaluation = pipeline.evaluate(change.texts, policy, companion=change.bib_file)
    print_report(pipeline, evaluation, policy, change.file, form)


def _from_files(
    base: Path | None,
    head: Path | None,
    path: Path | None,
    named: ChosenPolicy | None,
    companion: Path | None,
) -> _Change:
    if base is None or head is None:
        raise click.UsageError("name the change with --base FILE and --head FILE, or with --base-ref REF")
    if path is not None:
        raise click.UsageError("PATH goes with --base-ref; --base and --head already name the list")
    if base == head == STANDARD_INPUT:
        raise click.UsageError("only one of --base and --head can be standard input")
    chosen = named or policy_beside(base)
    before = read_list(base)
    texts = Texts(before, before, read_list(head))
    return _Change(head, texts, chosen, companions.of_files(chosen.policy, companion, base, head))


def _from_repository(
    ref: str, path: Path | None, named: ChosenPolicy | None, companion: Path | None
) -> _Change:
    repository = Repository(Path() if path is None else path.parent)
    chosen = named or policy_at(repository, ref)
    file = repository.root() / chosen.policy.path if path is None else path
    name = repository.name_of(file)
    head = read_list(file)
    base = repository.commit(ref)
    merge_base = repository.merge_base(base, "HEAD")
    texts = Texts(_list_at(repository, merge_base, name, ref), _list_at(repository, base, name, ref), head)
    bib_file = companions.of_repository(chosen.policy, companion, repository, merge_base, file)
    return _Change(Path(chosen.policy.path) if path is None else path, texts, chosen, bib_file)


def _list_at(repository: Repository, commit: str, name: str, ref: str) -> str:
    """Return the list at a commit; a list that is not there yet is empty."""
    content = repository.content(commit, name)
    return "" if content is None else decode(content, f"{name} at {ref}")
