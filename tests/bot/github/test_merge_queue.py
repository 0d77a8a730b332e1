"""What a merge group holds."""

from __future__ import annotations

from github.Repository import Repository

from bot.github.merge_queue import Member, merge_group
from tests.bot.github.conftest import LIST, README
from tests.sandbox import Pull, Sandbox

FIRST = README.replace("# List\n", "# A list\n")


def test_branch_name_gives_the_last_member(sandbox: Sandbox, repository: Repository, pull: Pull) -> None:
    """Base, merge base and description of the group are read too."""
    sandbox.edit_pull(pull, body="It started a field.")
    group = sandbox.enqueue(pull)
    found = merge_group(repository, group.head_sha, group.base_sha, group.head_ref)
    assert found.members == (
        Member(pull.number, "It started a field.", sandbox.state.account(pull.author).id),
    )
    assert found.base_ref == "master"
    assert (found.merge_base_sha, found.head_sha) == (sandbox.head(LIST), group.head_sha)
    assert found.description == "It started a field."


def test_earlier_members_are_found_by_their_commits(
    sandbox: Sandbox, repository: Repository, pull: Pull
) -> None:
    """A group built on the base contains both pull requests; one built on the first only the second."""
    other = sandbox.open_pull(LIST, {"README.md": FIRST}, author="bob")
    outside = sandbox.open_pull(LIST, {"NOTES.md": "notes"}, author="eve")
    first, second = sandbox.enqueue(pull), sandbox.enqueue(other)
    both = merge_group(repository, second.head_sha, first.base_sha, second.head_ref)
    assert [member.number for member in both.members] == [pull.number, other.number]
    assert outside.number not in [member.number for member in both.members]
    alone = merge_group(repository, second.head_sha, second.base_sha, second.head_ref)
    assert [member.number for member in alone.members] == [other.number]


def test_unknown_branch_name_falls_back_to_commits(
    sandbox: Sandbox, repository: Repository, pull: Pull
) -> None:
    """The members are then the pull requests whose heads it contains."""
    group = sandbox.enqueue(pull)
    found = merge_group(repository, group.head_sha, group.base_sha, "refs/heads/another/form")
    assert [member.number for member in found.members] == [pull.number]
