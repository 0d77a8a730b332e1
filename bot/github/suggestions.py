"""Publish suggested changes on lines of a pull request's diff: one review, without repeating earlier ones."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.github.fetch import first_files
from bot.render.suggestion import review_body

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from github.PullRequest import PullRequest, ReviewComment
    from github.Repository import Repository

    from bot.github.app import Identity
    from bot.github.fetch import ChangedFile, Span
    from bot.render.suggestion import Suggestion

MOST = 30
"""Suggestions in one review; the others can be copied from the comment, or committed with `/fix`."""
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
    """Suggest the corrections of the file at ``path`` that were not suggested before; return how many.

    Lines outside the diff are left out, because one of them makes GitHub refuse the whole review. A marker in
    the App's reviews records what was suggested, so that a deleted suggestion is not repeated.

    Raises:
        GitHubUnavailable: GitHub cannot be used now; calling again is safe.
        GitHubRefused: the App may not read the pull request, or GitHub refuses the review.
    """
    if not made:
        return 0
    files = span.files
    if files is None:  # there are very many, or GitHub could not compare the commits
        files = first_files(repository, span.base_sha, span.head_sha)
    shown = _shown(files, path)
    placed = [item for item in made if any(item.line in hunk and item.end_line in hunk for hunk in shown)]
    if not placed:
        return 0
    pull = repository.get_pull(number)
    known = set(_suggested(pull, identity))
    new = [item for item in placed if item.digest not in known][:MOST]
    if not new:
        return 0
    marker = f"<!-- papergate:suggestions v1 {' '.join(item.digest for item in new)} -->"
    review = {
        "commit_id": span.head_sha,
        "body": f"{review_body(len(new))}\n{marker}",
        "event": "COMMENT",
        "comments": [_comment(path, item) for item in new],
    }
    reviews = f"{repository.url}/pulls/{number}/reviews"
    repository.requester.requestJsonAndCheck("POST", reviews, input=review)
    return len(new)


def _shown(files: Iterable[ChangedFile], path: str) -> list[range]:
    """Return the lines of the head that the pull request's diff shows, one range per hunk."""
    patch = next((file.patch for file in files if file.path == path), "")
    return [range(int(hunk[1]), int(hunk[1]) + int(hunk[2] or 1)) for hunk in _HUNK.finditer(patch)]


def _suggested(pull: PullRequest, identity: Identity) -> Iterator[str]:
    """Yield the digests of the App's earlier suggestions; markers of other authors are ignored."""
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
