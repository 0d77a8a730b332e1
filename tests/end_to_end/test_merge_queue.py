"""The merge queue: every group is judged on its combined tree, by the decisions about its members."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.bot.processes import wait_until
from tests.end_to_end.papers import LAST, README, WITHOUT_YEAR, appended, topped, topped_last
from tests.end_to_end.place import CAPPED, EVERY_SOURCE, POLICY, SECONDS

if TYPE_CHECKING:
    from tests.end_to_end.place import Place
    from tests.sandbox.model import MergeGroup

CROOKED = "- **A paper without a year**, B. Bar et al. [[pdf]](https://example.org/a-paper.pdf)\n"


def judged(place: Place, group: MergeGroup, conclusion: str) -> str:
    """Return the title of a merge group's check once it has this conclusion."""
    run = place.sandbox.wait_for_conclusion(place.name, group.head_sha, conclusion, timeout=SECONDS)
    return run.output.title or ""


def test_two_that_fit_alone_do_not_fit_together(place: Place) -> None:
    """Each of two is the third of at most three papers; in the queue the second is the fourth."""
    place.create(policy=CAPPED)
    one, two = (
        place.open(topped(place.cited("1504.00001"))),
        place.open(topped_last(place.cited("1504.00002"))),
    )
    place.concluded(one, "success")
    place.concluded(two, "success")
    ahead, behind = place.sandbox.enqueue(one), place.sandbox.enqueue(two)
    judged(place, ahead, "success")
    assert "In the merge queue" in judged(place, behind, "failure")
    summary = place.sandbox.check_runs(place.name, behind.head_sha)[-1].output.summary or ""
    assert "count/over-limit" in summary
    assert place.check(two).conclusion == "success"


def test_what_one_removes_the_next_may_add(place: Place) -> None:
    """Alone the addition is one too many; behind a removal it fits, and both are merged."""
    place.create(policy=CAPPED.replace("3", "2"))
    removal = place.open(README.replace(LAST, ""))
    addition = place.open(topped(place.cited("1504.00003")))
    place.concluded(removal, "success")
    place.concluded(addition, "failure")
    ahead, behind = place.sandbox.enqueue(removal), place.sandbox.enqueue(addition)
    judged(place, ahead, "success")
    judged(place, behind, "success")
    place.sandbox.merge_group(ahead)
    place.sandbox.merge_group(behind)
    assert place.sandbox.pull(addition).merged_at is not None


@pytest.mark.parametrize(
    ("policy", "conclusion"), [(None, "success"), (POLICY, "success"), ("preset: nonsense\n", "failure")]
)
def test_every_group_is_reported_on(place: Place, policy: str | None, conclusion: str) -> None:
    """Without a policy, without a change of the list, with a policy that cannot be used: never silence."""
    place.create(policy=policy)
    group = place.sandbox.enqueue(place.open_files({"NOTES.md": "notes\n"}))
    judged(place, group, conclusion)


def test_the_queue_waits_a_while_for_a_source_and_then_goes_on(place: Place) -> None:
    """While the source is down the check is in progress; in the end it fails, which lets the next one in."""
    place.create()
    place.sandbox.faults.add("*", EVERY_SOURCE, status=503, times=None)
    group = place.sandbox.enqueue(place.open(topped(place.cited("1504.00004"))))
    wait_until(lambda: bool(place.sandbox.check_runs(place.name, group.head_sha)))
    assert place.sandbox.check_runs(place.name, group.head_sha)[0].history[0]["status"] == "in_progress"
    judged(place, group, "failure")
    summary = place.sandbox.check_runs(place.name, group.head_sha)[-1].output.summary or ""
    assert "Nobody is to blame" in summary


def test_a_source_that_comes_back_in_time_lets_the_group_pass(place: Place) -> None:
    """An outage shorter than the queue's patience costs nobody a place."""
    place.create()
    place.sandbox.faults.add("*", EVERY_SOURCE, status=503, times=None)
    group = place.sandbox.enqueue(place.open(topped(place.cited("1504.00005"))))
    wait_until(lambda: bool(place.sandbox.check_runs(place.name, group.head_sha)))
    place.sandbox.faults.clear()
    judged(place, group, "success")


def test_decisions_about_its_members_hold_for_a_group(place: Place) -> None:
    """What was accepted on one pull request and waived on another lets both through, and nobody else."""
    place.create()
    accepted, waived = place.open(topped(place.cited("1504.00009", 7))), place.open(topped_last(CROOKED))
    place.concluded(accepted, "action_required")
    place.concluded(waived, "failure")
    undecided = place.sandbox.enqueue(accepted)
    assert "In the merge queue" in judged(place, undecided, "failure")
    place.sandbox.destroy_group(undecided)

    place.sandbox.comment(accepted, "/accept It founded its field", by=place.owner)
    place.sandbox.comment(waived, "/waive format Its year is disputed", by=place.owner)
    place.concluded(accepted, "success")
    place.concluded(waived, "success")
    ahead, behind = place.sandbox.enqueue(accepted), place.sandbox.enqueue(waived)
    for group, reason in ((ahead, "It founded its field"), (behind, "Its year is disputed")):
        judged(place, group, "success")
        assert reason in (place.sandbox.check_runs(place.name, group.head_sha)[-1].output.text or "")


def test_a_decision_about_another_entry_does_not_hold_for_a_group(place: Place) -> None:
    """A waiver given to the pull request ahead is none for the one behind it."""
    place.create()
    waived, beside = place.open(topped_last(CROOKED)), place.open(appended(WITHOUT_YEAR))
    for pull in (waived, beside):
        place.concluded(pull, "failure")
    place.sandbox.comment(waived, "/waive format Its year is disputed", by=place.owner)
    place.concluded(waived, "success")
    ahead, behind = place.sandbox.enqueue(waived), place.sandbox.enqueue(beside)
    judged(place, ahead, "success")
    judged(place, behind, "failure")


def test_a_group_taken_apart_is_not_written_to(place: Place) -> None:
    """Who leaves the queue while the bot looks leaves no check behind."""
    place.create()
    pull = place.open(topped(place.cited("1504.00006")))
    place.concluded(pull, "success")
    gate = place.sandbox.hold(f"/repos/{place.name}/compare/")
    group = place.sandbox.enqueue(pull)
    assert gate.waiting.wait(SECONDS)
    place.sandbox.destroy_group(group)
    gate.release()
    wait_until(lambda: bool(place.stage.bot.logged("merge group evaluated", merge_group=group.head_sha)))
    assert place.sandbox.check_runs(place.name, group.head_sha) == []


def test_a_rerun_of_a_group_is_answered(place: Place) -> None:
    """*Re-run* on a merge group's check brings a new run."""
    place.create()
    group = place.sandbox.enqueue(place.open_files({"NOTES.md": "notes\n"}))
    judged(place, group, "success")
    (run,) = place.sandbox.check_runs(place.name, group.head_sha)
    place.sandbox.rerequest_run(run, by=place.owner)
    wait_until(lambda: len(place.sandbox.check_runs(place.name, group.head_sha)) == 2)
