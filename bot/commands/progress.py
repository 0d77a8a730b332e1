"""Look up a whole list in steps, with a progress bar on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from bot.service.pipeline import LookUp
from rules.papers.evidence import Answer, Evidence, EvidenceRequest, Query, Unanswered

_PORTION = 10  # papers looked up by title between two steps of the bar


def with_progress(look_up: LookUp) -> LookUp:
    """Return ``look_up`` in steps, with a progress bar when standard error is a terminal.

    Papers with an identifier are one step, because they are one request. The others are searched by title
    until no source answers.
    """

    def ask(wanted: EvidenceRequest) -> Evidence:
        answers: dict[Query, tuple[Answer, ...]] = {}
        steps = list(_steps(wanted))
        with progress_bar("Looking up papers", sum(map(_size, steps))) as advance:
            for step in steps:
                silent = _silence(answers)
                answers |= dict.fromkeys(step.full, silent) if silent else look_up(step).answers
                advance(_size(step))
        return Evidence(answers)

    return ask


def _steps(wanted: EvidenceRequest) -> Iterator[EvidenceRequest]:
    named = tuple(query for query in wanted.full if query.askable)
    titles = tuple(query for query in wanted.full if not query.askable)
    if named or wanted.count_only:
        yield replace(wanted, full=named)
    for start in range(0, len(titles), _PORTION):
        yield replace(wanted, full=titles[start : start + _PORTION], count_only=())


def _size(step: EvidenceRequest) -> int:
    return len(step.full) + len(step.count_only)


def _silence(answers: dict[Query, tuple[Answer, ...]]) -> tuple[Answer, ...]:
    """Return the answers for the last title if no source answered it, else nothing."""
    last = next((found for query, found in reversed(answers.items()) if not query.askable), ())
    return last if all(isinstance(answer, Unanswered) for answer in last) else ()


@contextmanager
def progress_bar(label: str, total: int) -> Iterator[Callable[[int], None]]:
    """Show a progress bar when standard error is a terminal; yield the function that advances it."""
    if not total or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(label, total=total)
        yield lambda count: progress.advance(task, count)
