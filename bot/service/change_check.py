"""Compute the check output for a change between two commits, using the base branch's policy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.files.companion_file import LARGEST, CompanionFile
from bot.files.policy_file import PolicyError, read_policy
from bot.github.fetch import Span
from bot.github.files import (
    SHOWN_INSTEAD,
    File,
    ListFiles,
    NotAFile,
    PolicyUnreadable,
    TooLarge,
    companion_files,
    hides_list,
    list_files,
    policy_text,
    similar_path,
)
from bot.jobs.handlers import UNCHANGED
from bot.process.isolation import Isolation
from bot.render.audience import Audience
from bot.render.check import CheckOutput, list_hidden, not_a_list_change, not_configured, policy_error
from bot.render.comment import Comment
from bot.render.page import Judged
from bot.render.suggestion import Suggestion
from bot.service.command_targets import command_policy
from bot.service.pipeline import Evaluation, LookUp, Pipeline, Texts
from bot.service.rendering import render
from bot.slash.roles import CommandPolicy
from rules.context import Question
from rules.evaluate import Unreadable
from rules.policy.policy import Policy
from rules.report.findings import Decision, Severity
from rules.report.report import Report

if TYPE_CHECKING:
    from github.Repository import Repository


_LIST_ENDINGS = (".md", ".markdown")
"""A change to such a file may be one to the list, if it is not known which file that is."""


@dataclass(frozen=True, slots=True)
class ChangeCheck:
    """What to publish about a change."""

    output: CheckOutput
    verdict: str
    """The report's verdict, or another word that says why there is no report."""
    comment: Comment | None = None
    """``None`` where there is no report."""
    ended: tuple[Decision, ...] = ()
    """Decisions about content that has changed since."""
    is_open: bool = False
    """True when a source did not answer, so that another evaluation makes sense."""
    path: str = ""
    """The list's, where there is a report."""
    suggestions: tuple[Suggestion, ...] = ()
    """Corrections of the list, to suggest on its lines."""
    fixable: bool = False
    """True when there is a correction to commit."""
    policy: Policy | None = None
    """The list's, where there is a report."""
    evaluation: Evaluation | None = None


@dataclass(frozen=True, slots=True)
class EvaluatedChange:
    """A change evaluated by its base's policy. ``head`` is the text of the list, None if unreadable."""

    policy: Policy
    changed: bool
    head: str | None
    evaluation: Evaluation


Decisions = Callable[[CommandPolicy], tuple[Decision, ...]]
"""Returns the maintainers' decisions that hold by a policy for commands."""


def no_decisions(_commands: CommandPolicy) -> tuple[Decision, ...]:
    """Return none."""
    return ()


class ChangeChecker:
    """Evaluates changes on GitHub. Safe to share among threads."""

    def __init__(self, isolation: Isolation, ask: LookUp | None) -> None:
        self._isolation = isolation
        self._ask = ask

    def check(
        self,
        repository: Repository,
        span: Span,
        description: str,
        repository_url: str,
        *,
        decisions: Decisions = no_decisions,
        patient: bool = True,
        audience: Audience | None = None,
    ) -> ChangeCheck:
        """Return what to publish about a change; ``decisions`` returns the maintainers' about it.

        ``audience`` is who reads about the pull request; without one there is no comment.

        Without patience, a question that no source answers becomes a maintainer's decision.

        Raises:
            GitHubUnavailable: GitHub cannot be asked now.
            GitHubRefused: GitHub does not let the App read the repository.
        """
        evaluated = self.evaluate(repository, span, description, decisions=decisions, patient=patient)
        if isinstance(evaluated, ChangeCheck):
            return evaluated
        policy = evaluated.policy
        judged = Judged(span.head_sha, span.base_sha, repository_url)
        evaluation, made = self._pipeline(description, (), patient).render(
            evaluated.evaluation, policy, render, judged, policy, audience
        )
        if not evaluated.changed:
            return ChangeCheck(not_a_list_change(policy.path), UNCHANGED, made.comment, policy=policy)
        report = evaluation.report
        return ChangeCheck(
            made.output,
            report.verdict.value,
            made.comment,
            ended=report.ended,
            is_open=_is_open(report),
            path=policy.path,
            suggestions=made.suggestions,
            fixable=made.fixable,
            policy=policy,
            evaluation=evaluation,
        )

    def evaluate(
        self,
        repository: Repository,
        span: Span,
        description: str,
        *,
        decisions: Decisions = no_decisions,
        patient: bool = True,
    ) -> EvaluatedChange | ChangeCheck:
        """Return the evaluated change, or what to publish where there is no policy. Raises as `check`."""
        policy = _policy(repository, span)
        if isinstance(policy, ChangeCheck):
            return policy
        files = _list(repository, policy.path, span)
        if isinstance(files, ChangeCheck):
            return files
        policy = replace(policy, path=files.path)  # the path that the pull request's diff shows
        companion = _companion(repository, policy, span)
        changed = files.changed or (companion is not None and companion.changed)
        pipeline = self._pipeline(description, decisions(command_policy(policy)), patient)
        texts = _texts(files, policy.path)
        if isinstance(texts, Unreadable):
            return EvaluatedChange(policy, changed, None, pipeline.unreadable(texts.reason, policy))
        evaluation = pipeline.evaluate(texts, policy, companion)
        return EvaluatedChange(policy, changed, texts.head, evaluation)

    def _pipeline(self, description: str, decisions: tuple[Decision, ...], patient: bool) -> Pipeline:
        question = Question(datetime.now(UTC).date(), description, decisions, patient)
        return Pipeline(self._isolation, self._ask, question)


