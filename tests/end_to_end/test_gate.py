"""The gate: merge queue, pushes to a base, shared heads, drafts, re-runs, lost deliveries."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import pytest

from tests.bot.processes import wait_until
from tests.end_to_end.papers import CLEAN, README, WITHOUT_YEAR, appended, topped
from tests.end_to_end.place import POLICY, POLICY_PATH, SECONDS, Place, Stage
from tests.sandbox import Sandbox
from tests.sandbox.contract import load_contract
from tests.service import QUICK, Service

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.sandbox.model import MergeGroup

EAGER = {
    "PAPERGATE_SPREAD_SECONDS": "0.1",
    "PAPERGATE_MERGE_GROUP_PATIENCE_SECONDS": "2",
    "PAPERGATE_REDELIVER_SECONDS": "0.5",
}
EVERY_SOURCE = "^/(semantic-scholar|openalex|crossref|arxiv)/"
CAP = "preset: most-cited\ncap: 3\n"
LAST = README.split("\n")[6] + "\n"
"""The last of the two papers that count."""
CROOKED = "- **A paper without a year**, B. Bar et al. [[pdf]](https://example.org/a-paper.pdf)\n"
TOP = "- **{}** (2015), A. Author et al. [[pdf]](https://arxiv.org/pdf/{})\n"


@pytest.fixture(scope="module")
def gate_stage() -> Iterator[Stage]:
    """Return a GitHub and a bot that does from time to time all the time."""
    with Sandbox(contract=load_contract()) as sandbox, Service(sandbox.environment() | QUICK | EAGER) as bot:
        sandbox.webhooks.url = bot.webhook_url
        yield Stage(sandbox, bot)


_numbers = count(1)


@pytest.fixture
def place(gate_stage: Stage) -> Iterator[Place]:
    """Return a repository yet to be created; at the end nothing must have broken GitHub's contract."""
    yield Place(gate_stage, f"queue-owner-{next(_numbers)}/papers")
    gate_stage.sandbox.faults.clear()
    gate_stage.sandbox.webhooks.settle()
    assert gate_stage.sandbox.violations == []


def cited(place: Place, arxiv_id: str) -> str:
    """Return the entry of a paper that is cited often enough for the top."""
    title = f"A well cited paper {arxiv_id}"
    place.sandbox.scholar.add_arxiv(arxiv_id, title, year=2015, citations=4321)
    return TOP.format(title, arxiv_id)


def seldom(place: Place, arxiv_id: str) -> str:
    """Return the entry of a paper that is cited too seldom for the top."""
    title = f"A paper that few cite {arxiv_id}"
    place.sandbox.scholar.add_arxiv(arxiv_id, title, year=2015, citations=7)
    return TOP.format(title, arxiv_id)


def first(entry: str) -> str:
    """Return the list with an entry before all others."""
    return topped(entry)


def last(entry: str) -> str:
    """Return the list with an entry after the last that counts."""
    return README.replace(LAST, LAST + entry)


def judged(place: Place, group: MergeGroup, conclusion: str) -> str:
    """Return the title of a merge group's check once it has this conclusion."""
    run = place.sandbox.wait_for_conclusion(place.name, group.head_sha, conclusion, timeout=SECONDS)
    return run.output.title or ""


def branch(place: Place, name: str, policy: str | None = POLICY) -> None:
    """Make another branch under a policy, and wait until the bot has followed its pushes.

    A pull request opened into it before that would be looked at once more.
    """
    place.sandbox.set_branch(place.name, name, place.sandbox.head(place.name))
    if policy != POLICY:
        place.sandbox.commit(place.name, {POLICY_PATH: policy}, branch=name)
    told = [
        item
        for item in place.sandbox.webhooks.deliveries
        if item.event == "push" and place.name in str(item.payload["repository"])
    ]
    wait_until(lambda: _followed(place) >= len(told), SECONDS)


def _followed(place: Place) -> int:
    lines = place.stage.bot.log.split("\n")
    return sum("Job follow_push" in line and "ended" in line and place.name in line for line in lines)


def test_two_that_fit_alone_do_not_fit_together(place: Place) -> None:
    """Each of two is the third of at most three papers; in the queue the second is the fourth."""
    place.create(policy=CAP)
    one, two = place.open(first(cited(place, "1504.00001"))), place.open(last(cited(place, "1504.00002")))
    place.concluded(one, "success")
    place.concluded(two, "success")
    ahead, behind = place.sandbox.enqueue(one), place.sandbox.enqueue(two)
    judged(place, ahead, "success")
    assert "In the merge queue" in judged(place, behind, "failure")
    text = place.sandbox.check_runs(place.name, behind.head_sha)[-1].output.text or ""
    assert "count/over-limit" in text
    assert place.check(two).conclusion == "success"


