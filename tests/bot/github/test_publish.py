"""One check says what is true, and nothing is written when nothing changed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from github.Repository import Repository

from bot.github.app import Identity
from bot.github.errors import GitHubUnavailable
from bot.github.publish import (
    NO_PULL_REQUEST,
    publish_check,
    publish_waiting,
)
from bot.render.check import FIX, RECHECK, Annotation, CheckOutput, not_configured
from tests.bot.github.conftest import LIST
from tests.sandbox import Pull, Sandbox

PASSED = CheckOutput("success", "All good", "Nothing holds the merge.")
FAILED = CheckOutput("failure", "1 thing to fix", "Push the corrections.", "| a | table |")


def annotated(number: int, message: str = "No year found.") -> CheckOutput:
    """Return a failed check with this many annotations."""
    return replace(
        FAILED,
        annotations=tuple(
            Annotation("README.md", line, line, "failure", "format/missing-year", message, f"- line {line}")
            for line in range(1, number + 1)
        ),
    )


def test_first_check_shows_the_whole_output(
    sandbox: Sandbox, repository: Repository, identity: Identity, pull: Pull
) -> None:
    """Conclusion, title, summary, text and annotations arrive as given."""
    output = annotated(2)
    assert publish_check(repository, pull.number, pull.head_sha, output, identity)
    (run,) = sandbox.check_runs(LIST, pull.head_sha)
    assert (run.name, run.status, run.conclusion) == ("papergate", "completed", "failure")
    assert (run.output.title, run.output.summary, run.output.text) == (
        output.title,
        output.summary,
        output.text,
    )
    assert [(note.start_line, note.raw_details) for note in run.output.annotations] == [
        (1, "- line 1"),
        (2, "- line 2"),
    ]


@pytest.mark.parametrize("output", [PASSED, FAILED, annotated(3), annotated(120), not_configured()])
def test_same_check_is_written_once(
    sandbox: Sandbox, repository: Repository, identity: Identity, pull: Pull, output: CheckOutput
) -> None:
    """Publishing the same output again writes nothing."""
    assert publish_check(repository, pull.number, pull.head_sha, output, identity)
    written = len(sandbox.log.writes())
    assert not publish_check(repository, pull.number, pull.head_sha, output, identity)
    assert len(sandbox.log.writes()) == written


def test_other_verdict_updates_the_check(
    sandbox: Sandbox, repository: Repository, identity: Identity, pull: Pull
) -> None:
    """Without annotations the same check run is updated, and its old text is removed."""
    publish_check(repository, pull.number, pull.head_sha, FAILED, identity)
    assert publish_check(repository, pull.number, pull.head_sha, PASSED, identity)
    (run,) = sandbox.check_runs(LIST, pull.head_sha)
    assert (run.conclusion, run.output.title, run.output.text) == ("success", "All good", None)


def test_same_annotations_are_not_appended_again(
    sandbox: Sandbox, repository: Repository, identity: Identity, pull: Pull
) -> None:
    """When only the text changed, the existing annotations are kept."""
    publish_check(repository, pull.number, pull.head_sha, annotated(3), identity)
    publish_check(
        repository, pull.number, pull.head_sha, replace(annotated(3), summary="Other words."), identity
    )
    (run,) = sandbox.check_runs(LIST, pull.head_sha)
    assert run.output.summary == "Other words."
    assert len(run.output.annotations) == 3


@pytest.mark.parametrize("later", [annotated(1, "Other words."), PASSED])
def test_other_annotations_create_a_new_check_run(
    sandbox: Sandbox, repository: Repository, identity: Identity, pull: Pull, later: CheckOutput
) -> None:
    """Annotations cannot be deleted, so a new run of the same name replaces the old one."""
    publish_check(repository, pull.number, pull.head_sha, annotated(3), identity)
    publish_check(repository, pull.number, pull.head_sha, later, identity)
    runs = sandbox.check_runs(LIST, pull.head_sha)
    assert len(runs) == 2
    assert len(runs[-1].output.annotations) == len(later.annotations)
    assert not publish_check(repository, pull.number, pull.head_sha, later, identity)


def test_many_annotations_come_in_fifties_and_keep_the_text(
    sandbox: Sandbox, repository: Repository, identity: Identity, pull: Pull
) -> None:
    """All annotations arrive, in order, and the text is still there after the last request."""
    publish_check(repository, pull.number, pull.head_sha, annotated(120), identity)
    (run,) = sandbox.check_runs(LIST, pull.head_sha)
    assert [note.start_line for note in run.output.annotations] == list(range(1, 121))
    assert (run.output.summary, run.output.text) == (FAILED.summary, FAILED.text)
    assert len(run.history) == 3


def test_interrupted_annotations_are_made_good(
    sandbox: Sandbox, repository: Repository, identity: Identity, pull: Pull
) -> None:
    """A check that broke off after the first fifty is not taken for a finished one."""
    sandbox.faults.add("PATCH", "/check-runs/", status=502)
    with pytest.raises(GitHubUnavailable):
        publish_check(repository, pull.number, pull.head_sha, annotated(120), identity)
    assert publish_check(repository, pull.number, pull.head_sha, annotated(120), identity)
    last = sandbox.check_runs(LIST, pull.head_sha)[-1]
    assert len(last.output.annotations) == 120
    assert not publish_check(repository, pull.number, pull.head_sha, annotated(120), identity)


def test_worst_verdict_of_pull_requests_with_one_head_stands(
    sandbox: Sandbox, repository: Repository, identity: Identity, pull: Pull
) -> None:
    """A second pull request from the same branch, to where no rules are, opens no gate for the first."""
    sandbox.commit(LIST, {"README.md": "x"}, branch="lawless")
    twin = sandbox.open_pull_from(LIST, pull.head_repository, pull.head_ref, author="ann", base="lawless")
    assert twin.head_sha == pull.head_sha
    publish_check(repository, pull.number, pull.head_sha, FAILED, identity)
    assert not publish_check(repository, twin.number, pull.head_sha, PASSED, identity)
    assert sandbox.check_runs(LIST, pull.head_sha)[-1].conclusion == "failure"
    sandbox.close_pull(pull)
    assert publish_check(repository, twin.number, pull.head_sha, PASSED, identity)
    assert publish_check(repository, pull.number, pull.head_sha, FAILED, identity)
    assert sandbox.check_runs(LIST, pull.head_sha)[-1].conclusion == "failure"


def test_rerun_creates_a_new_run_even_if_nothing_changed(
    sandbox: Sandbox, repository: Repository, identity: Identity, pull: Pull
) -> None:
    """GitHub resets the check suite to queued, and only a new run completes it."""
    publish_check(repository, pull.number, pull.head_sha, annotated(2), identity)
    sandbox.rerequest_suite(LIST, pull.head_sha, by="curator")
    assert publish_check(repository, pull.number, pull.head_sha, annotated(2), identity)
    assert not publish_check(repository, pull.number, pull.head_sha, annotated(2), identity)
    first, second = sandbox.check_runs(LIST, pull.head_sha)
    assert second.output == first.output


def test_waiting_check_is_written_once_and_then_completed(
    sandbox: Sandbox, repository: Repository, identity: Identity, pull: Pull
) -> None:
    """The run in progress becomes the completed one."""
    assert publish_waiting(repository, pull.head_sha, FAILED, identity)
    assert not publish_waiting(repository, pull.head_sha, FAILED, identity)
    (run,) = sandbox.check_runs(LIST, pull.head_sha)
    assert (run.status, run.conclusion) == ("in_progress", None)
    assert publish_check(repository, 0, pull.head_sha, PASSED, identity)
    assert [run.conclusion for run in sandbox.check_runs(LIST, pull.head_sha)] == ["success"]


def test_waiting_check_may_be_completed_with_annotations(
    sandbox: Sandbox, repository: Repository, identity: Identity, pull: Pull
) -> None:
    """No run stays in progress beside the completed one."""
    publish_waiting(repository, pull.head_sha, FAILED, identity)
    assert publish_check(repository, 0, pull.head_sha, annotated(60), identity)
    (run,) = sandbox.check_runs(LIST, pull.head_sha)
    assert (run.conclusion, len(run.output.annotations)) == ("failure", 60)
    assert not publish_check(repository, 0, pull.head_sha, annotated(60), identity)


def test_a_pull_request_of_a_groups_commit_has_a_check_of_its_own(
    sandbox: Sandbox, repository: Repository, identity: Identity, pull: Pull
) -> None:
    """Whoever opens one from a merge group's commit is not held by what was said of the group."""
    publish_check(repository, NO_PULL_REQUEST, pull.head_sha, FAILED, identity)
    assert publish_check(repository, pull.number, pull.head_sha, PASSED, identity)
    assert sandbox.check_runs(LIST, pull.head_sha)[-1].conclusion == "success"


def test_waiting_after_a_verdict_creates_a_new_run(
    sandbox: Sandbox, repository: Repository, identity: Identity, pull: Pull
) -> None:
    """The new run in progress hides the old verdict."""
    publish_check(repository, 0, pull.head_sha, PASSED, identity)
    assert publish_waiting(repository, pull.head_sha, FAILED, identity)
    assert [run.status for run in sandbox.check_runs(LIST, pull.head_sha)] == ["completed", "in_progress"]


def test_buttons_are_updated_with_the_check(
    sandbox: Sandbox, repository: Repository, identity: Identity, pull: Pull
) -> None:
    """Each request sends its own buttons, and a change of buttons alone is written."""
    publish_check(repository, pull.number, pull.head_sha, replace(FAILED, actions=(RECHECK, FIX)), identity)
    assert [item.identifier for item in sandbox.check_runs(LIST, pull.head_sha)[-1].actions] == [
        "recheck",
        "fix",
    ]
    assert publish_check(
        repository, pull.number, pull.head_sha, replace(FAILED, actions=(RECHECK,)), identity
    )
    (run,) = sandbox.check_runs(LIST, pull.head_sha)
    assert [(item.label, item.identifier) for item in run.actions] == [("Re-check", "recheck")]
