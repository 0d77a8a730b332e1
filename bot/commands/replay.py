"""Evaluate merged changes of a list again, in several processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from signal import SIG_IGN, SIGINT, signal

from bot.commands.git import Repository
from bot.commands.history import Contents, MergedChange, Span, contents, own_span, span_of, texts_of
from bot.files.companion_file import CompanionFile
from bot.process.isolation import InProcess
from bot.render.backtest import ReplayedChange
from bot.service.pipeline import Pipeline
from rules.context import Question
from rules.policy.policy import Policy
from rules.report.report import Report, as_json

PROCESSES = 2
_PORTION = 10  # changes that one process evaluates at a time: neighbours share most of their entries


def replay(
    repository: Repository,
    changes: Sequence[MergedChange],
    policy: Policy,
    advance: Callable[[int], None],
) -> Iterator[ReplayedChange]:
    """Yield each change as evaluated on its own day, in order, without asking any service.

    ``advance`` hears how many changes more are done.
    """
    portions = [changes[start : start + _PORTION] for start in range(0, len(changes), _PORTION)]
    if len(portions) < PROCESSES:
        for portion in portions:
            yield from _evaluated(repository, portion, policy)
            advance(len(portion))
        return
    # A new interpreter for each: a fork would copy the threads and locks of this one. An interrupt is for
    # this process, which then drops what the others have not begun.
    pool = ProcessPoolExecutor(
        PROCESSES, get_context("spawn"), initializer=signal, initargs=(SIGINT, SIG_IGN)
    )
    try:
        for future in [pool.submit(_evaluated, repository, portion, policy) for portion in portions]:
            done = future.result()
            advance(len(done))
            yield from done
    finally:
        pool.shutdown(cancel_futures=True)


def _evaluated(
    repository: Repository, changes: Sequence[MergedChange], policy: Policy
) -> list[ReplayedChange]:
    with contents(repository) as files:
        return [_evaluate(repository, files, change, policy) for change in changes]


def _evaluate(
    repository: Repository, files: Contents, change: MergedChange, policy: Policy
) -> ReplayedChange:
    report = _report(repository, files, change, policy)
    findings = tuple(finding for finding in as_json(report)["findings"] if finding["introduced"])
    return ReplayedChange(change.sha, change.day, change.title, report.verdict, findings)


def _report(repository: Repository, files: Contents, change: MergedChange, policy: Policy) -> Report:
    pipeline = Pipeline(InProcess(), None, Question(change.day))
    span = span_of(repository, change)
    if files.of(span.merge_base, policy.path) == files.of(span.head, policy.path):
        span = own_span(change)  # the merge commit itself changed the list
    if files.of(span.head, policy.path) is None:
        return pipeline.unreadable(f"{policy.path} is gone", policy).report
    try:
        texts = texts_of(files, span, policy.path)
    except UnicodeDecodeError:
        return pipeline.unreadable(f"{policy.path} is not UTF-8", policy).report
    return pipeline.evaluate(texts, policy, companion=_companion(files, span, policy)).report


def _companion(files: Contents, span: Span, policy: Policy) -> CompanionFile | None:
    if policy.companion is None:
        return None
    before, after = (files.of(commit, policy.companion) for commit in (span.merge_base, span.head))
    return None if after is None else CompanionFile(policy.companion, before, after)
