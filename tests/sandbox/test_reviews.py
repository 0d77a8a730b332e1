"""Reviews: placed on lines of the diff, or refused as a whole; outdated by a push to their lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from github import GithubException

from tests.sandbox.conftest import LIST

if TYPE_CHECKING:
    from github.PullRequest import PullRequest
    from github.Repository import Repository

    from tests.sandbox import Pull, Sandbox

LONG = [f"- entry {number}" for number in range(1, 41)]


def text(**lines: str) -> str:
    """Return the long file with some of its lines, named as `l7`, replaced."""
    changed = {int(name[1:]): line for name, line in lines.items()}
    return "".join(f"{changed.get(number, line)}\n" for number, line in enumerate(LONG, 1))


@pytest.fixture
def pull(sandbox: Sandbox) -> Pull:
    """A pull request that changes lines 5 and 30 of a file of 40, its base one commit ahead of it."""
    start = sandbox.commit(LIST, {"README.md": text()})
    sandbox.commit(LIST, {"docs/other.md": "x\n"})
    return sandbox.open_pull(
        LIST, {"README.md": text(l5="- five", l30="- thirty")}, start=start, author="ann"
    )


@pytest.fixture
def asked(repository: Repository, pull: Pull) -> PullRequest:
    """The same pull request as the App's client has it."""
    return repository.get_pull(pull.number)


def note(line: int, **more: object) -> Any:
    return {"path": "README.md", "line": line, "side": "RIGHT", "body": f"line {line}"} | more


def refusal(asked: PullRequest, *comments: Any, **more: Any) -> Any:
    with pytest.raises(GithubException) as caught:
        asked.create_review(event="COMMENT", comments=list(comments), **more)
    assert caught.value.status == 422
    return caught.value.data["errors"]


def test_a_review_places_its_comments(sandbox: Sandbox, asked: PullRequest, pull: Pull) -> None:
    """Single lines, ranges, context lines and the old side, all in one review by the bot."""
    made = asked.create_review(
        body="See below.",
        event="COMMENT",
        comments=[note(5), note(31, start_line=29, start_side="RIGHT"), note(5, side="LEFT"), note(8)],
    )
    assert (made.user.login, made.state, made.commit_id) == ("papergate[bot]", "COMMENTED", pull.head_sha)
    assert [item.body for item in asked.get_reviews()] == ["See below."]
    shown = list(asked.get_review_comments())
    assert [(item.start_line, item.line, item.raw_data["side"]) for item in shown] == [
        (None, 5, "RIGHT"),
        (29, 31, "RIGHT"),
        (None, 5, "LEFT"),
        (None, 8, "RIGHT"),
    ]
    assert shown[0].diff_hunk.endswith("-- entry 5\n+- five")
    assert asked.raw_data["review_comments"] == 0
    assert sandbox.state.review_comments.keys() == {item.id for item in shown}


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (note(15), "Line could not be resolved"),
        (note(5, path="docs/other.md"), "Path could not be resolved"),
        (note(5, path="absent.md"), "Path could not be resolved"),
        (note(30, start_line=5), "Start line must be part of the same hunk as the line."),
        (note(5, start_line=5), "Start line must precede the end line."),
        (note(6, start_line=1), "Line could not be resolved"),
        (note(5, body=" "), "Body can't be blank"),
        (note(5, body="x" * 65_537), "Body is too long (maximum is 65536 characters)"),
        ({"path": "README.md", "position": 900, "body": "far"}, "Position could not be resolved"),
    ],
)
def test_one_bad_line_refuses_the_whole_review(asked: PullRequest, bad: Any, reason: str) -> None:
    """The good comment is lost with it; a file only the base changed is not in the diff."""
    assert refusal(asked, note(5), bad) == [reason]
    assert asked.get_review_comments().totalCount == asked.get_reviews().totalCount == 0


def test_a_place_may_be_named_by_its_position(asked: PullRequest) -> None:
    """Positions count the lines of the patch, further `@@` lines included."""
    patch = next(iter(asked.get_files())).patch.split("\n")
    comment = {"path": "README.md", "position": patch.index("+- thirty"), "body": "here"}
    asked.create_review(event="COMMENT", comments=[comment])  # type: ignore[list-item]  # PyGithub has no position
    assert next(iter(asked.get_review_comments())).line == 30


def test_a_review_has_to_say_something(asked: PullRequest) -> None:
    """Neither text nor comments is refused, and so is a commit of another branch."""
    assert refusal(asked) == ["Review Can not be blank"]
    assert refusal(asked, note(5), commit=asked.base.repo.get_commit("master")) == [
        "The commit is not part of the pull request"
    ]


def test_a_pending_review_is_seen_by_nobody(asked: PullRequest) -> None:
    """Without an event a review is a draft."""
    assert asked.create_review(comments=[note(5)]).state == "PENDING"
    assert list(asked.get_review_comments()) == []


def test_a_comment_moves_with_its_line_and_is_outdated_when_that_changes(
    sandbox: Sandbox, asked: PullRequest, pull: Pull
) -> None:
    """A line above shifts it; another text on its line leaves line and position null, the original kept."""
    asked.create_review(event="COMMENT", comments=[note(5), note(30), note(31, start_line=29)])
    shifted = "- zero\n" + text(l5="- five", l30="- THIRTY")
    sandbox.push(pull, {"README.md": shifted})
    kept, gone, wide = asked.get_review_comments()
    assert (kept.line, kept.raw_data["original_line"], kept.commit_id) == (6, 5, sandbox.pull(pull).head_sha)
    for outdated in (gone, wide):
        assert outdated.raw_data["line"] is outdated.raw_data["position"] is None
        assert outdated.raw_data["start_line"] is None
    assert (gone.raw_data["original_line"], gone.commit_id) == (30, pull.head_sha)


def test_a_comment_is_outdated_when_its_line_leaves_the_diff(
    sandbox: Sandbox, asked: PullRequest, pull: Pull
) -> None:
    """Also when the file goes back to what the base has."""
    asked.create_review(event="COMMENT", comments=[note(8)])
    sandbox.push(pull, {"README.md": text(l30="- thirty")})
    assert next(iter(asked.get_review_comments())).raw_data["line"] is None


def test_a_single_comment_is_edited_answered_and_deleted(
    asked: PullRequest, repository: Repository, pull: Pull
) -> None:
    """It has a review of its own; a line outside the diff is refused by name."""
    commit = repository.get_commit(pull.head_sha)
    made = asked.create_review_comment("One", commit, "README.md", line=5)
    made.edit("Two")
    answer = asked.create_review_comment_reply(made.id, "Three")
    assert answer.in_reply_to_id == made.id
    assert [item.body for item in asked.get_review_comments()] == ["Two", "Three"]
    assert asked.get_review_comment(made.id).body == "Two"
    made.delete()
    assert [item.body for item in asked.get_review_comments()] == ["Three"]
    with pytest.raises(GithubException) as caught:
        asked.create_review_comment("One", commit, "README.md", line=15)
    assert caught.value.data["errors"][0]["field"] == "pull_request_review_thread.line"


def test_many_comments_come_in_pages(asked: PullRequest) -> None:
    """A client that follows the Link header sees each once, in either order."""
    asked.create_review(event="COMMENT", comments=[note(5, body=str(number)) for number in range(65)])
    assert [int(item.body) for item in asked.get_review_comments()] == list(range(65))
    newest = asked.get_review_comments(sort="created", direction="desc")
    assert next(iter(newest)).body == "64"