def test_what_one_removes_the_next_may_add(place: Place) -> None:
    """Alone the addition is one too many; behind a removal it fits, and both are merged."""
    place.create(policy=CAP.replace("3", "2"))
    removal = place.open(README.replace(LAST, ""))
    addition = place.open(first(cited(place, "1504.00003")))
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
    group = place.sandbox.enqueue(place.open(first(cited(place, "1504.00004"))))
    wait_until(lambda: bool(place.sandbox.check_runs(place.name, group.head_sha)))
    assert place.sandbox.check_runs(place.name, group.head_sha)[0].history[0]["status"] == "in_progress"
    judged(place, group, "failure")
    summary = place.sandbox.check_runs(place.name, group.head_sha)[-1].output.summary or ""
    assert "Nobody is to blame" in summary


def test_a_source_that_comes_back_in_time_lets_the_group_pass(place: Place) -> None:
    """An outage shorter than the queue's patience costs nobody a place."""
    place.create()
    place.sandbox.faults.add("*", EVERY_SOURCE, status=503, times=None)
    group = place.sandbox.enqueue(place.open(first(cited(place, "1504.00005"))))
    wait_until(lambda: bool(place.sandbox.check_runs(place.name, group.head_sha)))
    place.sandbox.faults.clear()
    judged(place, group, "success")


def test_decisions_about_its_members_hold_for_a_group(place: Place) -> None:
    """What was accepted on one pull request and waived on another lets both through, and nobody else."""
    place.create()
    accepted, waived = place.open(first(seldom(place, "1504.00009"))), place.open(last(CROOKED))
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
    waived, beside = place.open(last(CROOKED)), place.open(appended(WITHOUT_YEAR))
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
    pull = place.open(first(cited(place, "1504.00006")))
    place.concluded(pull, "success")
    gate = place.sandbox.hold(f"/repos/{place.name}/compare/")
    group = place.sandbox.enqueue(pull)
    assert gate.waiting.wait(SECONDS)
    place.sandbox.destroy_group(group)
    gate.release()
    wait_until(lambda: bool(place.stage.bot.logged("merge group judged", merge_group=group.head_sha)))
    assert place.sandbox.check_runs(place.name, group.head_sha) == []


def test_a_rerun_of_a_group_is_answered(place: Place) -> None:
    """*Re-run* on a merge group's check brings a new run."""
    place.create()
    group = place.sandbox.enqueue(place.open_files({"NOTES.md": "notes\n"}))
    judged(place, group, "success")
    (run,) = place.sandbox.check_runs(place.name, group.head_sha)
    place.sandbox.rerequest_run(run, by=place.owner)
    wait_until(lambda: len(place.sandbox.check_runs(place.name, group.head_sha)) == 2)


def test_a_push_to_the_base_turns_only_whom_it_concerns(place: Place) -> None:
    """The paper that was the third becomes the fourth; who leaves the list alone hears nothing."""
    place.create(policy=CAP)
    branch(place, "other")
    pull = place.open(first(cited(place, "1504.00007")))
    beside = place.open_files({"NOTES.md": "notes\n"})
    elsewhere = place.sandbox.open_pull(place.name, {"README.md": appended(CLEAN)}, base="other")
    for item in (pull, beside, elsewhere):
        place.wait_for_looks(item, 1)
    assert place.check(pull).conclusion == "success"
    before = len(place.writes())
    place.sandbox.commit(place.name, {"README.md": last(cited(place, "1504.00008"))})
    place.concluded(pull, "failure")
    place.wait_for_looks(pull, 2)
    place.wait_for_looks(beside, 1)
    place.wait_for_looks(elsewhere, 1)
    written = [(item.method, item.path.rpartition("/")[2]) for item in place.writes()[before:]]
    assert [path for _, path in written if path in {"check-runs", "comments"}] == ["check-runs", "comments"]
    assert len(written) <= 2


def test_a_push_beside_the_list_asks_for_nothing(place: Place) -> None:
    """A base that moved by another file changes no verdict, so nobody is looked at."""
    place.create()
    pull = place.open(appended(CLEAN))
    place.wait_for_looks(pull, 1)
    place.sandbox.commit(place.name, {"NOTES.md": "notes\n"})
    place.sandbox.commit(place.name, {"README.md": appended("\n")})
    place.wait_for_looks(pull, 2)


