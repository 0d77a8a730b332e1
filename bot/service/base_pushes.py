"""Find the pull requests that a push to their base branch affects."""

from __future__ import annotations

from github.Repository import Repository

from bot.database.identity import RepositoryRef
from bot.files.policy_file import PolicyError, read_policy
from bot.github.app import App
from bot.github.commits import pulls_into
from bot.github.files import POLICY_PATH, file_at
from bot.jobs.handlers import AffectedPulls, OutdatedError, PushRef
from bot.service.opened import opened
from rules.policy.policy import Policy


class BasePushes:
    """Handles pushes (`bot.jobs.handlers.BasePushHandlers`). Safe to share among threads."""

    def __init__(self, app: App) -> None:
        self._app = app

    def affected_pulls(self, ref: RepositoryRef, push: PushRef) -> AffectedPulls:
        """Return the open pull requests into a branch whose verdict its push may change.

        Raises TransientError.
        """
        with opened(self._app, ref) as repository:
            return _affected_pulls(repository, push)


def _affected_pulls(repository: Repository, push: PushRef) -> AffectedPulls:
    pulls = pulls_into(repository, push.branch)
    if not pulls:
        return AffectedPulls(())
    if push.before is None:
        return AffectedPulls(pulls, by_policy=True)
    if repository.get_branch(push.branch).commit.sha == push.before:
        raise OutdatedError("GitHub still answers with the branch before the push")
    if _differs(repository, POLICY_PATH, push.before, push.after):
        return AffectedPulls(pulls, by_policy=True)
    policy = _policy(repository, push.after)
    paths = (policy.path, policy.companion) if policy else ()
    changed = any(path and _differs(repository, path, push.before, push.after) for path in paths)
    return AffectedPulls(pulls if changed else ())


def _differs(repository: Repository, path: str, before: str, after: str) -> bool:
    return file_at(repository, path, before) != file_at(repository, path, after)


def _policy(repository: Repository, sha: str) -> Policy | None:
    """Return the policy at a commit; None where it is unusable, so that no list or companion is known."""
    content = file_at(repository, POLICY_PATH, sha)
    if not isinstance(content, bytes):
        return None
    try:
        return read_policy(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, PolicyError):
        return None
