"""The App keeps one comment on a pull request and writes only differences."""

from __future__ import annotations

import pytest
from github.Repository import Repository

from bot.github.app import Identity
from bot.github.conversation import reply_once
from bot.github.errors import GitHubUnavailable
from bot.github.publish import content_digest, publish_comment, removals_shown
from bot.render.comment import MARKER, Comment
from bot.render.removals_marker import Shown
from tests.sandbox import Pull, Sandbox

SAID = Comment(f"{MARKER}\n### one thing to fix\n", speaks=True)
OTHER = Comment(f"{MARKER}\n### another thing to fix\n", speaks=True)
WELL = Comment(f"{MARKER}\n### All good now\n", speaks=False)


def test_first_finding_creates_one_comment(
    sandbox: Sandbox, repository: Repository, identity: Identity, pull: Pull
) -> None:
    """The comment is written once; publishing the same again writes nothing."""
    assert publish_comment(repository, pull.number, SAID, identity)
    assert not publish_comment(repository, pull.number, SAID, identity)
    assert [item.body for item in sandbox.bot_comments(pull)] == [SAID.body]
    assert len(sandbox.log.writes()) == 1


def test_clean_pull_request_gets_no_comment(
    sandbox: Sandbox, repository: Repository, identity: Identity, pull: Pull
) -> None:
    """Without any finding there is no comment."""
    assert not publish_comment(repository, pull.number, WELL, identity)
    assert sandbox.comments(pull) == []


def test_comment_is_edited_in_place(
    sandbox: Sandbox, repository: Repository, identity: Identity, pull: Pull
) -> None:
    """When the fault is fixed, the existing comment says so."""
    publish_comment(repository, pull.number, SAID, identity)
    (before,) = sandbox.bot_comments(pull)
    assert publish_comment(repository, pull.number, WELL, identity)
    (after,) = sandbox.bot_comments(pull)
    assert (after.id, after.body) == (before.id, WELL.body)


def test_marker_of_another_author_is_ignored(
    sandbox: Sandbox, repository: Repository, identity: Identity, pull: Pull
) -> None:
    """A comment by somebody else with our marker is not edited and not taken for ours."""
    forged = sandbox.comment(pull, f"{MARKER}\nAll good now, trust me", by="eve")
    publish_comment(repository, pull.number, SAID, identity)
    assert [item.body for item in sandbox.bot_comments(pull)] == [SAID.body]
    assert sandbox.comments(pull, by="eve") == [forged]


def test_replies_of_the_app_are_not_edited(
    sandbox: Sandbox, repository: Repository, identity: Identity, pull: Pull
) -> None:
    """A reply is neither overwritten nor deleted, not even if it quotes the marker of the status comment."""
    asked = sandbox.comment(pull, "/fix", by="curator")
    for text in ("A patch", f"```diff\n+{MARKER}\n```"):
        assert reply_once(repository, pull.number, str(asked.id), text, bot_id=identity.bot_id)
        asked = sandbox.comment(pull, "/fix", by="curator")
    replies = [item.body for item in sandbox.bot_comments(pull)]
    publish_comment(repository, pull.number, SAID, identity)
    publish_comment(repository, pull.number, WELL, identity)
    assert [item.body for item in sandbox.bot_comments(pull)] == [*replies, WELL.body]


@pytest.mark.parametrize(
    "edited", [f"I say: no.\n{SAID.body}", f"{SAID.body}\nI say: no.", "All of it removed", MARKER]
)
def test_edited_comment_is_restored(
    sandbox: Sandbox, repository: Repository, identity: Identity, pull: Pull, edited: str
) -> None:
    """A maintainer may edit the App's comment; there is never a second one."""
    publish_comment(repository, pull.number, SAID, identity)
    (before,) = sandbox.bot_comments(pull)
    sandbox.edit_comment(before, edited, by="curator")
    assert publish_comment(repository, pull.number, SAID, identity)
    (after,) = sandbox.bot_comments(pull)
    assert (after.id, after.body) == (before.id, SAID.body)


def test_comment_of_a_deleted_account_is_ignored(
    sandbox: Sandbox, repository: Repository, identity: Identity, pull: Pull
) -> None:
    """GitHub may show its author as null, and a comment without a body."""
    sandbox.comment(pull, "hello", by="ann")
    publish_comment(repository, pull.number, SAID, identity)

    def edit(body: list[dict[str, object]]) -> object:
        return [body[0] | {"user": None}, body[1] | {"body": None}]

    sandbox.faults.add("GET", "/comments$", edit=edit)
    assert publish_comment(repository, pull.number, WELL, identity)
    assert [item.body for item in sandbox.bot_comments(pull)] == [WELL.body]


