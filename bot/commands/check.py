"""``papergate check``."""

from __future__ import annotations

from pathlib import Path

import click

from bot.commands.options import answer, judge_for, judging, policy_of
from bot.inputs import InputError, merge_base_of, read_at, read_list
from bot.judgement import Texts


@click.command("check")
@click.option("--base", type=click.Path(path_type=Path), help="The list before the change.")
@click.option("--head", type=click.Path(path_type=Path), help="The list after the change.")
@click.option("--base-ref", metavar="REF", help="Compare a local repository's list with where it left REF.")
@click.argument("path", required=False, type=click.Path(path_type=Path))
@judging
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
) -> None:
    """Judge a change of a list: two files, or a local git repository against REF.

    Leaves with status 0 when the change passes, 1 when it is held, 2 when the input or the usage is wrong.
    """
    policy = policy_of(preset, config)
    judge = judge_for(today, offline)
    try:
        texts = _texts(base, head, base_ref, path or Path(policy.path))
    except InputError as error:
        raise click.UsageError(str(error)) from error
    answer(judge.change(texts, policy), form)


def _texts(base: Path | None, head: Path | None, base_ref: str | None, path: Path) -> Texts:
    if base_ref is not None:
        if base or head:
            raise click.UsageError("--base-ref excludes --base and --head")
        after = read_list(path)
        merge_base = read_at(merge_base_of(base_ref, path.parent), path)
        return Texts(merge_base, read_at(base_ref, path), after)
    if base is None or head is None:
        raise click.UsageError("expected --base FILE and --head FILE, or --base-ref REF")
    before = read_list(base)
    return Texts(before, before, read_list(head))
