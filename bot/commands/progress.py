"""Looking a whole list up, with a bar on the terminal while it lasts."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace

from bot.judgement import LookUp
from rules.evidence import Answer, Evidence, Query, Unanswered, Wanted

_PORTION = 10  # papers looked up by title between two steps of the bar


def with_progress(look_up: LookUp) -> LookUp:
    """Return ``look_up`` in steps, shown by a bar on standard error where that is a terminal.

    Papers with an identifier are one step, for they are one request; the others follow by title, and are
    given up once the source does not answer.
    """

    def ask(wanted: Wanted) -> Evidence:
        steps = list(_steps(wanted))
        if not steps:
            return look_up(wanted)
        from rich.console import Console
        from rich.progress import Progress

        found = Evidence()
        with Progress(
            console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()
        ) as progress:
            papers = progress.add_task("Looking up papers", total=sum(map(_size, steps)))
            for step in steps:
                found = _joined(found, _asked(look_up, step, found))
                progress.advance(papers, _size(step))
        return found

    return ask


def _steps(wanted: Wanted) -> Iterator[Wanted]:
    named = tuple(filter(_is_named, wanted.judged))
    titles = tuple(query for query in wanted.judged if not _is_named(query))
    if named or wanted.ranked or wanted.urls:
        yield replace(wanted, judged=named)
    for start in range(0, len(titles), _PORTION):
        yield Wanted(judged=titles[start : start + _PORTION], fresh_days=wanted.fresh_days)


def _is_named(query: Query) -> bool:
    return query.identifier is not None and query.identifier.askable


def _size(step: Wanted) -> int:
    return len(step.judged) + len(step.ranked)


def _asked(look_up: LookUp, step: Wanted, found: Evidence) -> Evidence:
    """Return what ``look_up`` says to a step by title, or that the source has just not answered one."""
    titles = [query for query in found.answers if not _is_named(query)]
    last = found.of(titles[-1]) if titles else ()
    if any(map(_is_named, step.judged)) or not last or not all(map(_is_silent, last)):
        return look_up(step)
    return Evidence(dict.fromkeys(step.judged, last))


def _is_silent(answer: Answer) -> bool:
    return isinstance(answer, Unanswered)


def _joined(one: Evidence, other: Evidence) -> Evidence:
    return Evidence({**one.answers, **other.answers}, {**one.reached, **other.reached})
