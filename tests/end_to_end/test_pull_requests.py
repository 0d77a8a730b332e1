"""The life of a pull request: opened, pushed to, edited, merged beside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.end_to_end.papers import (
    CLEAN,
    MERGED,
    README,
    WITHOUT_LINK,
    WITHOUT_YEAR,
    appended,
    line_of,
    topped,
)
from tests.sandbox.history import BEHIND, create_list, open_real_pull

if TYPE_CHECKING:
    from tests.end_to_end.place import Place


def test_a_clean_pull_request_gets_a_check_and_no_comment(place: Place) -> None:
    """A clean change succeeds without a word to anyone."""
    place.create()
    pull = place.open(appended(CLEAN))
    place.wait_for_looks(pull, 1)
    assert place.check(pull).conclusion == "success"
    assert place.check(pull).output.annotations == ()
    assert place.comments(pull) == []


def test_faults_are_annotated_on_their_lines_and_told_once(place: Place) -> None:
    """A change with two faults fails, each fault on its own line of head, both in one comment."""
    place.create()
    other = WITHOUT_LINK.replace("Spatial transformer", "Another")
    readme = appended(WITHOUT_YEAR, other)
    pull = place.open(readme)
    place.wait_for_looks(pull, 1)
    run = place.check(pull)
    assert run.conclusion == "failure"
    found = {
        (note.path, note.start_line, (note.title or "").partition(":")[0]) for note in run.output.annotations
    }
    assert ("README.md", line_of(readme, WITHOUT_YEAR), "format/missing-year") in found
    assert ("README.md", line_of(readme, other), "link/missing-link") in found
    assert {line for _, line, _ in found} == {line_of(readme, WITHOUT_YEAR), line_of(readme, other)}
    body = place.comment(pull).body
    assert "format/missing-year" in body
    assert "link/missing-link" in body
    assert pull.head_sha[:7] in body


def test_a_push_that_mends_it_edits_the_same_comment(place: Place) -> None:
    """Once the fault is mended the check succeeds, and the one comment says so in place."""
    place.create()
    pull = place.open(appended(WITHOUT_YEAR))
    place.wait_for_looks(pull, 1)
    before = place.comment(pull)
    pull = place.sandbox.push(pull, {"README.md": appended(CLEAN)})
    place.wait_for_looks(pull, 2)
    assert place.check(pull).conclusion == "success"
    after = place.comment(pull)
    assert after.id == before.id
    assert "All good now" in after.body
    assert pull.head_sha[:7] in after.body


def test_a_push_beside_the_list_writes_only_what_names_the_new_head(place: Place) -> None:
    """A new head needs its own check, and the comment names it: two writes, and still one comment."""
    place.create()
    pull = place.open(appended(WITHOUT_YEAR))
    place.wait_for_looks(pull, 1)
    before = len(place.writes())
    pull = place.sandbox.push(pull, {"NOTES.md": "notes\n"})
    place.wait_for_looks(pull, 2)
    assert place.check(pull).conclusion == "failure"
    assert pull.head_sha[:7] in place.comment(pull).body
    assert [item.method for item in place.writes()[before:]] == ["POST", "PATCH"]


def test_an_edited_title_writes_nothing(place: Place) -> None:
    """What is unchanged is not written again: not the check, not the comment."""
    place.create()
    pull = place.open(appended(WITHOUT_YEAR))
    place.wait_for_looks(pull, 1)
    before, seen = place.writes(), place.kept(pull)
    place.sandbox.edit_pull(pull, title="Add a paper, please")
    place.wait_for_looks(pull, 2)
    assert place.writes() == before
    assert place.kept(pull) == seen


def test_an_edited_description_is_quoted_where_a_decision_is_asked_for(place: Place) -> None:
    """A paper under its threshold needs a maintainer, who reads what the contributor says for it."""
    place.create()
    place.sandbox.scholar.add_arxiv("1502.20001", "A modest paper", year=2015, citations=7)
    entry = "- **A modest paper** (2015), A. Author et al. [[pdf]](https://arxiv.org/pdf/1502.20001)\n"
    pull = place.open(topped(entry))
    place.wait_for_looks(pull, 1)
    assert place.check(pull).conclusion == "action_required"
    assert "7 citations" in place.comment(pull).body
    place.sandbox.edit_pull(pull, body="It started a field.")
    place.wait_for_looks(pull, 2)
    assert place.check(pull).conclusion == "action_required"
    assert "It started a field." in place.comment(pull).body


def test_a_pull_request_beside_the_list_gets_a_check(place: Place) -> None:
    """A required check must report on every pull request, also one that leaves the list alone."""
    place.create()
    pull = place.open_files({"CONTRIBUTING.md": "Be kind.\n"})
    place.wait_for_looks(pull, 1)
    assert place.check(pull).conclusion == "success"
    assert place.check(pull).output.title == "The list is unchanged"
    assert place.comments(pull) == []


def test_what_the_base_gained_meanwhile_is_not_taken_for_removed(place: Place) -> None:
    """A branch behind its base is compared with where it left, not with what came since."""
    place.create()
    start = place.sandbox.head(place.name)
    place.sandbox.commit(place.name, {"README.md": topped(MERGED)})
    pull = place.sandbox.open_pull(place.name, {"README.md": appended(CLEAN)}, start=start)
    place.wait_for_looks(pull, 1)
    assert place.check(pull).conclusion == "success"
    assert place.comments(pull) == []


def test_a_real_pull_request_behind_its_base_adds_one_paper(place: Place) -> None:
    """The list's real pull request of October 2017 adds one paper; its base had moved on."""
    create_list(place.sandbox, name=place.name)
    pull = open_real_pull(place.sandbox, BEHIND, name=place.name)
    place.wait_for_looks(pull, 1)
    run = place.check(pull)
    shown = f"{run.output.summary} {run.output.text}"
    assert "Papers in the list: 236 → 237." in shown
    assert "In the top sections: 100 of at most 100." in shown


