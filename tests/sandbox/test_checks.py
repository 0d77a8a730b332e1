"""Check runs: what may be written, what stays, what is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from github import GithubException

from tests.sandbox.conftest import LIST, README

if TYPE_CHECKING:
    from github.CheckRun import CheckRun
    from github.Repository import Repository

    from tests.sandbox import Sandbox


def note(line: int, **more: object) -> dict[str, object]:
    return {
        "path": "README.md",
        "start_line": line,
        "end_line": line,
        "annotation_level": "warning",
        "message": f"line {line}",
    } | more


def output(**more: object) -> dict[str, Any]:
    return {"title": "Title", "summary": "Summary"} | more


def create(repository: Repository, sha: str, **more: Any) -> CheckRun:
    return repository.create_check_run(
        "Papergate", sha, **({"status": "in_progress", "output": output()} | more)
    )


def test_a_check_run_goes_from_progress_to_conclusion(sandbox: Sandbox, repository: Repository) -> None:
    """Completing sets the time; the history keeps both requests."""
    sha = sandbox.head(LIST)
    run = create(repository, sha, external_id="42")
    assert run.status == "in_progress"
    assert run.raw_data["conclusion"] is None
    assert run.raw_data["completed_at"] is None
    run.edit(status="completed", conclusion="action_required", output=output(summary="Decide."))
    seen = repository.get_check_run(run.id)
    assert (seen.status, seen.conclusion, seen.external_id) == ("completed", "action_required", "42")
    assert seen.completed_at is not None
    kept = sandbox.check_runs(LIST, sha)[0]
    assert [body.get("conclusion") for body in kept.history] == [None, "action_required"]


def test_annotations_are_added_by_every_request(sandbox: Sandbox, repository: Repository) -> None:
    """Fifty a request, and a second request adds to them."""
    run = create(
        repository, sandbox.head(LIST), output=output(annotations=[note(line) for line in range(1, 51)])
    )
    run.edit(output=output(annotations=[note(51, title="Last")]))
    assert repository.get_check_run(run.id).output.annotations_count == 51
    assert [item.start_line for item in run.get_annotations()] == list(range(1, 52))


def test_an_output_without_text_erases_the_text(sandbox: Sandbox, repository: Repository) -> None:
    """Title, summary and text are replaced together; without an output they stay."""
    run = create(repository, sandbox.head(LIST), output=output(text="Long."))
    run.edit(status="queued")
    assert repository.get_check_run(run.id).output.text == "Long."
    run.edit(output=output())
    assert repository.get_check_run(run.id).output.text is None


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"output": output(annotations=[note(line) for line in range(1, 52)])}, "50 annotations"),
        ({"output": output(summary="\u00e9" * 32_768)}, "65535"),
        ({"output": output(text="x" * 65_536)}, "65535"),
        ({"output": output(annotations=[note(2, end_line=1)])}, "in order"),
        ({"output": output(annotations=[note(1, end_line=2, start_column=1)])}, "columns"),
        ({"actions": [{"label": "x" * 21, "description": "d", "identifier": "i"}]}, "label"),
        ({"actions": [{"label": "l", "description": "d" * 41, "identifier": "i"}]}, "description"),
        ({"actions": [{"label": "l", "description": "d", "identifier": "i" * 21}]}, "identifier"),
        (
            {"actions": [{"label": "l", "description": "d", "identifier": str(n)} for n in range(4)]},
            "at most 3",
        ),
        ({"status": "completed"}, "conclusion"),
    ],
)
def test_what_github_refuses_is_refused(
    sandbox: Sandbox, repository: Repository, more: dict[str, Any], reason: str
) -> None:
    """Each limit is a 422 that names it, and nothing is written."""
    sha = repository.get_commit("master").sha
    with pytest.raises(GithubException) as caught:
        create(repository, sha, **more)
    assert caught.value.status == 422
    assert reason in str(caught.value.data)
    assert repository.get_commit("master").get_check_runs().totalCount == 0
    assert sandbox.contract
    broken = sandbox.contract.take()
    assert all(line.startswith("POST /repos/{owner}/{repo}/check-runs request: ") for line in broken)


def test_a_summary_at_its_limit_is_taken(sandbox: Sandbox, repository: Repository) -> None:
    """65,535 bytes are allowed, however few characters they are."""
    run = create(repository, sandbox.head(LIST), output=output(summary="\u00e9" * 32_767 + "x"))
    assert len(repository.get_check_run(run.id).output.summary.encode()) == 65_535


def test_a_check_of_an_unknown_commit_is_refused(repository: Repository) -> None:
    """A SHA the repository does not have is 422."""
    with pytest.raises(GithubException) as caught:
        create(repository, "0" * 40)
    assert caught.value.status == 422


def test_the_latest_run_of_a_name_is_listed(sandbox: Sandbox, repository: Repository) -> None:
    """`filter=latest`, the default, gives one run a name; `all` gives each."""
    sha = sandbox.head(LIST)
    first, second = create(repository, sha), create(repository, sha)
    repository.create_check_run("Other", sha)
    commit = repository.get_commit(sha)
    assert [run.id for run in commit.get_check_runs(check_name="Papergate")] == [second.id]
    assert [run.id for run in commit.get_check_runs(check_name="Papergate", filter="all")] == [
        second.id,
        first.id,
    ]
    assert commit.get_check_runs().totalCount == 2


def test_a_check_run_knows_the_pull_requests_of_its_own_repository_only(
    sandbox: Sandbox, repository: Repository
) -> None:
    """A fork's pull request is not listed, as on GitHub."""
    own = sandbox.open_pull(LIST, {"README.md": README + "- four\n"}, from_fork=False, author="bob")
    fork = sandbox.open_pull(LIST, {"README.md": README + "- five\n"}, author="ann")
    assert [item.number for item in create(repository, own.head_sha).pull_requests] == [own.number]
    assert create(repository, fork.head_sha).pull_requests == []


def test_two_pull_requests_with_one_head_share_the_check(sandbox: Sandbox, repository: Repository) -> None:
    """A check belongs to a commit."""
    sandbox.commit(LIST, {"docs/a.md": "a\n"}, branch="next")
    first = sandbox.open_pull(LIST, {"README.md": README + "- four\n"}, from_fork=False, branch="topic")
    second = sandbox.open_pull_from(LIST, LIST, "topic", base="next")
    run = create(repository, first.head_sha)
    assert [item.number for item in run.pull_requests] == [first.number, second.number]
