"""Reviews, and the current places of their comments in the diff."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.sandbox.diff import carry, find_line, read_patch
from tests.sandbox.representations import pulls
from tests.sandbox.representations.accounts import WEB, account, association, node_id, stamp
from tests.sandbox.representations.pulls import REACTIONS
from tests.sandbox.representations.repositories import api_url

if TYPE_CHECKING:
    from tests.sandbox.model import Json, Pull, Review, ReviewComment
    from tests.sandbox.state import State


@dataclass(frozen=True)
class Standing:
    """The lines a comment is at now; `start_line` is None for a single line."""

    line: int
    position: int
    start_line: int | None


def review(state: State, item: Review) -> Json:
    """Return a review as `pull-request-review`."""
    web = f"{WEB}/{item.repository}/pull/{item.number}"
    here, pull = (
        f"{web}#pullrequestreview-{item.id}",
        f"{api_url(state, item.repository)}/pulls/{item.number}",
    )
    body: Json = {
        "id": item.id,
        "node_id": node_id("PullRequestReview", item.id),
        "user": account(state, item.author),
        "body": item.body,
        "state": item.state,
        "html_url": here,
        "pull_request_url": pull,
        "_links": {"html": {"href": here}, "pull_request": {"href": pull}},
        "commit_id": item.commit,
        "author_association": association(state, item.repository, item.author),
    }
    return body | ({} if item.state == "PENDING" else {"submitted_at": stamp(item.submitted_at)})


def review_comment(state: State, item: ReviewComment) -> Json:
    """Return a comment as `pull-request-review-comment`; of an outdated one line and position are null."""
    api = api_url(state, item.repository)
    here, pull_url = f"{api}/pulls/comments/{item.id}", f"{api}/pulls/{item.number}"
    web = f"{WEB}/{item.repository}/pull/{item.number}#discussion_r{item.id}"
    pull, place = state.pulls[(item.repository, item.number)], item.place
    now = standing(state, pull, item)
    body: Json = {
        "id": item.id,
        "node_id": node_id("PullRequestReviewComment", item.id),
        "pull_request_review_id": item.review,
        "url": here,
        "html_url": web,
        "pull_request_url": pull_url,
        "diff_hunk": place.hunk,
        "path": place.path,
        "subject_type": "line",
        "side": place.side,
        "start_side": place.start_side,
        "line": now and now.line,
        "position": now and now.position,
        "start_line": now and now.start_line,
        "original_line": place.line,
        "original_position": place.position,
        "original_start_line": place.start_line,
        "commit_id": pull.head_sha if now else item.commit,
        "original_commit_id": item.commit,
        "user": account(state, item.author),
        "body": item.body,
        "created_at": stamp(item.created_at),
        "updated_at": stamp(item.updated_at),
        "author_association": association(state, item.repository, item.author),
        "_links": {"self": {"href": here}, "html": {"href": web}, "pull_request": {"href": pull_url}},
        "reactions": {"url": f"{here}/reactions", "total_count": 0} | dict.fromkeys(REACTIONS, 0),
    }
    return body | ({"in_reply_to_id": item.in_reply_to} if item.in_reply_to else {})


def standing(state: State, pull: Pull, item: ReviewComment) -> Standing | None:
    """Return a comment's current place in the diff; None if a push changed its lines."""
    place = item.place
    change = next((each for each in pulls.changes(state, pull) if each.path == place.path), None)
    last = _carried(state, pull, item, place.side, place.line)
    if last is None or change is None or change.patch is None:
        return None
    shown = find_line(read_patch(change.patch), place.side, last)
    if shown is None:
        return None
    if place.start_line is None:
        return Standing(last, shown.position, None)
    # Of a range across both sides only the two ends can be followed.
    whole = range(place.start_line, place.line) if place.start_side == place.side else [place.start_line]
    carried = [_carried(state, pull, item, place.start_side or place.side, line) for line in whole]
    return None if None in carried else Standing(last, shown.position, carried[0])


def _carried(state: State, pull: Pull, item: ReviewComment, side: str, line: int) -> int | None:
    """Return a line's number in the side's file as it is now, or None when it is not there any more."""
    base = pulls.merge_base(state, pull, pull.head_sha)
    before, after = (item.base, base) if side == "LEFT" else (item.commit, pull.head_sha)
    changed = state.gits[pull.repository].changes(before, after) if after else ()
    change = next((each for each in changed if item.place.path in {each.path, each.previous}), None)
    if change is None:
        return line
    return None if change.patch is None else carry(change.patch, line)
