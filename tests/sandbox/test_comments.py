"""Comments, reactions and roles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from github import GithubException, UnknownObjectException

from tests.sandbox.conftest import LIST

if TYPE_CHECKING:
    from github import Github
    from github.Repository import Repository

    from tests.sandbox import Pull, Sandbox


@pytest.fixture
def pull(sandbox: Sandbox) -> Pull:
    """A pull request to talk about."""
    return sandbox.open_pull(LIST, {"docs/a.md": "a\n"}, author="ann")


def test_the_app_comments_as_its_bot(sandbox: Sandbox, repository: Repository, pull: Pull) -> None:
    """The author is the bot, and the comment names the App."""
    made = repository.get_pull(pull.number).create_issue_comment("Hello")
    assert (made.user.login, made.user.type) == ("papergate[bot]", "Bot")
    assert made.raw_data["performed_via_github_app"]["slug"] == "papergate"
    assert [item.body for item in sandbox.bot_comments(pull)] == ["Hello"]


def test_a_comment_is_edited_in_place(sandbox: Sandbox, repository: Repository, pull: Pull) -> None:
    """Editing changes the text and not the place."""
    made = repository.get_pull(pull.number).create_issue_comment("One")
    sandbox.comment(pull, "Thanks", by="ann")
    made.edit("Two")
    listed = list(repository.get_pull(pull.number).get_issue_comments())
    assert [(item.user.login, item.body) for item in listed] == [("papergate[bot]", "Two"), ("ann", "Thanks")]


def test_the_app_deletes_its_own_comment_only(sandbox: Sandbox, repository: Repository, pull: Pull) -> None:
    """A stranger's comment is refused with 403, and a deleted one is gone."""
    theirs = sandbox.comment(pull, "Mine", by="ann")
    made = repository.get_pull(pull.number).create_issue_comment("One")
    made.delete()
    with pytest.raises(UnknownObjectException):
        repository.get_pull(pull.number).get_issue_comment(made.id)
    with pytest.raises(GithubException) as caught:
        repository.get_pull(pull.number).get_issue_comment(theirs.id).edit("Not yours")
    assert caught.value.status == 403


@pytest.mark.parametrize(("text", "taken"), [("x" * 65_536, True), ("x" * 65_537, False), ("  ", False)])
def test_a_comment_has_its_limits(repository: Repository, pull: Pull, text: str, taken: bool) -> None:
    """65,536 characters are the most, and blank is nothing."""
    issue = repository.get_pull(pull.number)
    if taken:
        assert issue.create_issue_comment(text).body == text
        return
    with pytest.raises(GithubException) as caught:
        issue.create_issue_comment(text)
    assert caught.value.status == 422


def test_a_reaction_counts_once(sandbox: Sandbox, repository: Repository, pull: Pull) -> None:
    """The same reaction again is the one there was."""
    asked = sandbox.comment(pull, "/recheck", by="ann")
    sandbox.react(asked, "heart", by="bob")
    comment = repository.get_pull(pull.number).get_issue_comment(asked.id)
    first, second = comment.create_reaction("eyes"), comment.create_reaction("eyes")
    assert first.id == second.id
    assert [(item.user.login, item.content) for item in comment.get_reactions()] == [
        ("bob", "heart"),
        ("papergate[bot]", "eyes"),
    ]
    assert comment.delete_reaction(first.id)
    assert [item.content for item in sandbox.reactions(asked)] == ["heart"]


@pytest.mark.parametrize(
    ("role", "permission"),
    [("admin", "admin"), ("maintain", "write"), ("write", "write"), ("triage", "read"), ("read", "read")],
)
def test_a_role_is_told_by_its_own_name_and_by_the_old_one(
    sandbox: Sandbox, repository: Repository, role: str, permission: str
) -> None:
    """Maintain counts as write, triage as read."""
    sandbox.set_permission(LIST, "meg", role)
    assert repository.get_collaborator_role_name("meg") == role
    assert repository.get_collaborator_permission("meg") == permission


def test_the_owner_is_admin_and_a_stranger_reads(sandbox: Sandbox, repository: Repository) -> None:
    """And of somebody unknown nothing is said."""
    sandbox.state.account("ann")
    assert repository.get_collaborator_permission("curator") == "admin"
    assert repository.get_collaborator_permission("ann") == "read"
    with pytest.raises(GithubException) as caught:
        repository.get_collaborator_permission("nobody-at-all")
    assert caught.value.status == 404


def test_the_bot_has_a_page(github: Github) -> None:
    """The bot's login, brackets and all, leads to its account."""
    assert github.get_user("papergate[bot]").type == "Bot"


def test_the_rate_limit_can_be_read(github: Github) -> None:
    """An installation has 5,000 requests an hour."""
    assert github.get_rate_limit().rate.limit == 5_000
