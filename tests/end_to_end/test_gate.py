"""The gate beside single pull requests: pushes to a base, shared heads, drafts, re-runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.bot.processes import wait_until
from tests.end_to_end.papers import CLEAN, WITHOUT_YEAR, appended, topped, topped_last
from tests.end_to_end.place import CAPPED, POLICY, POLICY_PATH, SECONDS

if TYPE_CHECKING:
    from tests.end_to_end.place import Place


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
    named = f"repository_id={place.sandbox.state.repositories[place.name].id}"
    return sum("Job follow_push" in line and "ended" in line and named in line for line in lines)


def test_a_push_to_the_base_turns_only_whom_it_concerns(place: Place) -> None:
    """The paper that was the third becomes the fourth; who leaves the list alone hears nothing."""
    place.create(policy=CAPPED)
    branch(place, "other")
    pull = place.open(topped(place.cited("1504.00007")))
    beside = place.open_files({"NOTES.md": "notes\n"})
    elsewhere = place.sandbox.open_pull(place.name, {"README.md": appended(CLEAN)}, base="other")
    for item in (pull, beside, elsewhere):
        place.wait_for_looks(item, 1)
    assert place.check(pull).conclusion == "success"
    before = len(place.writes())
    place.sandbox.commit(place.name, {"README.md": topped_last(place.cited("1504.00008"))})
    place.concluded(pull, "failure")
    place.wait_for_looks(pull, 2)
    place.wait_for_looks(beside, 1)
    place.wait_for_looks(elsewhere, 1)
    written = [item.path.split("/")[4] for item in place.writes()[before:]]
    assert written == ["check-runs", "issues"]  # the check, and then the comment


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
    wait_until(lambda: "All good now" in place.comment(pull).body)


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