def test_another_policy_concerns_everybody(place: Place) -> None:
    """Who was not judged is, once there is a policy."""
    place.create(policy=None)
    pull, beside = place.open(appended(WITHOUT_YEAR)), place.open_files({"NOTES.md": "notes\n"})
    for item in (pull, beside):
        place.wait_for_looks(item, 1)
    place.sandbox.commit(place.name, {POLICY_PATH: POLICY})
    place.concluded(pull, "failure")
    wait_until(lambda: place.check(beside).output.title == "The list is unchanged")


def test_when_the_worse_of_one_head_is_closed_the_other_counts(place: Place) -> None:
    """Two pull requests share a head and so a check: the worse verdict stands, as long as it is open."""
    place.create()
    branch(place, "free", policy=None)
    strict = place.open(appended(WITHOUT_YEAR))
    place.wait_for_looks(strict, 1)
    free = place.sandbox.open_pull_from(place.name, strict.head_repository, strict.head_ref, base="free")
    place.wait_for_looks(free, 1)
    assert place.check(free).conclusion == "failure"
    place.sandbox.close_pull(strict)
    place.concluded(free, "success")
    assert place.check(free).output.title == "Not configured"


def test_when_the_worse_of_one_head_gets_better_the_other_counts(place: Place) -> None:
    """Sent to a branch without rules, the one passes; the other, silent until then, does not."""
    place.create()
    branch(place, "free", policy=None)
    branch(place, "as-strict")
    one = place.open(appended(WITHOUT_YEAR))
    place.wait_for_looks(one, 1)
    two = place.sandbox.open_pull_from(place.name, one.head_repository, one.head_ref, base="as-strict")
    place.wait_for_looks(two, 1)
    place.sandbox.edit_pull(one, base="free")
    place.wait_for_looks(one, 2)
    place.wait_for_looks(two, 2)
    assert place.check(one).conclusion == "failure"


def test_a_draft_is_advised_once_it_is_ready(place: Place) -> None:
    """Until then its check alone speaks."""
    place.create()
    pull = place.open(appended(WITHOUT_YEAR), draft=True)
    place.wait_for_looks(pull, 1)
    assert place.check(pull).conclusion == "failure"
    assert place.comments(pull) == []
    place.sandbox.mark_ready(pull)
    place.wait_for_looks(pull, 2)
    assert "format/missing-year" in place.comment(pull).body


def test_a_comment_is_kept_up_to_date_on_a_draft(place: Place) -> None:
    """Back to draft, what was said stays true."""
    place.create()
    pull = place.open(appended(WITHOUT_YEAR))
    place.wait_for_looks(pull, 1)
    place.sandbox.convert_to_draft(pull)
    pull = place.sandbox.push(pull, {"README.md": appended(CLEAN)})
    place.wait_for_looks(pull, 2)
    assert "All good now" in place.comment(pull).body


def test_a_rerun_without_news_still_completes_its_suite(place: Place) -> None:
    """GitHub waits for a new run, though nothing is new."""
    place.create()
    pull = place.open(appended(CLEAN))
    place.wait_for_looks(pull, 1)
    place.sandbox.rerequest_suite(place.name, pull.head_sha, by=place.owner)
    place.wait_for_looks(pull, 2)
    runs = place.sandbox.check_runs(place.name, pull.head_sha)
    assert [run.conclusion for run in runs] == ["success", "success"]
    before = place.writes()
    place.sandbox.comment(pull, "/recheck", by=pull.author)
    place.wait_for_looks(pull, 3)
    checks = [item for item in place.writes()[len(before) :] if "check-runs" in item.path]
    assert checks == []


def test_a_lost_delivery_is_asked_for_again(place: Place) -> None:
    """What nobody took, GitHub is asked to send once more."""
    place.create()
    hooks = place.sandbox.webhooks
    url, hooks.url = hooks.url, "http://127.0.0.1:9/webhook"
    try:
        pull = place.open(appended(WITHOUT_YEAR))
    finally:
        hooks.url = url
    place.concluded(pull, "failure")
    lost = [item.guid for item in hooks.deliveries if item.status is None]
    assert lost
    wait_until(lambda: set(lost) <= {item.guid for item in hooks.deliveries if item.status == 202})
