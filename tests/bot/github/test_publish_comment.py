"""One comment says what is true, and nothing is written when nothing changed."""

from __future__ import annotations

import pytest
from github.Repository import Repository

from bot.github.app import Identity
from bot.github.errors import GitHubUnavailable
from bot.github.publish import publish_comment, removals_shown
from bot.render.comment import MARKER, Comment
from bot.render.removals_marker import Shown
from tests.sandbox import Pull, Sandbox

SAID = Comment(f"{MARKER}\n### one thing to fix\n", speaks=True)
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


def test_other_comments_of_the_app_are_not_edited(
    sandbox: Sandbox, repository: Repository, identity: Identity, pull: Pull
) -> None:
    """A reply of the App has no marker and is not overwritten."""
    repository.get_issue(pull.number).create_comment("Another answer")
    publish_comment(repository, pull.number, SAID, identity)
    assert [item.body for item in sandbox.bot_comments(pull)] == ["Another answer", SAID.body]


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


def test_deleted_comment_comes_back_only_with_something_to_say(
    sandbox: Sandbox, repository: Repository, identity: Identity, pull: Pull
) -> None:
    """A maintainer who removed the comment is not told that all is well, but is told of a finding."""
    publish_comment(repository, pull.number, SAID, identity)
    sandbox.delete_comment(sandbox.bot_comments(pull)[0], by="curator")
    assert not publish_comment(repository, pull.number, WELL, identity)
    assert publish_comment(repository, pull.number, SAID, identity)
    assert len(sandbox.bot_comments(pull)) == 1


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
