"""The check of a commit shows the result, and only differences are written."""

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


@pytest.mark.parametrize(
    ("number", "shown", "requests"), [(50, 50, 1), (51, 51, 2), (100, 100, 2), (250, 100, 2)]
)
def test_annotations_are_limited_and_sent_in_fifties(
    sandbox: Sandbox,
    repository: Repository,
    identity: Identity,
    pull: Pull,
    number: int,
    shown: int,
    requests: int,
) -> None:
    """The first hundred arrive in order, in at most two requests that keep the text."""
    publish_check(repository, pull.number, pull.head_sha, annotated(number), identity)
    (run,) = sandbox.check_runs(LIST, pull.head_sha)
    assert [note.start_line for note in run.output.annotations] == list(range(1, shown + 1))
    assert (run.output.summary, run.output.text) == (FAILED.summary, FAILED.text)
    assert len(run.history) == len(sandbox.log.writes()) == requests
    assert not publish_check(repository, pull.number, pull.head_sha, annotated(number), identity)


@pytest.mark.parametrize("after", [False, True])
def test_unfinished_check_is_continued(
    sandbox: Sandbox, repository: Repository, identity: Identity, pull: Pull, after: bool
) -> None:
    """If the second request fails, before or after it took effect, the same run is completed."""
    sandbox.faults.add("PATCH", "/check-runs/", drop=True, after=after)
    with pytest.raises(GitHubUnavailable):
        publish_check(repository, pull.number, pull.head_sha, annotated(100), identity)
    assert publish_check(repository, pull.number, pull.head_sha, annotated(100), identity) is not after
    (run,) = sandbox.check_runs(LIST, pull.head_sha)
    assert [note.start_line for note in run.output.annotations] == list(range(1, 101))
    assert not publish_check(repository, pull.number, pull.head_sha, annotated(100), identity)


def test_unfinished_check_with_other_annotations_is_replaced(
    sandbox: Sandbox, repository: Repository, identity: Identity, pull: Pull
) -> None:
    """Annotations of an older state do not stay on the latest run."""
    sandbox.faults.add("PATCH", "/check-runs/", drop=True)
    with pytest.raises(GitHubUnavailable):
        publish_check(repository, pull.number, pull.head_sha, annotated(100), identity)
    publish_check(repository, pull.number, pull.head_sha, annotated(60, "Other words."), identity)
    runs = sandbox.check_runs(LIST, pull.head_sha)
    assert [len(run.output.annotations) for run in runs] == [50, 60]


def test_unfinished_check_is_continued_with_another_text(
    sandbox: Sandbox, repository: Repository, identity: Identity, pull: Pull
) -> None:
    """The annotations are the same, so only the missing ones are sent."""
    sandbox.faults.add("PATCH", "/check-runs/", drop=True)
    with pytest.raises(GitHubUnavailable):
        publish_check(repository, pull.number, pull.head_sha, annotated(70), identity)
    publish_check(
        repository, pull.number, pull.head_sha, replace(annotated(70), summary="Other words."), identity
    )
    (run,) = sandbox.check_runs(LIST, pull.head_sha)
    assert (len(run.output.annotations), run.output.summary) == (70, "Other words.")


def test_worst_verdict_of_pull_requests_with_one_head_stays(
    sandbox: Sandbox, repository: Repository, identity: Identity, pull: Pull
) -> None:
    """A second pull request from the same branch into one without rules does not open the gate."""
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


@pytest.mark.parametrize("output", [PASSED, not_configured()])
def test_pull_request_does_not_improve_the_check_of_a_merge_group(
    sandbox: Sandbox, repository: Repository, identity: Identity, pull: Pull, output: CheckOutput
) -> None:
    """Anybody can open one from a group's public commit into a branch without rules."""
    publish_check(repository, NO_PULL_REQUEST, pull.head_sha, FAILED, identity)
    assert not publish_check(repository, pull.number, pull.head_sha, output, identity)
    assert sandbox.check_runs(LIST, pull.head_sha)[-1].conclusion == "failure"
    assert publish_check(repository, NO_PULL_REQUEST, pull.head_sha, PASSED, identity)
    assert publish_check(repository, pull.number, pull.head_sha, FAILED, identity)
    assert sandbox.check_runs(LIST, pull.head_sha)[-1].conclusion == "failure"


def test_pull_request_does_not_complete_the_waiting_check_of_a_merge_group(
    sandbox: Sandbox, repository: Repository, identity: Identity, pull: Pull
) -> None:
    """The group waits for a source; only its own verdict ends that."""
    publish_waiting(repository, pull.head_sha, FAILED, identity)
    assert not publish_check(repository, pull.number, pull.head_sha, PASSED, identity)
    assert [run.status for run in sandbox.check_runs(LIST, pull.head_sha)] == ["in_progress"]
    assert publish_check(repository, NO_PULL_REQUEST, pull.head_sha, PASSED, identity)
    assert [run.conclusion for run in sandbox.check_runs(LIST, pull.head_sha)] == ["success"]


def test_check_of_a_person_is_not_ours(
    sandbox: Sandbox, repository: Repository, identity: Identity, pull: Pull
) -> None:
    """GitHub may show a run without its App; a run with an unknown external id is replaced."""
    publish_check(repository, pull.number, pull.head_sha, FAILED, identity)

    def edit(body: dict[str, list[dict[str, object]]]) -> object:
        return body | {"check_runs": [run | {"app": None} for run in body["check_runs"]]}

    sandbox.faults.add("GET", "/check-runs$", edit=edit)
    assert publish_check(repository, pull.number, pull.head_sha, PASSED, identity)
    runs = sandbox.check_runs(LIST, pull.head_sha)
    assert [run.conclusion for run in runs] == ["failure", "success"]
    assert not publish_check(repository, pull.number, pull.head_sha, PASSED, identity)


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