def test_a_branch_of_the_repository_is_judged_like_a_fork(place: Place) -> None:
    """A pull request from a branch of the repository itself is no different."""
    place.create()
    pull = place.sandbox.open_pull(
        place.name, {"README.md": appended(WITHOUT_YEAR)}, author=place.owner, from_fork=False
    )
    place.wait_for_looks(pull, 1)
    assert place.check(pull).conclusion == "failure"
    assert "format/missing-year" in place.comment(pull).body


def test_a_closed_pull_request_is_left_alone_until_reopened(place: Place) -> None:
    """What is pushed to a closed pull request is judged when it is opened again."""
    place.create()
    pull = place.open(appended(WITHOUT_YEAR))
    place.wait_for_looks(pull, 1)
    before = place.writes()
    place.sandbox.close_pull(pull)
    assert place.writes() == before
    pull = place.sandbox.reopen_pull(pull)
    place.wait_for_looks(pull, 2)
    assert place.writes() == before


def test_another_base_branch_brings_another_policy(place: Place) -> None:
    """The policy is that of the branch the pull request goes to, also when that changes."""
    place.create(policy=None)
    place.sandbox.set_branch(place.name, "strict", place.sandbox.head(place.name))
    place.sandbox.commit(place.name, {".github/papergate.yml": "preset: most-cited\n"}, branch="strict")
    pull = place.open(appended(WITHOUT_YEAR))
    place.wait_for_looks(pull, 1)
    assert place.check(pull).output.title == "Not configured"
    pull = place.sandbox.edit_pull(pull, base="strict")
    place.wait_for_looks(pull, 2)
    assert place.check(pull).conclusion == "failure"
    assert "format/missing-year" in place.comment(pull).body


def test_of_five_pushes_in_a_row_the_newest_counts(place: Place) -> None:
    """A burst of pushes ends with the newest head's verdict, in one comment that names it."""
    place.create()
    pull = place.open(appended(WITHOUT_YEAR))
    for number in range(4):
        pull = place.sandbox.push(pull, {"README.md": appended(WITHOUT_YEAR, f"<!-- {number} -->\n")})
    pull = place.sandbox.push(pull, {"README.md": appended(WITHOUT_LINK)})
    place.concluded(pull, "failure")
    place.sandbox.log.wait_until(lambda: pull.head_sha[:7] in "".join(c.body for c in place.comments(pull)))
    body = place.comment(pull).body
    assert "link/missing-link" in body
    assert "format/missing-year" not in body


def test_the_readme_of_the_tests_is_itself_clean() -> None:
    """The list the tests change holds its entries once each, or they would prove nothing."""
    entries = [line for line in README.split("\n") if line.startswith("- ")]
    assert len(entries) == len(set(entries)) == 4
