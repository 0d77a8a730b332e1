"""Push one commit to a pull request's branch, only on top of the head that was evaluated.

https://docs.github.com/en/rest/git
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from github.InputGitTreeElement import InputGitTreeElement

from bot.github.errors import GitHubRefused

if TYPE_CHECKING:
    from github.GitRef import GitRef
    from github.Repository import Repository

Why = Literal["the branch moved on", "no permission", "a rule of the branch", "no plain file"]

_PLAIN: tuple[str, ...] = ("100644", "100755")


class PushRefused(Exception):  # noqa: N818 - it says what is the matter
    """Nothing was committed: the branch has moved, or the App may not write to it."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Change:
    """New text of a file, with its original line endings, and the commit message."""

    path: str
    text: str
    message: str


def commit_change(repository: Repository, branch: str, head_sha: str, change: Change) -> str:
    """Commit a change on top of ``head_sha`` as the App; return the SHA of the new branch head.

    The branch is only fast-forwarded, so a push that arrives at the same time is never lost.

    Raises:
        PushRefused: nothing was committed; ``why`` says the reason.
        GitHubUnavailable: GitHub failed, and the commit may or may not have been made.
        GitHubRefused: the App may not read the branch.
    """
    ref = repository.get_git_ref(f"heads/{branch}")
    if _sha(ref) != head_sha:
        raise PushRefused("the branch moved on")
    parent = repository.get_git_commit(head_sha)
    mode = _mode(repository, change.path, parent.tree.sha)
    try:
        element = InputGitTreeElement(change.path, mode, "blob", change.text)
        tree = repository.create_git_tree([element], base_tree=parent.tree)
        made = repository.create_git_commit(change.message, tree, [parent])
        ref.edit(made.sha, force=False)
    except GitHubRefused as refused:
        raise PushRefused(_why(refused)) from refused
    return made.sha


def message_of(repository: Repository, sha: str) -> str:
    """Return a commit's message. Raises as `bot.github.reading.read` does."""
    return repository.get_git_commit(sha).message


def _sha(ref: GitRef) -> str | None:
    """Return the SHA of a branch's head; None if the branch was deleted."""
    try:
        return ref.object.sha
    except GitHubRefused as refused:
        if refused.status == 404:
            return None
        raise


def _mode(repository: Repository, path: str, tree: str) -> str:
    """Return the mode of a regular file, so that the commit keeps it. Raises PushRefused for a symlink."""
    *folders, name = path.split("/")
    for folder in folders:
        tree = next(item.sha for item in repository.get_git_tree(tree).tree if item.path == folder)
    mode = next(item.mode for item in repository.get_git_tree(tree).tree if item.path == name)
    if mode not in _PLAIN:
        raise PushRefused("no plain file")
    return mode


def _why(refused: GitHubRefused) -> Why:
    if refused.status in {403, 404}:
        return "no permission"
    moved = "fast forward" in str(refused) or "does not exist" in str(refused)
    return "the branch moved on" if moved else "a rule of the branch"
