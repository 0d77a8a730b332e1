"""Who is asking, what they may do, and which pull requests a commit heads."""

from __future__ import annotations

import pytest
from github.Repository import Repository

from bot.github.commits import pulls_of_head
from bot.github.errors import GitHubRefused
from bot.github.permissions import role_of
from bot.github.reactions import react
from tests.bot.github.conftest import LIST, README
from tests.sandbox import Pull, Sandbox


@pytest.mark.parametrize("role", ["admin", "maintain", "write", "triage", "read", "none"])
def test_role_name_is_returned(sandbox: Sandbox, repository: Repository, role: str) -> None:
    """This includes maintain and triage, which the older permission field merges into others."""
    sandbox.set_permission(LIST, "sam", role)
    assert role_of(repository, "sam", sandbox.state.account("sam").id) == role


def test_a_login_that_somebody_else_has_taken_has_no_role(sandbox: Sandbox, repository: Repository) -> None:
    """People are known by id: a login can change and be reused."""
    sandbox.set_permission(LIST, "sam", "admin")
    assert role_of(repository, "sam", 1) == "none"


def test_custom_role_counts_as_the_role_it_inherits_from(sandbox: Sandbox, repository: Repository) -> None:
    """The name of a custom role means nothing; its permission does."""
    body = '{"permission": "write", "role_name": "gardener", "user": {"id": 5}}'
    sandbox.faults.add("GET", "/permission$", status=200, body=body, times=2)
    assert role_of(repository, "sam", 5) == "write"


def test_unknown_user_is_refused(repository: Repository) -> None:
    """Right after an event that is a lag, and must not turn a maintainer into a stranger."""
    with pytest.raises(GitHubRefused):
        role_of(repository, "nobody-of-that-name", 5)


def test_missing_permission_to_read_roles_raises(sandbox: Sandbox, repository: Repository) -> None:
    """It does not turn a maintainer into a stranger."""
    sandbox.faults.add("GET", "/permission$", status=403, body='{"message": "Resource not accessible"}')
    with pytest.raises(GitHubRefused):
        role_of(repository, "sam", 5)


def test_pulls_of_a_head_include_forks_and_exclude_closed_ones(
    sandbox: Sandbox, repository: Repository, pull: Pull
) -> None:
    """Every open pull request with this head SHA is found."""
    other = sandbox.open_pull(LIST, {"README.md": README + "- three\n"}, author="bob")
    assert pulls_of_head(repository, pull.head_sha) == (pull.number,)
    assert pulls_of_head(repository, sandbox.head(LIST)) == ()
    sandbox.close_pull(other)
    assert pulls_of_head(repository, other.head_sha) == ()


def test_reaction_is_added_once(sandbox: Sandbox, repository: Repository, pull: Pull) -> None:
    """Reacting twice leaves one reaction of each kind."""
    comment = sandbox.comment(pull, "/recheck", by="ann")
    react(repository, comment.id, "eyes")
    react(repository, comment.id, "eyes")
    react(repository, comment.id, "rocket")
    assert [item.content for item in sandbox.reactions(comment)] == ["eyes", "rocket"]
