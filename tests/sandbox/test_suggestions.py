"""What contributors do with the App's help: suggestions committed, patches applied."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.sandbox.conftest import LIST, README

if TYPE_CHECKING:
    from github.Repository import Repository

    from tests.sandbox import Pull, Sandbox

PATCH = """\
--- a/README.md
+++ b/README.md
@@ -3,5 +3,5 @@
 - one
 - two
 - three
-- four
+- FOUR
 - five
"""


@pytest.fixture
def pull(sandbox: Sandbox) -> Pull:
    """A pull request of a fork that adds two lines."""
    return sandbox.open_pull(LIST, {"README.md": README + "- four\n- five\n"}, author="ann")


def suggest(repository: Repository, pull: Pull, text: str, **more: Any) -> None:
    comment: Any = {"path": "README.md", "line": 6, "side": "RIGHT", "body": text} | more
    repository.get_pull(pull.number).create_review(event="COMMENT", comments=[comment])


@pytest.mark.parametrize(
    ("text", "more", "left"),
    [
        ("```suggestion\n- FOUR\n```", {}, "- FOUR\n- five\n"),
        ("Better:\n\n````suggestion\n- ```\n````\nYours", {}, "- ```\n- five\n"),
        ("```suggestion\n```", {}, "- five\n"),
        ("```suggestion\n- 4\n- 4.5\n- 5\n```", {"start_line": 6, "line": 7}, "- 4\n- 4.5\n- 5\n"),
    ],
)
def test_a_suggestion_replaces_its_lines(
    sandbox: Sandbox, repository: Repository, pull: Pull, text: str, more: dict[str, int], left: str
) -> None:
    """One line or several, by more, fewer or none; the one who suggested it is co-author."""
    suggest(repository, pull, text, **more)
    (comment,) = sandbox.review_comments(pull)
    pushed = sandbox.commit_suggestion(comment, by="ann")
    assert sandbox.read_file(LIST, "README.md", ref=pushed.head_sha) == README + left
    commit = repository.get_commit(pushed.head_sha)
    assert commit.author.login == "ann"
    assert "Co-authored-by: papergate[bot] <" in commit.commit.message
    assert sandbox.review_comments(pull, outdated=True) == [comment]
    with pytest.raises(ValueError, match="no suggestion"):
        sandbox.commit_suggestion(comment, by="ann")


def test_a_suggestion_follows_its_line(sandbox: Sandbox, repository: Repository, pull: Pull) -> None:
    """What is pushed above moves it."""
    suggest(repository, pull, "```suggestion\n- FOUR\n```")
    sandbox.push(pull, {"README.md": "- zero\n" + README + "- four\n- five\n"})
    (comment,) = sandbox.review_comments(pull, outdated=False)
    pushed = sandbox.commit_suggestion(comment, by="ann")
    assert sandbox.read_file(LIST, "README.md", ref=pushed.head_sha) == f"- zero\n{README}- FOUR\n- five\n"
    assert [item.state for item in sandbox.reviews(pull)] == ["COMMENTED"]


def test_a_patch_is_applied_by_git(sandbox: Sandbox, pull: Pull) -> None:
    """On the fork's branch; one that does not fit is refused, and nothing is pushed."""
    with pytest.raises(ValueError, match="patch does not apply"):
        sandbox.apply_patch(pull, PATCH.replace("- two", "- 2"), by="ann")
    with pytest.raises(ValueError, match="No valid patches"):
        sandbox.apply_patch(pull, "hello", by="ann")
    assert sandbox.pull(pull) == pull
    pushed = sandbox.apply_patch(pull, PATCH, by="ann")
    assert sandbox.read_file(LIST, "README.md", ref=pushed.head_sha) == README + "- FOUR\n- five\n"
    assert sandbox.head("ann/list", pull.head_ref) == pushed.head_sha
