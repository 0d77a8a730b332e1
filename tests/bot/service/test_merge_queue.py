"""Which pull requests a push concerns, and what is looked through from time to time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from bot.database import decisions as ledger
from bot.files.policy_file import read_policy
from bot.github.app import App
from bot.jobs.handlers import Affected, MergeGroupRef, OutdatedError, PullRequestRef, PushRef
from bot.process.isolation import InProcess
from bot.service.change_check import ChangeChecker
from bot.service.decision_store import DecisionStore
from bot.service.merge_queue import Gate
from rules.context import ListChange
from rules.decisions import fingerprint_of_entry
from rules.evaluate import read_change
from rules.papers.evidence import Evidence
from tests.end_to_end import papers
from tests.sandbox import Pull, Sandbox
from tests.sandbox.contract import load_contract

LIST = "curator/list"
POLICY_PATH = ".github/papergate.yml"
POLICY = "preset: most-cited\n"
README = "# List\n\n### Old Papers\n"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(contract=load_contract()) as running:
        running.create_repository(LIST, {"README.md": README, POLICY_PATH: POLICY})
        yield running
        assert running.violations == []


@pytest.fixture
def pull(sandbox: Sandbox) -> Pull:
    return sandbox.open_pull(LIST, {"README.md": README + "- two\n"}, author="ann")


@pytest.fixture
def gate(sandbox: Sandbox, database: Engine) -> Gate:
    app = App(sandbox.app.id, sandbox.app.private_key, api_url=sandbox.url, timeout=5)
    checker = ChangeChecker(InProcess(), lambda _: Evidence())
    return Gate(app, checker, DecisionStore(database), timedelta(0))


def push(sandbox: Sandbox, files: dict[str, str | bytes | None], branch: str = "master") -> PushRef:
    """Return a push that is a commit of these files."""
    before = sandbox.head(LIST, branch)
    after = sandbox.commit(LIST, files, branch=branch)
    return PushRef(sandbox.install(LIST).id, LIST, branch, before, after)


def test_another_list_concerns_those_who_go_there(sandbox: Sandbox, gate: Gate, pull: Pull) -> None:
    """Number and head of each; one to another branch is not among them."""
    sandbox.set_branch(LIST, "other", sandbox.head(LIST))
    sandbox.open_pull(LIST, {"README.md": README + "- three\n"}, author="bob", base="other")
    found = gate.affected(push(sandbox, {"README.md": README + "- one\n"}))
    assert found == Affected(((pull.number, pull.head_sha),))


def test_another_companion_concerns_them_too(sandbox: Sandbox, gate: Gate, pull: Pull) -> None:
    """The file that the policy names beside the list."""
    sandbox.commit(LIST, {POLICY_PATH: f"{POLICY}companion: papers.bib\n"})
    found = gate.affected(push(sandbox, {"papers.bib": "@article{a}\n"}))
    assert [number for number, _ in found.pulls] == [pull.number]


@pytest.mark.parametrize("policy", [f"{POLICY}cap: 3\n", None, "preset: nonsense\n", b"\xff"])
def test_another_policy_concerns_everybody(
    sandbox: Sandbox, gate: Gate, pull: Pull, policy: str | bytes | None
) -> None:
    """Also one that cannot be used, and none at all."""
    found = gate.affected(push(sandbox, {POLICY_PATH: policy}))
    assert found == Affected(((pull.number, pull.head_sha),), by_policy=True)


@pytest.mark.usefixtures("pull")
@pytest.mark.parametrize("policy", [POLICY, "preset: nonsense\n", b"\xff"])
def test_another_file_concerns_nobody(sandbox: Sandbox, gate: Gate, policy: str | bytes) -> None:
    """Whatever the policy is, as long as it stays the same."""
    sandbox.commit(LIST, {POLICY_PATH: policy})
    assert gate.affected(push(sandbox, {"NOTES.md": "notes\n"})) == Affected(())


def test_a_branch_nobody_goes_to_costs_one_request(sandbox: Sandbox, gate: Gate) -> None:
    """Most pushes are to somebody's own branch."""
    sandbox.set_branch(LIST, "own", sandbox.head(LIST))
    reference = push(sandbox, {"README.md": README + "- one\n"}, "own")
    before = len(sandbox.log.find("GET", f"/repos/{LIST}"))
    assert gate.affected(reference) == Affected(())
    assert len(sandbox.log.find("GET", f"/repos/{LIST}")) == before + 1


