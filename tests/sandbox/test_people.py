"""Who may do what, and whose words are whose."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from github import GithubException

from tests.sandbox.conftest import LIST, README

if TYPE_CHECKING:
    from github.Repository import Repository

    from tests.sandbox import Sandbox
    from tests.sandbox.receiver import Receiver

FLAGS = ("pull", "triage", "push", "maintain", "admin")


@pytest.mark.parametrize(
    ("role", "permission", "held"),
    [
        ("none", "none", 0),
        ("read", "read", 1),
        ("triage", "read", 2),
        ("write", "write", 3),
        ("maintain", "write", 4),
        ("admin", "admin", 5),
    ],
)
def test_a_role_is_told_in_three_ways(
    sandbox: Sandbox, repository: Repository, role: str, permission: str, held: int
) -> None:
    """The old four steps, the role's own name, and one flag for each thing it allows."""
    sandbox.set_permission(LIST, "ann", role)
    assert repository.get_collaborator_permission("ann") == permission
    assert repository.get_collaborator_role_name("ann") == role
    _, whole = repository._requester.requestJsonAndCheck(  # PyGithub has no word for the flags
        "GET", f"{repository.url}/collaborators/ann/permission"
    )
    flags = whole["user"]["permissions"]
    assert [flags[name] for name in FLAGS] == [number < held for number in range(5)]


def test_a_strangers_role_depends_on_the_repository(sandbox: Sandbox, repository: Repository) -> None:
    """Everybody reads a public one; a role that is taken away counts at once."""
    sandbox.open_pull(LIST, {"docs/a.md": "a\n"}, author="stranger")
    assert repository.get_collaborator_role_name("stranger") == "read"
    sandbox.set_permission(LIST, "stranger", "maintain")
    assert repository.get_collaborator_role_name("STRANGER") == "maintain"
    sandbox.set_permission(LIST, "stranger", "read")
    assert repository.get_collaborator_role_name("stranger") == "read"


@pytest.mark.parametrize("bot", ["papergate[bot]", "dependabot[bot]"])
def test_a_bot_is_no_user(sandbox: Sandbox, repository: Repository, receiver: Receiver, bot: str) -> None:
    """It comments as a Bot, and asking for its permission is 404."""
    pull = sandbox.open_pull(LIST, {"docs/a.md": "a\n"}, author="ann")
    sandbox.comment(pull, "/papergate recheck", by=bot)
    sent = json.loads(receiver.received[-1].body)
    assert sent["sender"]["type"] == sent["comment"]["user"]["type"] == "Bot"
    with pytest.raises(GithubException) as caught:
        repository.get_collaborator_permission(bot)
    assert (caught.value.status, caught.value.data["message"]) == (404, f"{bot} is not a user")


def test_a_comment_edited_by_somebody_else_stays_its_authors(sandbox: Sandbox, receiver: Receiver) -> None:
    """The event has the text before, the author and the editor; a deletion has who deleted it."""
    pull = sandbox.open_pull(LIST, {"docs/a.md": "a\n"}, author="ann")
    comment = sandbox.comment(pull, "Please look.", by="ann")
    sandbox.edit_comment(comment, "/papergate recheck", by="curator")
    edited = json.loads(receiver.received[-1].body)
    assert (edited["comment"]["user"]["login"], edited["sender"]["login"]) == ("ann", "curator")
    assert edited["changes"] == {"body": {"from": "Please look."}}
    sandbox.delete_comment(comment, by="curator")
    deleted = json.loads(receiver.received[-1].body)
    assert (deleted["action"], deleted["sender"]["login"]) == ("deleted", "curator")
    assert deleted["comment"]["body"] == "/papergate recheck"
    assert sandbox.comments(pull) == []


def test_a_push_to_the_default_branch_tells_its_commits(sandbox: Sandbox, receiver: Receiver) -> None:
    """Each with the files it added, removed (or renamed: both) and modified, and who pushed."""
    sandbox.set_permission(LIST, "ann", "write")
    before = sandbox.head(LIST)
    files = {"README.md": README + "- four\n", "docs/new.md": "x\n", "docs/read me.md": None}
    sha = sandbox.commit(LIST, files, message="Tidy up", by="ann")
    pushed = json.loads(receiver.received[0].body)
    assert (pushed["ref"], pushed["before"], pushed["after"]) == ("refs/heads/master", before, sha)
    assert (pushed["repository"]["default_branch"], pushed["sender"]["login"]) == ("master", "ann")
    (commit,) = pushed["commits"]
    assert (commit["added"], commit["removed"], commit["modified"]) == (
        ["docs/new.md"],
        ["docs/read me.md"],
        ["README.md"],
    )
    assert (commit["message"], pushed["head_commit"]["id"]) == ("Tidy up", sha)
