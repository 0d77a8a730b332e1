"""The one store behind the stand-in, with its lock, its counters and its clock."""

from __future__ import annotations

import threading
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from tests.sandbox.git import Git, Signature
from tests.sandbox.model import Account, CheckSuite, Installation, Repository

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.sandbox.app import App
    from tests.sandbox.model import (
        CheckRun,
        Comment,
        Json,
        MergeGroup,
        Pull,
        Reaction,
        Review,
        ReviewComment,
        Token,
    )
    from tests.sandbox.webhooks import Webhooks

FIRST_COMMIT = datetime(2017, 1, 1, tzinfo=UTC)
EPOCH = datetime(2016, 1, 1, tzinfo=UTC)


def system_clock() -> datetime:
    """Return the time now, in UTC."""
    return datetime.now(UTC)


class State:
    """Everything GitHub remembers. Hold `lock` to read or write."""

    def __init__(self, folder: Path, app: App, clock: Callable[[], datetime]) -> None:
        self.folder = folder
        self.app = app
        self.url = ""
        self.lock = threading.RLock()
        self._clock = clock
        self._counters: defaultdict[str, int] = defaultdict(int)
        self.accounts: dict[str, Account] = {}
        self.repositories: dict[str, Repository] = {}
        self.gits: dict[str, Git] = {}
        self.former_names: dict[str, int] = {}
        self.pulls: dict[tuple[str, int], Pull] = {}
        self.comments: dict[int, Comment] = {}
        self.reactions: dict[int, Reaction] = {}
        self.reviews: dict[int, Review] = {}
        self.review_comments: dict[int, ReviewComment] = {}
        self.merge_groups: dict[int, MergeGroup] = {}
        self.suites: dict[int, CheckSuite] = {}
        self.check_runs: dict[int, CheckRun] = {}
        self.installations: dict[int, Installation] = {}
        self.tokens: dict[str, Token] = {}
        self.permissions: dict[tuple[str, str], str] = {}
        self.test_merges: dict[tuple[str, int], str] = {}
        self.outbox: list[tuple[str, Json]] = []
        self.webhooks: Webhooks | None = None
        self.account(app.bot_login)

    def now(self) -> datetime:
        """Return the clock's time, in whole seconds as GitHub's answers give it."""
        return self._clock().replace(microsecond=0)

    def next_id(self, kind: str, start: int = 1) -> int:
        """Return the next number of a counter: the same calls give the same numbers."""
        self._counters[kind] += 1
        return start + self._counters[kind] - 1

    def take_outbox(self) -> list[tuple[str, Json]]:
        """Return the events to announce since the last time."""
        taken, self.outbox = self.outbox, []
        return taken

    def account(self, login: str, kind: str | None = None) -> Account:
        """Return the account of this login, made at its first mention; `name[bot]` is an App's bot."""
        known = self.find_account(login)
        if known:
            return known
        usual = "Bot" if login.endswith("[bot]") else "User"
        made = Account(self.next_id("account", 5001), login, kind or usual, EPOCH)
        self.accounts[login.lower()] = made
        return made

    def find_account(self, login: str) -> Account | None:
        """Return the account of this login, whatever its case, or None."""
        return self.accounts.get(login.lower())

    def find_repository(self, full_name: str) -> Repository | None:
        """Return a repository by its name, whatever its case, or None."""
        wanted = full_name.lower()
        return next((item for name, item in self.repositories.items() if name.lower() == wanted), None)

    def repository_by_id(self, number: int) -> Repository | None:
        """Return a repository by its id, or None."""
        return next((item for item in self.repositories.values() if item.id == number), None)

    def moved(self, full_name: str) -> Repository | None:
        """Return the repository that had this name before it was renamed or transferred, or None."""
        number = self.former_names.get(full_name.lower())
        return None if number is None or self.find_repository(full_name) else self.repository_by_id(number)

    def signature(self, login: str) -> Signature:
        """Return a commit signature whose date depends only on how many commits there are."""
        when = FIRST_COMMIT + timedelta(minutes=self.next_id("commit"))
        account = self.account(login)
        return Signature(account.login, f"{account.id}+{account.login}@users.noreply.github.com", when)

    def merge_signature(self) -> Signature:
        """Return the signature of every test merge, so that one pair of commits gives one merge commit."""
        return Signature("GitHub", "noreply@github.com", FIRST_COMMIT)

    def installation_for(self, full_name: str) -> Installation | None:
        """Return the installation that covers a repository, or None."""
        owner = full_name.partition("/")[0].lower()
        for item in self.installations.values():
            mine = item.account.lower() == owner
            if mine and (item.repositories is None or full_name in item.repositories):
                return item
        return None

    def granted(self, installation: Installation) -> dict[str, str]:
        """Return the permissions an installation has."""
        accepted = installation.permissions
        return dict(self.app.permissions if accepted is None else accepted)

    def covered(self, installation: Installation) -> list[Repository]:
        """Return the repositories an installation covers, in the order they were made."""
        names = installation.repositories
        mine = [
            item for item in self.repositories.values() if item.owner.lower() == installation.account.lower()
        ]
        return [item for item in mine if names is None or item.full_name in names]

    def suite(self, repository: str, head_sha: str) -> CheckSuite:
        """Return the App's check suite of a commit, made at its first mention."""
        for item in self.suites.values():
            if (item.repository, item.head_sha) == (repository, head_sha):
                return item
        branches = [
            pull.head_ref
            for pull in self.pulls.values()
            if (pull.head_repository, pull.head_sha) == (repository, head_sha)
        ] + [
            group.head_ref.removeprefix("refs/heads/")
            for group in self.merge_groups.values()
            if (group.repository, group.head_sha) == (repository, head_sha)
        ]
        branch = branches[0] if branches else None
        made = CheckSuite(self.next_id("suite", 30_001), repository, head_sha, branch, self.now())
        self.suites[made.id] = made
        return made

    def restart_suite(self, repository: str, head_sha: str) -> CheckSuite:
        """Return a commit's suite, queued again until a newer check run comes.

        REST, "Rerequest a check run": the suite's status is reset and its conclusion cleared, the run itself
        is not updated.
        """
        suite = self.suite(repository, head_sha)
        restarted = replace(suite, stale_until=max(self.check_runs, default=0))
        self.suites[suite.id] = restarted
        return restarted

    def pulls_with_head(self, repository: str, sha: str, *, own_branches: bool = False) -> list[Pull]:
        """Return the open pull requests of a repository whose head is this commit.

        With `own_branches`, only those whose branch is in the repository itself: what a check run lists.
        """
        return [
            pull
            for pull in self.pulls.values()
            if (pull.repository, pull.head_sha, pull.state) == (repository, sha, "open")
            and (not own_branches or pull.head_repository == repository)
        ]

    def permission(self, full_name: str, login: str) -> str:
        """Return a person's role on a repository: admin, maintain, write, triage, read or none."""
        repository = self.repositories[full_name]
        if repository.owner.lower() == login.lower():
            return "admin"
        return self.permissions.get((full_name, login.lower()), "none" if repository.private else "read")
