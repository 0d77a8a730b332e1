"""Commits and pushes, with the events they cause. The caller holds the state's lock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.sandbox import events

if TYPE_CHECKING:
    from tests.sandbox.model import Pull, Repository
    from tests.sandbox.state import State

Files = Mapping[str, str | bytes | None]


def tip(state: State, full_name: str, branch: str) -> str:
    """Return the SHA a branch points at.

    Raises:
        LookupError: there is no such branch.
    """
    sha = state.gits[full_name].resolve(f"refs/heads/{branch}")
    if sha is None:
        raise LookupError(f"{full_name} has no branch {branch}")
    return sha


def commit_files(
    state: State,
    repository: Repository,
    branch: str,
    files: Files,
    message: str,
    author: str,
    *,
    parents: tuple[str, ...],
) -> str:
    """Return the SHA of a new commit on a branch; None as content deletes a file."""
    raw = {path: item.encode() if isinstance(item, str) else item for path, item in files.items()}
    signature = state.signature(author)
    git = state.gits[repository.full_name]
    return git.commit(f"refs/heads/{branch}", raw, parents=parents, message=message, signature=signature)


def announce_push(
    state: State, repository: Repository, branch: str, before: str | None, after: str, sender: str
) -> None:
    """Announce a push, then each pull request that it moved, as GitHub does."""
    name = repository.full_name
    state.repositories[name] = replace(state.repositories[name], pushed_at=state.now())
    if state.installation_for(name):
        state.outbox.append(("push", events.push(state, name, branch, (before, after), sender)))
        suite = events.check_suite(state, state.suite(name, after), "requested", sender)
        state.outbox.append(("check_suite", suite))
    for pull in list(state.pulls.values()):
        if (pull.head_repository, pull.head_ref, pull.state) == (name, branch, "open"):
            _move(state, pull, after, sender)


def _move(state: State, pull: Pull, sha: str, sender: str) -> None:
    git = state.gits[pull.repository]
    git.fetch(state.gits[pull.head_repository].path, sha, f"refs/pull/{pull.number}/head")
    base = tip(state, pull.repository, pull.base_ref)
    moved = replace(pull, head_sha=sha, base_sha=base, updated_at=state.now())
    state.pulls[pull.key] = moved
    span = {"before": pull.head_sha, "after": sha}
    payload = events.pull_request(state, moved, "synchronize", sender, **span)
    state.outbox.append(("pull_request", payload))
