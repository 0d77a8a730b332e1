"""Comments and reactions."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from tests.sandbox.representations.accounts import WEB, account, association, node_id, stamp
from tests.sandbox.representations.apps import app
from tests.sandbox.representations.pulls import REACTIONS
from tests.sandbox.representations.repositories import api_url

if TYPE_CHECKING:
    from tests.sandbox.model import Comment, Json, Reaction
    from tests.sandbox.state import State


def comment(state: State, item: Comment) -> Json:
    """Return a comment as `issue-comment`."""
    api = f"{api_url(state, item.repository)}/issues"
    here = f"{api}/comments/{item.id}"
    counts = Counter(each.content for each in state.reactions.values() if each.comment == item.id)
    rollup: Json = {"url": f"{here}/reactions", "total_count": counts.total()}
    return {
        "id": item.id,
        "node_id": node_id("IssueComment", item.id),
        "url": here,
        "html_url": f"{WEB}/{item.repository}/pull/{item.number}#issuecomment-{item.id}",
        "issue_url": f"{api}/{item.number}",
        "user": account(state, item.author),
        "created_at": stamp(item.created_at),
        "updated_at": stamp(item.updated_at),
        "body": item.body,
        "author_association": association(state, item.repository, item.author),
        "reactions": rollup | {name: counts[name] for name in REACTIONS},
        "performed_via_github_app": app(state) if item.app else None,
    }


def reaction(state: State, item: Reaction) -> Json:
    """Return a reaction as `reaction`."""
    return {
        "id": item.id,
        "node_id": node_id("Reaction", item.id),
        "user": account(state, item.author),
        "content": item.content,
        "created_at": stamp(item.created_at),
    }