def _policy(repository: Repository, span: Span) -> Policy | ChangeCheck:
    """Return the policy of the base branch, or what to publish where there is none to use."""
    try:
        text = policy_text(repository, span)
        policy = None if text is None else read_policy(text)
    except PolicyUnreadable as error:
        return ChangeCheck(policy_error([str(error)]), "policy")
    except PolicyError as error:
        return ChangeCheck(policy_error([str(problem) for problem in error.problems]), "policy")
    return ChangeCheck(not_configured(), "not configured") if policy is None else policy


def _list(repository: Repository, path: str, span: Span) -> ListFiles | ChangeCheck:
    """Return the list at the commits that matter, or what to publish where it cannot be evaluated."""
    if hides_list(path, span):
        return ChangeCheck(list_hidden(path, SHOWN_INSTEAD), "list hidden")
    files = list_files(repository, path, span)
    is_missing = files.base is None and (files.merge_base is not None or files.head is None)
    return _without_list(repository, path, span) if is_missing else files


def _without_list(repository: Repository, path: str, span: Span) -> ChangeCheck:
    """Return what to publish if the base branch has no list where its policy says."""
    touched = [file.path.casefold() for file in span.files] if span.files is not None else None
    if touched is not None and not any(name.endswith(_LIST_ENDINGS) for name in touched):
        return ChangeCheck(not_a_list_change(path), UNCHANGED)
    similar = similar_path(repository, path, span.base_sha)
    advice = f"Did you mean {similar}?" if similar else "Write the path of the list after list:."
    return ChangeCheck(policy_error([f"There is no {path} on the base branch. {advice}"]), "policy")


def _is_open(report: Report) -> bool:
    return any(
        finding.severity is Severity.UNVERIFIED or finding.code == "unanswered"
        for finding in report.introduced
    )


def _companion(repository: Repository, policy: Policy, span: Span) -> CompanionFile | None:
    """Return the policy's BibTeX file, None where the head has none."""
    if policy.companion is None:
        return None
    before, after = (_content(file) for file in companion_files(repository, policy.companion, span))
    return None if after is None else CompanionFile(policy.companion, before, after)


def _content(file: File) -> bytes | None:
    """Return a file's content; for one that GitHub does not serve as text, something too large to read."""
    return bytes(LARGEST + 1) if isinstance(file, TooLarge | NotAFile) else file


def _texts(files: ListFiles, path: str) -> Texts | Unreadable:
    sides = {"merge base": files.merge_base, "base": files.base, "head": files.head}
    texts = {side: _text(file) for side, file in sides.items()}
    for side, text in texts.items():
        if isinstance(text, Unreadable):
            return Unreadable(f"{path} at {side} {text.reason}")
    if files.head is None:
        return Unreadable(f"{path} is gone")
    return Texts(*(text for text in texts.values() if isinstance(text, str)))


def _text(file: File) -> str | Unreadable:
    """Return a file as text; a missing file is an empty list."""
    if file is None:
        return ""
    if isinstance(file, TooLarge):
        return Unreadable(f"is too large: {file.size:,} bytes")
    if isinstance(file, NotAFile):
        return Unreadable(f"is a {file.kind}, not a file")
    try:
        return file.decode("utf-8")
    except UnicodeDecodeError:
        return Unreadable("is not UTF-8")
