"""Changes to comments and checks, each with the event it causes. The caller holds the state's lock."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.sandbox import events
from tests.sandbox.model import Comment

if TYPE_CHECKING:
    from tests.sandbox.model import CheckRun, Pull
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


def save_check_run(state: State, run: CheckRun) -> None:
    """Remember a check run as it now is: new, completed or just updated."""
    known = state.check_runs.get(run.id)
    state.check_runs[run.id] = run
    bot = state.app.bot_login
    if known is None:
        state.outbox.append(("check_run", events.check_run(state, run, "created", bot)))
    if run.status == "completed" and (known is None or known.status != "completed"):
        state.outbox.append(("check_run", events.check_run(state, run, "completed", bot)))
