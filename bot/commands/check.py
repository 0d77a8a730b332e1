"""``papergate check``."""

from __future__ import annotations

from pathlib import Path

import click

from bot.commands import companion as companions
from bot.commands.inputs import InputError, merge_base_of, read_at, read_list
from bot.commands.options import answer, judge_for, judging, policy_of
from bot.service.pipeline import Texts


@click.command("check")
@click.option("--base", type=click.Path(path_type=Path), help="The list before the change.")
@click.option("--head", type=click.Path(path_type=Path), help="The list after the change.")
@click.option("--base-ref", metavar="REF", help="Compare a local repository's list with where it left REF.")
@click.argument("path", required=False, type=click.Path(path_type=Path))
@judging
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
    """Evaluator a change of a list: two files, or a local git repository against REF.

    Leaves with status 0 when the change passes, 1 when it is held, 2 when the input or the usage is wrong.
    """
    policy = policy_of(preset, config)
    judge = judge_for(today, offline)
    path = path or Path(policy.path)
    try:
        if base_ref is None:
            before, after = _files(base, head)
            texts = _texts(before, after)
            beside = companions.of_files(policy, companion, before, after)
        else:
            if base or head:
                raise click.UsageError("--base-ref excludes --base and --head")
            texts = _texts_of_repository(base_ref, path)
            beside = companions.of_repository(policy, companion, base_ref, path)
    except InputError as error:
        raise click.UsageError(str(error)) from error
    answer(judge.change(texts, policy, companion=beside), form)


def _files(base: Path | None, head: Path | None) -> tuple[Path, Path]:
    if base is None or head is None:
        raise click.UsageError("expected --base FILE and --head FILE, or --base-ref REF")
    return base, head


def _texts(base: Path, head: Path) -> Texts:
    before = read_list(base)
    return Texts(before, before, read_list(head))


def _texts_of_repository(ref: str, path: Path) -> Texts:
    after = read_list(path)
    merge_base = read_at(merge_base_of(ref, path.parent), path)
    return Texts(merge_base, read_at(ref, path), after)
