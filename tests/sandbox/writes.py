"""Changes to comments and checks, each with the event it causes. The caller holds the state's lock."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.sandbox import events
from tests.sandbox.model import Comment, Review, ReviewComment
from tests.sandbox.representations.pulls import merge_base

if TYPE_CHECKING:
    from tests.sandbox.model import CheckRun, Place, Pull
    from tests.sandbox.state import State


def write_comment(state: State, pull: Pull, author: str, body: str, *, app: bool = False) -> Comment:
    """Return a new comment on a pull request."""
    now = state.now()
    number = state.next_id("comment", 40_001)
    made = Comment(number, pull.repository, pull.number, state.account(author).login, body, now, now, app)
    state.comments[made.id] = made
    state.outbox.append(("issue_comment", events.issue_comment(state, made, "created", author)))
    return made


def edit_comment(state: State, comment: Comment, body: str, *, by: str | None = None) -> Comment:
    """Return a comment with a new body, edited by its author unless `by` names another."""
    edited = replace(comment, body=body, updated_at=state.now())
    state.comments[comment.id] = edited
    changes = {"body": {"from": comment.body}}
    sender = by or comment.author
    state.outbox.append(
        ("issue_comment", events.issue_comment(state, edited, "edited", sender, changes=changes))
    )
    return edited


def delete_comment(state: State, comment: Comment, *, by: str | None = None) -> None:
    """Remove a comment and its reactions, by its author unless `by` names another."""
    payload = events.issue_comment(state, comment, "deleted", by or comment.author)
    del state.comments[comment.id]
    state.reactions = {key: item for key, item in state.reactions.items() if item.comment != comment.id}
    state.outbox.append(("issue_comment", payload))


def write_review(state: State, pull: Pull, author: str, body: str, *, kind: str, commit: str) -> Review:
    """Return a new review of a pull request at one of its commits; no event of it reaches the App."""
    number, login = state.next_id("review", 100_001), state.account(author).login
    made = Review(number, pull.repository, pull.number, login, body, kind, commit, state.now())
    state.reviews[made.id] = made
    return made


def write_review_comment(
    state: State, pull: Pull, review: Review, body: str, place: Place, *, in_reply_to: int | None = None
) -> ReviewComment:
    """Return a new comment of a review, at a place in the diff of the review's commit."""
    number, now = state.next_id("review comment", 110_001), state.now()
    made = ReviewComment(
        id=number,
        review=review.id,
        repository=pull.repository,
        number=pull.number,
        author=review.author,
        body=body,
        place=place,
        base=merge_base(state, pull, review.commit) or pull.base_sha,
        commit=review.commit,
        created_at=now,
        updated_at=now,
        in_reply_to=in_reply_to,
    )
    state.review_comments[made.id] = made
    return made


def save_check_run(state: State, run: CheckRun) -> None:
    """Remember a check run as it now is: new, completed or just updated."""
    known = state.check_runs.get(run.id)
    state.check_runs[run.id] = run
    bot = state.app.bot_login
    if known is None:
        state.outbox.append(("check_run", events.check_run(state, run, "created", bot)))
    if run.status == "completed" and (known is None or known.status != "completed"):
        state.outbox.append(("check_run", events.check_run(state, run, "completed", bot)))
