"""Which pull requests a push to their base affects."""

from __future__ import annotations

import pytest

from bot.github.app import App
from bot.jobs.handlers import AffectedPulls, OutdatedError, PushRef, RefusedError
from bot.service.base_pushes import BasePushes
from tests.bot.service.conftest import LIST, POLICY, POLICY_PATH, README, gone, ref_of
from tests.sandbox import Pull, Sandbox


@pytest.fixture
def pushes(app: App) -> BasePushes:
    return BasePushes(app)


def push(sandbox: Sandbox, files: dict[str, str | bytes | None], branch: str = "master") -> PushRef:
    """Return a push that is a commit of these files."""
    before = sandbox.head(LIST, branch)
    after = sandbox.commit(LIST, files, branch=branch)
    return PushRef(ref_of(sandbox).id, branch, before, after)


def test_a_push_that_changes_the_list_affects_the_pull_requests_into_its_branch(
    sandbox: Sandbox, pushes: BasePushes, pull: Pull
) -> None:
    """Number and head of each; a pull request into another branch is not among them."""
    sandbox.set_branch(LIST, "other", sandbox.head(LIST))
    sandbox.open_pull(LIST, {"README.md": README + "- three\n"}, author="bob", base="other")
    found = pushes.affected_pulls(ref_of(sandbox), push(sandbox, {"README.md": README + "- one\n"}))
    assert found == AffectedPulls(((pull.number, pull.head_sha),))


def test_a_push_that_changes_the_companion_affects_them_too(
    sandbox: Sandbox, pushes: BasePushes, pull: Pull
) -> None:
    """The policy names the companion file."""
    sandbox.commit(LIST, {POLICY_PATH: f"{POLICY}companion: papers.bib\n"})
    found = pushes.affected_pulls(ref_of(sandbox), push(sandbox, {"papers.bib": "@article{a}\n"}))
    assert [number for number, _ in found.pulls] == [pull.number]


@pytest.mark.parametrize("policy", [f"{POLICY}cap: 3\n", None, "preset: nonsense\n", b"\xff"])
def test_a_push_that_changes_the_policy_affects_all(
    sandbox: Sandbox, pushes: BasePushes, pull: Pull, policy: str | bytes | None
) -> None:
    """An unusable policy, and a deleted one, too."""
    found = pushes.affected_pulls(ref_of(sandbox), push(sandbox, {POLICY_PATH: policy}))
    assert found == AffectedPulls(((pull.number, pull.head_sha),), by_policy=True)


@pytest.mark.usefixtures("pull")
@pytest.mark.parametrize("policy", [POLICY, "preset: nonsense\n", b"\xff"])
def test_a_push_of_other_files_affects_none(
    sandbox: Sandbox, pushes: BasePushes, policy: str | bytes
) -> None:
    """Whatever the policy is, as long as it does not change."""
    sandbox.commit(LIST, {POLICY_PATH: policy})
    assert pushes.affected_pulls(ref_of(sandbox), push(sandbox, {"NOTES.md": "notes\n"})) == AffectedPulls(())


def test_a_push_to_a_branch_without_pull_requests_costs_one_request(
    sandbox: Sandbox, pushes: BasePushes
) -> None:
    """Most pushes go to a feature branch."""
    sandbox.set_branch(LIST, "own", sandbox.head(LIST))
    reference = push(sandbox, {"README.md": README + "- one\n"}, "own")
    before = len(sandbox.log.find("GET", f"/repos/{LIST}"))
    assert pushes.affected_pulls(ref_of(sandbox), reference) == AffectedPulls(())
    assert len(sandbox.log.find("GET", f"/repos/{LIST}")) == before + 1


def test_a_new_branch_affects_all_pull_requests_into_it(
    sandbox: Sandbox, pushes: BasePushes, pull: Pull
) -> None:
    """What it held before, if anything, is not known."""
    reference = PushRef(ref_of(sandbox).id, "master", None, sandbox.head(LIST))
    assert pushes.affected_pulls(ref_of(sandbox), reference) == AffectedPulls(
        ((pull.number, pull.head_sha),), by_policy=True
    )


@pytest.mark.usefixtures("pull")
def test_an_answer_older_than_the_push_is_outdated(sandbox: Sandbox, pushes: BasePushes) -> None:
    """The branch still has the old tip: the pull requests would be checked against the old list."""
    before = sandbox.head(LIST)
    reference = PushRef(ref_of(sandbox).id, "master", before, "e" * 40)
    with pytest.raises(OutdatedError):
        pushes.affected_pulls(ref_of(sandbox), reference)


def test_a_push_to_a_removed_repository_is_refused(sandbox: Sandbox, pushes: BasePushes) -> None:
    """It may be a lag, so that the job tries again."""
    with pytest.raises(RefusedError):
        pushes.affected_pulls(gone(sandbox), PushRef(999, "master", None, "e" * 40))
