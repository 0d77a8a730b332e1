"""Publish a result on a pull request: one check run, one comment. Only differences are written."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from bot.github.check_runs import is_requested_again, latest_run, write_run
from bot.github.conversation import is_reply
from bot.render.check import NAME
from bot.render.comment import MARKER
from bot.render.digest import digest
from bot.render.removals_marker import carried, read, without_mark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from github.IssueComment import IssueComment
    from github.Repository import Repository

    from bot.github.app import Identity
    from bot.github.check_runs import CheckRun
    from bot.render.check import Annotation, CheckOutput
    from bot.render.comment import Comment
    from bot.render.removals_marker import Shown

_Output = dict[str, str | list[dict[str, str | int]]]

ANY_MARKER = "<!-- papergate:"
"""How every marker of the App's comments begins."""
ANNOTATIONS_PER_REQUEST = 50
"""GitHub takes no more: https://docs.github.com/en/rest/checks/runs#update-a-check-run"""
MOST_ANNOTATIONS = 100
"""Annotations of a check, so that one evaluation writes it with at most two requests."""
NO_PULL_REQUEST = 0
"""Pull request number of a merge group's check, which belongs to no single pull request."""
_EXTERNAL_ID = re.compile(
    r"v1:(?P<number>\d{1,10}):(?:waiting|(?P<annotations>[0-9a-f]+):[0-9a-f]+(?P<part>:part)?)"
)
_WORST_FIRST = ("failure", "action_required", "success")
_VOLATILE = re.compile(r"\b[0-9a-f]{7,64}\b|\d+")
"""Commit SHAs, line numbers and counts: they change with every push."""


@dataclass(frozen=True, slots=True)
class _Held:
    """What the external id of one of our check runs says: whose it is, and which annotations it has."""

    number: int
    annotations: str | None
    complete: bool


def publish_check(
    repository: Repository, number: int, head_sha: str, output: CheckOutput, identity: Identity
) -> bool:
    """Make the check of pull request ``number``'s head show ``output``; return True if anything was written.

    A check belongs to a commit. If several open pull requests, or a merge group, have the same head, the
    worst verdict stays: a second pull request into a branch without rules must not open the gate for the
    first. An unfinished check is continued where it broke off.

    Raises:
        GitHubUnavailable: GitHub cannot be used now; calling again is safe.
        GitHubRefused: the App may not write checks, or the commit does not exist.
    """
    annotations = output.annotations[:MOST_ANNOTATIONS]
    current = latest_run(repository, head_sha, NAME, identity.app_id)
    name = _name(number, annotations, output)
    if current and _is_held_by_another(repository, current, number, output):
        return False
    if current and is_requested_again(repository, current):
        current = None
    if current and current.external_id == name and current.conclusion == output.conclusion:
        return False
    done = _published_annotations(current, annotations) if current else 0
    run_id = current.id if current and done is not None else None
    pages = _pages(annotations[done or 0 :])
    for left, page in enumerate(pages, 1 - len(pages)):
        fields = {
            "name": NAME,
            "status": "completed",
            "conclusion": output.conclusion,
            "external_id": f"{name}:part" if left else name,
            "output": _output(output, page),
            "actions": [asdict(button) for button in output.actions],
        }
        run_id = write_run(repository, run_id, head_sha, fields)
    return True


def publish_waiting(
    repository: Repository,
    head_sha: str,
    output: CheckOutput,
    identity: Identity,
    number: int = NO_PULL_REQUEST,
) -> bool:
    """Make the check of a commit show that it is not decided yet; return True if anything was written.

    Raises as `publish_check` does.
    """
    current = latest_run(repository, head_sha, NAME, identity.app_id)
    if current and current.status == "in_progress":
        return False
    fields = {
        "name": NAME,
        "status": "in_progress",
        "external_id": f"v1:{number}:waiting",
        "output": _output(output),
    }
    write_run(repository, None, head_sha, fields)
    return True


def publish_comment(
    repository: Repository, number: int, comment: Comment, identity: Identity, said: str | None = None
) -> bool:
    """Make the App's one comment on a pull request show ``comment``; return True if anything was written.

    The first comment is written only if ``comment.speaks``. If somebody edited the comment, it is restored;
    of several, which an interrupted run may have left, the oldest stays. ``said`` is the `content_digest` of
    what the comment showed before: if somebody deleted it, the same content is not written again.

    Raises:
        GitHubUnavailable: GitHub cannot be used now; calling again is safe.
        GitHubRefused: the App may not write comments.
    """
    current = _own_comments(repository, number, identity.bot_id)
    if not current:
        if not comment.speaks or said == content_digest(comment):
            return False
        repository.get_issue(number).create_comment(comment.body)
        return True
    kept, *surplus = current
    for copy in surplus:
        copy.delete()
    edited = _normal(kept.body or "") != _normal(comment.body)
    if edited:
        kept.edit(carried(comment.body, kept.body or "", kept.updated_at))
    return edited or bool(surplus)


