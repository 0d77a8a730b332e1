"""Suggestions stand on lines of the diff, once each, in one review."""

from __future__ import annotations

from dataclasses import replace

import pytest
from github.Repository import Repository

from bot.github.app import Identity
from bot.github.errors import GitHubRefused, GitHubUnavailable
from bot.github.fetch import PullRequest, pull_request
from bot.github.suggestions import MOST, publish_suggestions
from bot.render.suggestion import Suggestion
from tests.bot.github.conftest import LIST
from tests.sandbox import Pull, Sandbox

LINES = [f"- paper {number}\n" for number in range(1, 61)]


@pytest.fixture
def pull(sandbox: Sandbox) -> Pull:
    """A pull request that changes lines 10, 11 and 50 of sixty."""
    start = sandbox.commit(LIST, {"README.md": "".join(LINES)})
    changed = list(LINES)
    changed[9], changed[10], changed[49] = "- ten\n", "- eleven\n", "- fifty\n"
    return sandbox.open_pull(LIST, {"README.md": "".join(changed)}, author="ann", start=start)


@pytest.fixture
def span(repository: Repository, pull: Pull) -> PullRequest:
    """The pull request as the bot reads it."""
    return pull_request(repository, pull.number)


def suggest(line: int, end_line: int | None = None, text: str = "- ten!") -> Suggestion:
    body = f"Say it.\n\n```suggestion\n{text}\n```"
    return Suggestion(line, end_line or line, body, f"{line:08x}{end_line or line:08x}")


def test_lines_outside_the_diff_are_left_out(
    sandbox: Sandbox, repository: Repository, pull: Pull, span: PullRequest, identity: Identity
) -> None:
    """A line outside the diff, or a range across two hunks, is left out; the rest is one review."""
    made = [suggest(10), suggest(10, 11), suggest(30), suggest(11, 50), suggest(50, text="- 50")]
    assert publish_suggestions(repository, pull.number, span, "README.md", made, identity) == 3
    (review,) = sandbox.reviews(pull)
    assert review.state == "COMMENTED"
    assert review.body.startswith("3 corrections: ")
    placed = [(item.place.start_line, item.place.line) for item in sandbox.review_comments(pull)]
    assert placed == [(None, 10), (10, 11), (None, 50)]


def test_suggestion_is_not_repeated(
    sandbox: Sandbox, repository: Repository, pull: Pull, span: PullRequest, identity: Identity
) -> None:
    """Not even when its line has moved; markers of other authors are ignored."""
    assert publish_suggestions(repository, pull.number, span, "README.md", [suggest(10)], identity) == 1
    moved = replace(suggest(10), line=11, end_line=11)
    again = [moved, suggest(50)]
    assert publish_suggestions(repository, pull.number, span, "README.md", again, identity) == 1
    before = len(sandbox.log.writes())
    assert publish_suggestions(repository, pull.number, span, "README.md", again, identity) == 0
    assert len(sandbox.log.writes()) == before
    assert len(sandbox.review_comments(pull)) == 2


def test_deleted_suggestion_is_not_repeated(
    sandbox: Sandbox, repository: Repository, pull: Pull, span: PullRequest, identity: Identity
) -> None:
    """A person who deletes a suggestion does not want it back."""
    publish_suggestions(repository, pull.number, span, "README.md", [suggest(10)], identity)
    repository.get_pull(pull.number).get_review_comments()[0].delete()
    assert publish_suggestions(repository, pull.number, span, "README.md", [suggest(10)], identity) == 0
    assert sandbox.review_comments(pull) == []


def test_committed_suggestion_replaces_its_line(
    sandbox: Sandbox, repository: Repository, pull: Pull, span: PullRequest, identity: Identity
) -> None:
    """The author commits it with one click."""
    publish_suggestions(repository, pull.number, span, "README.md", [suggest(10)], identity)
    (comment,) = sandbox.review_comments(pull)
    pushed = sandbox.commit_suggestion(comment, by="ann")
    text = sandbox.read_file(pushed.head_repository, "README.md", ref=pushed.head_sha)
    assert text.split("\n")[8:11] == ["- paper 9", "- ten!", "- eleven"]


def test_refused_review_is_reported(
    sandbox: Sandbox, repository: Repository, pull: Pull, span: PullRequest, identity: Identity
) -> None:
    """One request; the caller decides whether to try again."""
    refusal = '{"message": "Unprocessable Entity", "errors": ["Line could not be resolved"]}'
    sandbox.faults.add("POST", "/reviews$", status=422, body=refusal, times=None)
    with pytest.raises(GitHubRefused, match="Unprocessable"):
        publish_suggestions(repository, pull.number, span, "README.md", [suggest(10)], identity)
    assert len(sandbox.log.find("POST", "/reviews$")) == 1


def test_review_with_a_lost_answer_is_not_repeated(
    sandbox: Sandbox, repository: Repository, pull: Pull, span: PullRequest, identity: Identity
) -> None:
    """The next run finds the review by its marker."""
    sandbox.faults.add("POST", "/reviews$", drop=True, after=True)
    with pytest.raises(GitHubUnavailable):
        publish_suggestions(repository, pull.number, span, "README.md", [suggest(10)], identity)
    assert publish_suggestions(repository, pull.number, span, "README.md", [suggest(10)], identity) == 0
    assert len(sandbox.reviews(pull)) == 1


@pytest.mark.parametrize("path", ["OTHER.md", "README"])
def test_unchanged_file_gets_no_suggestion(
    sandbox: Sandbox, repository: Repository, pull: Pull, span: PullRequest, identity: Identity, path: str
) -> None:
    """Without a diff there is no review."""
    assert publish_suggestions(repository, pull.number, span, path, [suggest(10)], identity) == 0
    assert sandbox.reviews(pull) == []


def test_number_of_suggestions_is_limited(
    sandbox: Sandbox, repository: Repository, identity: Identity
) -> None:
    """A pull request that changes everything gets a limited number of suggestions."""
    pull = sandbox.open_pull(LIST, {"README.md": "".join(LINES)}, author="bob")
    span = pull_request(repository, pull.number)
    made = [suggest(line) for line in range(1, 61)]
    assert publish_suggestions(repository, pull.number, span, "README.md", made, identity) == MOST


def test_commits_are_compared_again_if_the_files_are_unknown(
    sandbox: Sandbox, repository: Repository, span: PullRequest, identity: Identity
) -> None:
    """GitHub could not compare them at first; if it still cannot, the caller may try again."""
    unknown = replace(span, files=None)
    sandbox.faults.add("GET", "/compare/", status=422)
    with pytest.raises(GitHubRefused, match="Validation Failed"):
        publish_suggestions(repository, span.number, unknown, "README.md", [suggest(10)], identity)
    assert publish_suggestions(repository, span.number, unknown, "README.md", [suggest(10)], identity) == 1
