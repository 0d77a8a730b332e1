"""Read a merge group: its two commits and the pull requests between them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.github.fetch import commit_range

if TYPE_CHECKING:
    from github.PullRequest import PullRequest
    from github.Repository import Repository

    from bot.github.fetch import ChangedFile

# refs/heads/gh-readonly-queue/main/pr-12-<sha of what it is built on>
_BRANCH = re.compile(r"(?:refs/heads/)?gh-readonly-queue/(?P<base>.+)/pr-(?P<number>\d{1,9})-[0-9a-f]{40,64}")


@dataclass(frozen=True, slots=True)
class Member:
    """A pull request of a merge group."""

    number: int
    body: str
    author_id: int | None
    """None if the account was deleted."""


@dataclass(frozen=True, slots=True)
class MergeGroup:
    """Pull requests that a merge queue has merged into one tree.

    ``base_sha`` is the commit the group is built on; it is also the merge base.
    """

    head_sha: str
    base_sha: str
    repository_url: str
    members: tuple[Member, ...]
    files: tuple[ChangedFile, ...] | None
    base_ref: str = ""
    """Branch the group is to be merged into; empty if its own branch does not name it."""

    @property
    def merge_base_sha(self) -> str:
        """SHA of the merge base, which is the base itself."""
        return self.base_sha

    @property
    def description(self) -> str:
        """The descriptions of all members, separated by blank lines."""
        return "\n\n".join(member.body for member in self.members if member.body)


def merge_group(repository: Repository, head_sha: str, base_sha: str, head_ref: str) -> MergeGroup:
    """Return the merge group with its members: the one its branch names, and those whose head it contains.

    An earlier member that was squashed or rebased cannot be recognized by its commits and is left out.

    Raises:
        GitHubUnavailable: GitHub cannot be asked now.
        GitHubRefused: the App may not read it.
    """
    named = _BRANCH.fullmatch(head_ref)
    between = commit_range(repository, base_sha, head_sha)
    pulls = (
        repository.get_pulls(state="open", base=named["base"])
        if named
        else repository.get_pulls(state="open")
    )
    members = {pull.number: pull for pull in pulls if pull.head.sha in between.shas}
    if named and int(named["number"]) not in members:
        pull = repository.get_pull(int(named["number"]))
        members[pull.number] = pull
    return MergeGroup(
        head_sha,
        base_sha,
        repository.html_url,
        tuple(_member(members[number]) for number in sorted(members)),
        between.files,
        named["base"] if named else "",
    )


def _member(pull: PullRequest) -> Member:
    author = pull.user
    return Member(pull.number, pull.body or "", author.id if author is not None else None)
