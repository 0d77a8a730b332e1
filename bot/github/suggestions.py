"""Suggestions on the lines of a pull request's diff: one review, and only of what no review said before."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import structlog

from bot.github.errors import GitHubRefused
from bot.render.suggestion import review_body

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from github.PullRequest import PullRequest, ReviewComment
    from github.Repository import Repository

    from bot.github.app import Identity
    from bot.github.fetch import Span
    from bot.render.suggestion import Suggestion

log = structlog.stdlib.get_logger(__name__)

MOST = 30
"""Suggestions in one review; the rest can be pasted from the comment, or committed at once."""
_MARKER = re.compile(r"<!-- papergate:suggestions v1((?: [0-9a-f]{16})+) -->")
_HUNK = re.compile(r"^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@", re.MULTILINE)


def publish_suggestions(
    repository: Repository,
    number: int,
    span: Span,
    path: str,
    made: Sequence[Suggestion],
    identity: Identity,
) -> int:
    """Suggest what can be suggested on the file at ``path`` and has not been yet; return how many were.

    A line outside the diff would have GitHub refuse the whole review, so those are left out. What was once
    suggested is known by a mark in the App's reviews, and not repeated when somebody deletes it. A review
    that GitHub refuses all the same is given up.

    Raises:
        GitHubUnavailable: it cannot be done now; to repeat it is safe.
        GitHubRefused: GitHub does not let the App read the pull request.
    """
    if not made:
        return 0
    shown = _shown(repository, span, path)
    placed = [item for item in made if any(item.line in hunk and item.end_line in hunk for hunk in shown)]
    if not placed:
        return 0
    pull = repository.get_pull(number)
    known = set(_suggested(pull, identity))
    new = [item for item in placed if item.digest not in known][:MOST]
    if not new:
        return 0
    marker = f"<!-- papergate:suggestions v1 {' '.join(item.digest for item in new)} -->"
    try:
        pull.create_review(
            commit=repository.get_commit(span.head_sha),
            body=f"{review_body(len(new))}\n{marker}",
            event="COMMENT",
            comments=[_comment(path, item) for item in new],
        )
    except GitHubRefused as refused:
        if refused.status != 422:
            raise
        log.warning("suggestions refused", reason=str(refused))
        return 0
    return len(new)


def _shown(repository: Repository, span: Span, path: str) -> list[range]:
    """Return the lines of head that the diff of the pull request shows, hunk by hunk."""
    comparison = repository.compare(span.base_sha, span.head_sha, comparison_commits_per_page=1)
    patch = next((file.patch for file in comparison.files if file.filename == path), None)
    return [range(int(hunk[1]), int(hunk[1]) + int(hunk[2] or 1)) for hunk in _HUNK.finditer(patch or "")]


def _suggested(pull: PullRequest, identity: Identity) -> Iterator[str]:
    """Yield the digests of what the App has suggested; others may forge the mark."""
    for review in pull.get_reviews():
        if review.user is not None and review.user.id == identity.bot_id:
            for marker in _MARKER.finditer(review.body or ""):
                yield from marker[1].split()


def _comment(path: str, item: Suggestion) -> ReviewComment:
    if item.end_line == item.line:
        return {"path": path, "body": item.body, "line": item.line, "side": "RIGHT"}
    return {
        "path": path,
        "body": item.body,
        "start_line": item.line,
        "start_side": "RIGHT",
        "line": item.end_line,
        "side": "RIGHT",
    }