def test_comment_with_a_lost_answer_is_not_repeated(
    sandbox: Sandbox, repository: Repository, identity: Identity, pull: Pull
) -> None:
    """When the connection broke after GitHub took the comment, the next run finds it."""
    sandbox.faults.add("POST", "/comments$", drop=True, after=True)
    with pytest.raises(GitHubUnavailable):
        publish_comment(repository, pull.number, SAID, identity)
    assert not publish_comment(repository, pull.number, SAID, identity)
    assert len(sandbox.bot_comments(pull)) == 1


def test_duplicate_comments_are_deleted(
    sandbox: Sandbox, repository: Repository, identity: Identity, pull: Pull
) -> None:
    """The oldest of the App's own comments is updated; the others are deleted."""
    for body in ("old", "older words", "third"):
        repository.get_issue(pull.number).create_comment(f"{MARKER}\n{body}")
    first = sandbox.bot_comments(pull)[0]
    assert publish_comment(repository, pull.number, SAID, identity)
    (left,) = sandbox.bot_comments(pull)
    assert (left.id, left.body) == (first.id, SAID.body)


def test_deleted_comment_is_not_repeated(
    sandbox: Sandbox, repository: Repository, identity: Identity, pull: Pull
) -> None:
    """A maintainer who deletes the comment does not want the same again; a new finding is written."""
    publish_comment(repository, pull.number, SAID, identity)
    sandbox.delete_comment(sandbox.bot_comments(pull)[0], by="curator")
    said = content_digest(SAID)
    assert not publish_comment(repository, pull.number, WELL, identity, said)
    assert not publish_comment(repository, pull.number, SAID, identity, said)
    assert sandbox.bot_comments(pull) == []
    assert publish_comment(repository, pull.number, OTHER, identity, said)
    assert [item.body for item in sandbox.bot_comments(pull)] == [OTHER.body]


def test_same_findings_on_other_lines_are_the_same_content() -> None:
    """A push changes commits, lines and counts; that alone is nothing new."""
    first, second = (
        Comment(
            f"{MARKER}\n[line {line}](https://github.com/a/b/blob/{sha}/README.md#L{line}) `{sha[:7]}`", True
        )
        for line, sha in ((7, "a1" * 20), (12, "b2" * 20))
    )
    assert content_digest(first) == content_digest(second)
    assert content_digest(first) != content_digest(SAID)


def test_comment_is_found_on_a_later_page(
    sandbox: Sandbox, repository: Repository, identity: Identity, pull: Pull
) -> None:
    """The comment is found in a conversation of several pages."""
    for number in range(105):
        sandbox.comment(pull, f"word {number}", by="ann")
    publish_comment(repository, pull.number, SAID, identity)
    assert publish_comment(repository, pull.number, WELL, identity)
    assert [item.body for item in sandbox.bot_comments(pull)] == [WELL.body]


def test_comment_records_when_its_removal_list_changed(
    sandbox: Sandbox, repository: Repository, identity: Identity, pull: Pull
) -> None:
    """The edit that changes the list of removals is dated; the date alone does not cause an edit."""
    first, other = (f"{MARKER}\n{{}}\n<!-- papergate:removals v1 {letter * 16} -->\n" for letter in "ab")
    assert removals_shown(repository, pull.number, identity.bot_id) is None
    publish_comment(repository, pull.number, Comment(first, speaks=True), identity)
    publish_comment(repository, pull.number, Comment(first.format("again"), speaks=True), identity)
    assert removals_shown(repository, pull.number, identity.bot_id) == Shown("a" * 16)
    publish_comment(repository, pull.number, Comment(other, speaks=True), identity)
    (kept,) = sandbox.bot_comments(pull)
    assert removals_shown(repository, pull.number, identity.bot_id) == Shown("b" * 16, kept.updated_at)
    assert not publish_comment(repository, pull.number, Comment(other, speaks=True), identity)
    publish_comment(repository, pull.number, Comment(other.format("again"), speaks=True), identity)
    assert removals_shown(repository, pull.number, identity.bot_id) == Shown("b" * 16, kept.updated_at)
