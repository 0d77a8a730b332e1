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


def test_first_finding_is_said_in_one_comment(
    sandbox: Sandbox, repository: Repository, identity: Identity, pull: Pull
) -> None:
    """A comment is written once and then left alone."""
    assert publish_comment(repository, pull.number, SAID, identity)
    assert not publish_comment(repository, pull.number, SAID, identity)
    assert [item.body for item in sandbox.bot_comments(pull)] == [SAID.body]
    assert len(sandbox.log.writes()) == 1


def test_clean_pull_request_is_left_alone(
    sandbox: Sandbox, repository: Repository, identity: Identity, pull: Pull
) -> None:
    """Where there never was a finding, there never is a comment."""
    assert not publish_comment(repository, pull.number, WELL, identity)
    assert sandbox.comments(pull) == []


def test_comment_is_edited_in_place(
    sandbox: Sandbox, repository: Repository, identity: Identity, pull: Pull
) -> None:
    """What was wrong and is mended is said in the comment that is there."""
    publish_comment(repository, pull.number, SAID, identity)
    (before,) = sandbox.bot_comments(pull)
    assert publish_comment(repository, pull.number, WELL, identity)
    (after,) = sandbox.bot_comments(pull)
    assert (after.id, after.body) == (before.id, WELL.body)


def test_forged_marker_is_not_ours(
    sandbox: Sandbox, repository: Repository, identity: Identity, pull: Pull
) -> None:
    """A comment of another's with our marker is neither edited nor taken for ours."""
    forged = sandbox.comment(pull, f"{MARKER}\nAll good now, trust me", by="eve")
    publish_comment(repository, pull.number, SAID, identity)
    assert [item.body for item in sandbox.bot_comments(pull)] == [SAID.body]
    assert sandbox.comments(pull, by="eve") == [forged]


def test_other_comment_of_the_app_is_left_alone(
    sandbox: Sandbox, repository: Repository, identity: Identity, pull: Pull
) -> None:
    """The App's other words do not carry the marker and are not overwritten."""
    repository.get_issue(pull.number).create_comment("Another answer")
    publish_comment(repository, pull.number, SAID, identity)
    assert [item.body for item in sandbox.bot_comments(pull)] == ["Another answer", SAID.body]


def test_comment_whose_answer_was_lost_is_not_doubled(
    sandbox: Sandbox, repository: Repository, identity: Identity, pull: Pull
) -> None:
    """When the connection broke after GitHub took the comment, the next run finds it."""
    sandbox.faults.add("POST", "/comments$", drop=True, after=True)
    with pytest.raises(GitHubUnavailable):
        publish_comment(repository, pull.number, SAID, identity)
    assert not publish_comment(repository, pull.number, SAID, identity)
    assert len(sandbox.bot_comments(pull)) == 1


def test_doubled_comments_are_healed(
    sandbox: Sandbox, repository: Repository, identity: Identity, pull: Pull
) -> None:
    """Of several of our own the oldest stays, up to date, and the others go."""
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


def test_our_comment_is_found_among_many(
    sandbox: Sandbox, repository: Repository, identity: Identity, pull: Pull
) -> None:
    """A long conversation does not hide the comment on another page."""
    for number in range(105):
        sandbox.comment(pull, f"word {number}", by="ann")
    publish_comment(repository, pull.number, SAID, identity)
    assert publish_comment(repository, pull.number, WELL, identity)
    assert [item.body for item in sandbox.bot_comments(pull)] == [WELL.body]


def test_a_comment_remembers_that_its_suggestions_changed(
    sandbox: Sandbox, repository: Repository, identity: Identity, pull: Pull
) -> None:
    """From the edit that brings other suggestions on it has a date; that alone is no reason to edit."""
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
