"""Making a pull request say what is true now: one check run, one comment; only what differs is written."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict
from typing import TYPE_CHECKING

from bot.render.check import NAME
from bot.render.comment import MARKER
from bot.render.removals_marker import carried, read, without_mark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from github.CheckRun import CheckRun
    from github.IssueComment import IssueComment
    from github.Repository import Repository

    from bot.github.app import Identity
    from bot.render.check import Annotation, CheckOutput
    from bot.render.comment import Comment
    from bot.render.removals_marker import Shown

_Output = dict[str, str | list[dict[str, str | int]]]

# https://docs.github.com/en/rest/checks/runs#update-a-check-run
ANNOTATIONS_A_REQUEST = 50

NO_PULL_REQUEST = 0
"""In place of a number: a merge group's check belongs to no single pull request."""
UNFINISHED = "unfinished"
"""The external id of a check run whose annotations are not all there yet."""
_NAME = re.compile(r"v1:(?P<number>\d+):(?P<annotations>[0-9a-f]+):[0-9a-f]+")
_WORST_FIRST = ("failure", "action_required", "success")


def publish_check(
    repository: Repository, number: int, head_sha: str, output: CheckOutput, identity: Identity
) -> bool:
    """Make the check of pull request ``number``'s head show ``output``; return whether anything was written.

    A check belongs to a commit: of several open pull requests with one head, the worst verdict stands, or
    else a second pull request, to a branch without rules, would open the gate for the first.

    Raises:
        GitHubUnavailable: it cannot be done now; to repeat it is safe.
        GitHubRefused: GitHub does not let the App write checks.
    """
    current = _current_check(repository, head_sha, identity)
    name = _name(number, output)
    if current and _is_for_another_pull(repository, current, number, output):
        return False
    if current and _is_asked_for_again(current):
        current = None
    if current and current.external_id == name and current.conclusion == output.conclusion:
        return False
    if current and _has_no_other_annotations(current, output):
        current.edit(
            status="completed",
            conclusion=output.conclusion,
            external_id=name,
            output=_output(output),
            actions=_actions(output),
        )
        return True
    # Annotations cannot be taken back, so other ones need another check run: the latest of a name counts.
    first, *rest = _pages(output.annotations)
    if current and current.status == "in_progress" and current.output.annotations_count == 0:
        run = current
        run.edit(
            status="completed",
            conclusion=output.conclusion,
            external_id=UNFINISHED if rest else name,
            output=_output(output, first),
            actions=_actions(output),
        )
    else:
        run = repository.create_check_run(
            NAME,
            head_sha,
            status="completed",
            conclusion=output.conclusion,
            external_id=UNFINISHED if rest else name,
            output=_output(output, first),
            actions=_actions(output),
        )
    for left, page in enumerate(rest, 1 - len(rest)):
        run.edit(
            external_id=UNFINISHED if left else name, output=_output(output, page), actions=_actions(output)
        )
    return True


def publish_waiting(repository: Repository, head_sha: str, output: CheckOutput, identity: Identity) -> bool:
    """Make the check of a commit say that it is not decided yet; return whether anything was written.

    Raises as `publish_check` does.
    """
    current = _current_check(repository, head_sha, identity)
    if current and current.status == "in_progress":
        return False
    repository.create_check_run(
        NAME, head_sha, status="in_progress", external_id=UNFINISHED, output=_output(output)
    )
    return True


def publish_comment(repository: Repository, number: int, comment: Comment, identity: Identity) -> bool:
    """Make the App's one comment on a pull request say ``comment``; return whether anything was written.

    The comment is known by its author and its marker. A first one is written only when it ``speaks``; of
    several, which an interrupted run may have left, the oldest stays.

    Raises:
        GitHubUnavailable: it cannot be done now; to repeat it is safe.
        GitHubRefused: GitHub does not let the App write comments.
    """
    current = _own_comments(repository, number, identity.bot_id)
    if not current:
        if comment.speaks:
            repository.get_issue(number).create_comment(comment.body)
        return comment.speaks
    kept, *surplus = current
    for copy in surplus:
        copy.delete()
    edited = _normal(kept.body) != _normal(comment.body)
    if edited:
        kept.edit(carried(comment.body, kept.body, kept.updated_at))
    return edited or bool(surplus)


