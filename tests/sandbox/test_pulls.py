"""Pull requests, from forks and from the repository's own branches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.sandbox.conftest import LIST, README

if TYPE_CHECKING:
    from github.Repository import Repository

    from tests.sandbox import Sandbox


def test_a_pull_request_from_a_fork_is_reachable_from_the_parent(
    sandbox: Sandbox, repository: Repository
) -> None:
    """Its head can be read in the parent by SHA and as refs/pull/N/head."""
    pull = sandbox.open_pull(LIST, {"README.md": README + "- four\n"}, author="ann", body="Please.")
    seen = repository.get_pull(pull.number)
    assert (seen.user.login, seen.body, seen.head.repo.full_name) == ("ann", "Please.", "ann/list")
    assert repository.get_git_ref(f"pull/{pull.number}/head").object.sha == pull.head_sha
    content = repository.get_contents("README.md", ref=pull.head_sha)
    assert not isinstance(content, list)
    assert content.decoded_content.endswith(b"- four\n")
    assert (seen.changed_files, seen.additions, seen.deletions, seen.mergeable) == (1, 1, 0, True)


def test_the_files_of_a_branch_behind_its_base_are_its_own(sandbox: Sandbox, repository: Repository) -> None:
    """Files and patches are those since the merge base."""
    start = sandbox.head(LIST)
    sandbox.commit(LIST, {"README.md": README.replace("one", "uno")})
    pull = sandbox.open_pull(LIST, {"README.md": README + "- four\n"}, start=start)
    files = list(repository.get_pull(pull.number).get_files())
    assert [item.filename for item in files] == ["README.md"]
    assert files[0].patch.endswith("+- four")


def test_conflicting_branches_are_not_mergeable(sandbox: Sandbox, repository: Repository) -> None:
    """The test merge is a real one."""
    start = sandbox.head(LIST)
    sandbox.commit(LIST, {"README.md": README.replace("one", "uno")})
    pull = sandbox.open_pull(LIST, {"README.md": README.replace("one", "eins")}, start=start)
    seen = repository.get_pull(pull.number)
    assert (seen.mergeable, seen.mergeable_state) == (False, "dirty")
    with pytest.raises(ValueError, match="conflicts"):
        sandbox.merge(pull)


def test_the_base_sha_does_not_follow_the_base_branch(sandbox: Sandbox, repository: Repository) -> None:
    """It is the base's commit at the last push to the pull request."""
    opened_at = sandbox.head(LIST)
    pull = sandbox.open_pull(LIST, {"docs/a.md": "a\n"})
    moved = sandbox.commit(LIST, {"docs/b.md": "b\n"})
    assert repository.get_pull(pull.number).base.sha == opened_at
    assert sandbox.push(pull, {"docs/c.md": "c\n"}).base_sha == moved


def test_pull_requests_are_listed_by_state_base_and_head(sandbox: Sandbox, repository: Repository) -> None:
    """The filters of the list work together and alone."""
    sandbox.commit(LIST, {"docs/a.md": "a\n"}, branch="next")
    first = sandbox.open_pull(LIST, {"docs/b.md": "b\n"}, author="ann", branch="topic")
    second = sandbox.open_pull(LIST, {"docs/c.md": "c\n"}, author="bob", base="next")
    sandbox.close_pull(second)
    assert [item.number for item in repository.get_pulls()] == [first.number]
    assert [item.number for item in repository.get_pulls(state="all")] == [second.number, first.number]
    assert [item.number for item in repository.get_pulls(state="closed", base="next")] == [second.number]
    assert [item.number for item in repository.get_pulls(head="ann:topic")] == [first.number]
    assert list(repository.get_pulls(head="bob:topic")) == []


def test_long_lists_come_in_pages(sandbox: Sandbox, repository: Repository) -> None:
    """A client that follows the Link header sees every file once."""
    pull = sandbox.open_pull(LIST, {f"docs/{number:03}.md": f"{number}\n" for number in range(65)})
    names = [item.filename for item in repository.get_pull(pull.number).get_files()]
    assert len(set(names)) == len(names) == 65
    assert len(sandbox.log.find("GET", "/files$")) == 3


def test_the_commits_of_a_pull_request_are_its_own(sandbox: Sandbox, repository: Repository) -> None:
    """Oldest first, and none of the base's."""
    pull = sandbox.open_pull(LIST, {"docs/a.md": "a\n"}, author="ann")
    sandbox.commit(LIST, {"docs/b.md": "b\n"})
    pushed = sandbox.push(pull, {"docs/c.md": "c\n"})
    assert [item.sha for item in repository.get_pull(pull.number).get_commits()] == [
        pull.head_sha,
        pushed.head_sha,
    ]


def test_pull_requests_are_found_by_commit(sandbox: Sandbox, repository: Repository) -> None:
    """Also for a fork's commit, which a check run does not connect with its pull request."""
    pull = sandbox.open_pull(LIST, {"docs/a.md": "a\n"}, author="ann")
    assert [item.number for item in repository.get_commit(pull.head_sha).get_pulls()] == [pull.number]
    merged = sandbox.merge(pull)
    assert merged.merge_commit_sha
    assert [item.number for item in repository.get_commit(merged.merge_commit_sha).get_pulls()] == [
        pull.number
    ]


def test_a_merged_pull_request_moves_the_base(sandbox: Sandbox, repository: Repository) -> None:
    """Its commit is a real merge of both."""
    before = sandbox.head(LIST)
    pull = sandbox.merge(sandbox.open_pull(LIST, {"docs/a.md": "a\n"}, author="ann"))
    assert [item.sha for item in repository.get_commit("master").parents] == [before, pull.head_sha]
    seen = repository.get_pull(pull.number)
    assert (seen.merged, seen.state, seen.merged_by.login) == (True, "closed", "curator")
    later = sandbox.open_pull(LIST, {"docs/b.md": "b\n"}, author="ann")
    assert repository.get_pull(later.number).raw_data["author_association"] == "CONTRIBUTOR"


def test_a_draft_becomes_ready(sandbox: Sandbox, repository: Repository) -> None:
    """And may become a draft again."""
    pull = sandbox.open_pull(LIST, {"docs/a.md": "a\n"}, draft=True)
    assert repository.get_pull(pull.number).draft
    sandbox.mark_ready(pull)
    assert not repository.get_pull(pull.number).draft
    sandbox.convert_to_draft(pull)
    assert repository.get_pull(pull.number).draft


def test_the_same_story_gives_the_same_commits(sandbox: Sandbox) -> None:
    """SHAs, numbers and ids depend on what was done, not on when."""
    with type(sandbox)() as other:
        other.create_repository(LIST, {"README.md": README, "docs/read me.md": "x\n"})
        pulls = [each.open_pull(LIST, {"docs/a.md": "a\n"}, author="ann") for each in (sandbox, other)]
    assert pulls[0].head_sha == pulls[1].head_sha
    assert pulls[0].id == pulls[1].id


def test_a_pull_request_has_an_issue_behind_it(sandbox: Sandbox, repository: Repository) -> None:
    """The issue of the same number points back."""
    pull = sandbox.open_pull(LIST, {"docs/a.md": "a\n"}, title="One more")
    issue = repository.get_issue(pull.number)
    assert (issue.title, issue.pull_request is not None) == ("One more", True)