def test_a_new_branch_concerns_everybody_who_goes_there(sandbox: Sandbox, gate: Gate, pull: Pull) -> None:
    """What was there before, if anything, is not known."""
    reference = PushRef(sandbox.install(LIST).id, LIST, "master", None, sandbox.head(LIST))
    assert gate.affected(reference) == Affected(((pull.number, pull.head_sha),), by_policy=True)


@pytest.mark.usefixtures("pull")
def test_an_answer_older_than_the_push_is_no_answer(sandbox: Sandbox, gate: Gate) -> None:
    """The branch is still where it was: the pull requests would be judged against the old list."""
    before = sandbox.head(LIST)
    reference = PushRef(sandbox.install(LIST).id, LIST, "master", before, "e" * 40)
    with pytest.raises(OutdatedError):
        gate.affected(reference)


def test_every_open_pull_request_of_every_installation_is_found(
    sandbox: Sandbox, gate: Gate, pull: Pull
) -> None:
    """In all its repositories, closed ones left out."""
    sandbox.create_repository("curator/more", {"README.md": README})
    other = sandbox.open_pull("curator/more", {"README.md": README + "- two\n"})
    sandbox.close_pull(sandbox.open_pull(LIST, {"NOTES.md": "notes\n"}))
    (installation,) = gate.installations()
    assert set(gate.open_pulls(installation)) == {
        PullRequestRef(installation, LIST, pull.number),
        PullRequestRef(installation, "curator/more", other.number),
    }


def test_where_the_app_was_removed_there_is_nothing_to_do(sandbox: Sandbox, gate: Gate) -> None:
    """Not for a push, not for a merge group."""
    reference = PushRef(sandbox.install(LIST).id, "curator/gone", "master", None, "e" * 40)
    assert gate.affected(reference) == Affected(())
    group = MergeGroupRef(reference.installation_id, "curator/gone", "e" * 40, "f" * 40, "refs/heads/x")
    assert gate.judge_group(group, ended=lambda: False, patient=True).verdict == "refused"


def test_what_was_decided_about_a_member_holds_in_the_queue(
    sandbox: Sandbox, gate: Gate, database: Engine
) -> None:
    """A maintainer let an entry without a year pass on the pull request; nobody has to say so again."""
    sandbox.commit(LIST, {"README.md": papers.README})
    head = papers.appended(papers.WITHOUT_YEAR)
    pull = sandbox.open_pull(LIST, {"README.md": head})
    group = sandbox.enqueue(pull)
    installation = sandbox.install(LIST).id
    reference = MergeGroupRef(installation, LIST, group.head_sha, group.base_sha, group.head_ref)
    assert gate.judge_group(reference, ended=lambda: False, patient=True).verdict == "fail"
    list_change = read_change(papers.README, papers.README, head, read_policy(POLICY))
    assert isinstance(list_change, ListChange)
    (added,) = list_change.diff.added
    ruling = ledger.Ruling("waive", "format", None, fingerprint_of_entry(added), None, "It has none")
    with database.begin() as connection:
        ledger.decide(
            connection,
            ledger.Place(LIST, pull.number),
            ruling,
            ledger.Origin("curator", 1, "https://a.example"),
        )
    assert gate.judge_group(reference, ended=lambda: False, patient=True).verdict == "pass"
    assert sandbox.check_runs(LIST, group.head_sha)[-1].conclusion == "success"


def test_nothing_is_written_of_a_group_that_ended_meanwhile(sandbox: Sandbox, gate: Gate, pull: Pull) -> None:
    """It is asked after the looking and before the writing."""
    group = sandbox.enqueue(pull)
    installation = sandbox.install(LIST).id
    reference = MergeGroupRef(installation, LIST, group.head_sha, group.base_sha, group.head_ref)
    assert gate.judge_group(reference, ended=lambda: True, patient=True).verdict == "ended"
    assert sandbox.check_runs(LIST, group.head_sha) == []
