"""Who is asking, what they may do, and which pull requests a commit heads."""

from __future__ import annotations

import pytest
from github.Repository import Repository

from bot.github.commits import pulls_of_head
from bot.github.errors import GitHubRefused
from bot.github.permissions import may_recheck
from bot.github.reactions import react
from tests.bot.github.conftest import LIST, README
from tests.sandbox import Pull, Sandbox


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("admin", True),
        ("maintain", True),
        ("write", True),
        ("triage", False),
        ("read", False),
        ("none", False),
    ],
)
def test_recheck_takes_write_permission(
    sandbox: Sandbox, repository: Repository, role: str, allowed: bool
) -> None:
    """Only who could push may command, whatever GitHub calls the role."""
    sandbox.set_permission(LIST, "sam", role)
    assert may_recheck(repository, "ann", "sam") is allowed


def test_author_may_recheck_without_being_asked_about(sandbox: Sandbox, repository: Repository) -> None:
    """The author's own pull request is theirs to have judged again, in any spelling of the login."""
    assert may_recheck(repository, "Ann", "ann")
    assert sandbox.log.find("GET", "/permission$") == []


def test_user_who_is_gone_may_nothing(repository: Repository) -> None:
    """A login GitHub does not know has no permission."""
    assert not may_recheck(repository, "ann", "nobody-of-that-name")


def test_permission_that_may_not_be_asked_for_is_refused(sandbox: Sandbox, repository: Repository) -> None:
    """When GitHub does not let the App ask, nobody is taken for a stranger."""
    sandbox.faults.add("GET", "/permission$", status=403, body='{"message": "Resource not accessible"}')
    with pytest.raises(GitHubRefused):
        may_recheck(repository, "ann", "sam")


def test_pulls_of_a_head_include_forks_and_leave_out_closed_ones(
    sandbox: Sandbox, repository: Repository, pull: Pull
) -> None:
    """A check suite names a commit; every open pull request with that head is found, others are not."""
    other = sandbox.open_pull(LIST, {"README.md": README + "- three\n"}, author="bob")
    assert pulls_of_head(repository, pull.head_sha) == (pull.number,)
    assert pulls_of_head(repository, sandbox.head(LIST)) == ()
    sandbox.close_pull(other)
    assert pulls_of_head(repository, other.head_sha) == ()


def test_reaction_is_put_once(sandbox: Sandbox, repository: Repository, pull: Pull) -> None:
    """Reacting twice leaves one reaction of each kind."""
    comment = sandbox.comment(pull, "/recheck", by="ann")
    react(repository, pull.number, comment.id, "eyes")
    react(repository, pull.number, comment.id, "eyes")
    react(repository, pull.number, comment.id, "rocket")
    assert [item.content for item in sandbox.reactions(comment)] == ["eyes", "rocket"]