def content_digest(comment: Comment) -> str:
    """Return a fingerprint of what a comment says, without commits, line numbers and counts."""
    return digest(_VOLATILE.sub("", without_mark(comment.body)))


def removals_shown(repository: Repository, number: int, bot_id: int) -> Shown | None:
    """Return which suggested removals the App's comment shows; None if there is no such comment.

    Raises as `publish_comment` does.
    """
    kept = next(iter(_own_comments(repository, number, bot_id)), None)
    return None if kept is None else read(kept.body or "", kept.updated_at)


def _own_comments(repository: Repository, number: int, bot_id: int) -> list[IssueComment]:
    """Return the App's status comments on the pull request, oldest first.

    They are known by author and marker; others may copy the marker, and a reply may quote it. If somebody
    removed the marker by editing, it is the App's oldest comment without any marker.
    """
    comments = repository.get_issue(number).get_comments()
    by_app = sorted(
        (item for item in comments if item.user is not None and item.user.id == bot_id),
        key=lambda item: item.id,
    )
    own = [item for item in by_app if MARKER in (item.body or "") and not is_reply(item.body or "")]
    return own or [item for item in by_app if ANY_MARKER not in (item.body or "")][:1]


def _is_held_by_another(repository: Repository, run: CheckRun, number: int, output: CheckOutput) -> bool:
    """Return True if the check run shows the verdict on another change, no better than ``output``."""
    held = _held(run)
    if held is None or held.number == number:
        return False
    if run.conclusion in _WORST_FIRST and _is_worse(output.conclusion, run.conclusion):
        return False
    if held.number == NO_PULL_REQUEST:
        return True  # a merge group: whether it still waits is not known, and its commit is nobody else's
    other = repository.get_pull(held.number)
    return other.state == "open" and other.head.sha == run.head_sha


def _is_worse(conclusion: str, other: str) -> bool:
    return _WORST_FIRST.index(conclusion) < _WORST_FIRST.index(other)


def _published_annotations(run: CheckRun, annotations: Sequence[Annotation]) -> int | None:
    """Return how many of ``annotations`` the run shows already; None if it shows others.

    Annotations cannot be deleted, so other ones need another check run: GitHub shows the latest of a name.
    """
    count = run.output.annotations_count
    if count == 0:
        return 0
    held = _held(run)
    if held is None or held.annotations != _fingerprint(annotations):
        return None
    return len(annotations) if held.complete else min(count, len(annotations))


def _held(run: CheckRun) -> _Held | None:
    found = _EXTERNAL_ID.fullmatch(run.external_id or "")
    if found is None:
        return None
    return _Held(int(found["number"]), found["annotations"], found["part"] is None)


def _name(number: int, annotations: Sequence[Annotation], output: CheckOutput) -> str:
    """Return the external id of a check run that shows all of ``output``."""
    return f"v1:{number}:{_fingerprint(annotations)}:{output.digest}"


def _fingerprint(annotations: Sequence[Annotation]) -> str:
    return digest([asdict(annotation) for annotation in annotations])


def _pages(annotations: Sequence[Annotation]) -> list[Sequence[Annotation]]:
    starts = range(0, max(len(annotations), 1), ANNOTATIONS_PER_REQUEST)
    return [annotations[start : start + ANNOTATIONS_PER_REQUEST] for start in starts]


def _output(output: CheckOutput, annotations: Sequence[Annotation] = ()) -> _Output:
    """Return the whole output with some annotations: a request without the text would erase it."""
    body: _Output = {"title": output.title, "summary": output.summary}
    if output.text is not None:
        body["text"] = output.text
    if annotations:
        body["annotations"] = [_annotation(annotation) for annotation in annotations]
    return body


def _annotation(annotation: Annotation) -> dict[str, str | int]:
    return {name: value for name, value in asdict(annotation).items() if value is not None}


def _normal(body: str) -> str:
    return without_mark(body).replace("\r\n", "\n").strip()