def _current_check(repository: Repository, head_sha: str, identity: Identity) -> CheckRun | None:
    """Return the App's latest check run of the commit, or None."""
    runs = repository.get_commit(head_sha).get_check_runs(check_name=NAME, filter="all")
    return max((run for run in runs if run.app.id == identity.app_id), key=lambda run: run.id, default=None)


def _is_asked_for_again(run: CheckRun) -> bool:
    """Return whether somebody pressed *Re-run*: the suite then waits for a new run, whatever stands there.

    https://docs.github.com/en/rest/checks/runs#rerequest-a-check-run
    """
    return run.status == "completed" and run.check_suite.status == "queued"


def removals_shown(repository: Repository, number: int, bot_id: int) -> Shown | None:
    """Return which suggested removals the App's comment shows; None when there is no such comment.

    Raises as `publish_comment` does.
    """
    kept = next(iter(_own_comments(repository, number, bot_id)), None)
    return None if kept is None else read(kept.body, kept.updated_at)


def _own_comments(repository: Repository, number: int, bot_id: int) -> list[IssueComment]:
    """Return the App's comments on the pull request, oldest first; others may forge the marker."""
    comments = repository.get_issue(number).get_comments()
    own = [item for item in comments if item.user.id == bot_id and item.body.startswith(MARKER)]
    return sorted(own, key=lambda item: item.id)


def _is_for_another_pull(repository: Repository, run: CheckRun, number: int, output: CheckOutput) -> bool:
    """Return whether the check run says no better of another open pull request with the same head."""
    named = _NAME.fullmatch(run.external_id or "")
    if named is None or int(named["number"]) in {number, NO_PULL_REQUEST}:
        return False
    if run.conclusion not in _WORST_FIRST:
        return False
    if _WORST_FIRST.index(run.conclusion) > _WORST_FIRST.index(output.conclusion):
        return False
    other = repository.get_pull(int(named["number"]))
    return other.state == "open" and other.head.sha == run.head_sha


def _has_no_other_annotations(run: CheckRun, output: CheckOutput) -> bool:
    if run.output.annotations_count == 0:
        return not output.annotations
    named = _NAME.fullmatch(run.external_id or "")
    return named is not None and named["annotations"] == _fingerprint(output.annotations)


def _name(number: int, output: CheckOutput) -> str:
    """Return the external id by which a check run that shows all of ``output`` is known again."""
    return f"v1:{number}:{_fingerprint(output.annotations)}:{output.digest}"


def _fingerprint(annotations: Sequence[Annotation]) -> str:
    listed = json.dumps([asdict(annotation) for annotation in annotations])
    return hashlib.sha256(listed.encode()).hexdigest()[:16]


def _pages(annotations: Sequence[Annotation]) -> list[Sequence[Annotation]]:
    starts = range(0, max(len(annotations), 1), ANNOTATIONS_A_REQUEST)
    return [annotations[start : start + ANNOTATIONS_A_REQUEST] for start in starts]


def _output(output: CheckOutput, annotations: Sequence[Annotation] = ()) -> _Output:
    """Return the whole output with some annotations: a request that leaves the text out would erase it."""
    body: _Output = {"title": output.title, "summary": output.summary}
    if output.text is not None:
        body["text"] = output.text
    if annotations:
        body["annotations"] = [_annotation(annotation) for annotation in annotations]
    return body


def _actions(output: CheckOutput) -> list[dict[str, str]]:
    return [asdict(button) for button in output.actions]


def _annotation(annotation: Annotation) -> dict[str, str | int]:
    return {name: value for name, value in asdict(annotation).items() if value is not None}


def _normal(body: str) -> str:
    return without_mark(body).replace("\r\n", "\n").strip()
