"""Edits do what the report offers and nothing else."""

from __future__ import annotations

from datetime import date

import pytest

from rules.context import ListChange, Question
from rules.editing.edits import (
    Edit,
    Impossible,
    Order,
    Ordered,
    correct_all,
    corrections,
    edited,
    move,
    remove,
)
from rules.evaluate import evaluate, read_change
from rules.policy.presets import MOST_CITED
from rules.report.findings import Finding, Fix, Severity
from rules.report.report import Report, Tally, Verdict
from tests.paths import DATA
from tests.rules.history import CHANGES, Change

TODAY = date(2017, 6, 1)
REAL = (DATA / "list" / "README.md").read_bytes().decode()
SECTION = "### Optimization / Training Techniques\n"
LINE = "- **A paper of ours** (2016), A. Author et al. [[pdf]](http://example.org/ours.pdf)"
CROOKED = "* A paper of ours (2016) A. Author et al  [[pdf]](http://example.org/ours.pdf)"


def judged(head: str, base: str = REAL) -> tuple[ListChange, Report]:
    """Return survey and report of a change to the real list."""
    found = read_change(base, base, head, MOST_CITED)
    assert isinstance(found, ListChange)
    return found, evaluate(found, MOST_CITED, None, Question(TODAY))


def order(ordered: Ordered) -> Order:
    assert isinstance(ordered, Order), ordered
    return ordered


def reason(ordered: Ordered) -> str:
    assert isinstance(ordered, Impossible), ordered
    return ordered.reason


def with_entry(line: str) -> str:
    return REAL.replace(SECTION, f"{SECTION}{line}\n", 1)


def finding(severity: Severity, line: int, end_line: int, text: str | None) -> Finding:
    return Finding("format", "a", severity, "A fault.", line, end_line, fix=Fix(line, end_line, text))


def report(*findings: Finding) -> Report:
    return Report(Verdict.FAIL, "README.md", Tally(), Tally(), findings=findings)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.name)
def test_corrections_of_real_changes_mend_what_they_are_for(change: Change) -> None:
    """After the corrections none of the findings they were for is left, and no other line changed."""
    before = evaluate(
        read_change(change.base, change.base, change.head, change.policy),
        change.policy,
        None,
        Question(change.today),
    )
    edits = corrections(before)
    text = edited(change.head, edits)
    after = evaluate(
        read_change(change.base, change.base, text, change.policy),
        change.policy,
        None,
        Question(change.today),
    )
    mended = {(item.rule, item.code, item.title) for item in before.introduced if item.fix}
    left = {(item.rule, item.code, item.title) for item in after.introduced}
    assert not [item for item in after.introduced if item.fix]
    assert {item for item in mended & left if item[0] != "duplicate"} == set()
    touched = {line for edit in edits for line in range(edit.line, edit.end_line + 1)}
    untouched = [line for number, line in enumerate(change.head.split("\n"), 1) if number not in touched]
    kept = text.split("\n")
    for edit in edits:
        for line in (edit.text or "").split("\n") if edit.text is not None else ():
            kept.remove(line)
    assert kept == untouched


def test_one_correction_is_taken_for_lines_that_overlap() -> None:
    """The worse finding decides; of equals the deletion; others stay."""
    edits = corrections(
        report(
            finding(Severity.WARNING, 3, 5, "warning"),
            finding(Severity.ERROR, 5, 6, "error"),
            finding(Severity.ERROR, 5, 6, None),
            finding(Severity.WARNING, 1, 1, "first"),
        )
    )
    assert edits == (Edit(1, 1, "first"), Edit(5, 6, None))


def test_a_fault_that_stood_before_is_not_corrected() -> None:
    """Only what the change brings is up for correction."""
    found, told = judged(with_entry(LINE))
    assert told.preexisting
    assert reason(correct_all(told)) == "no correction is on offer: nothing was changed"
    assert found.diff.added


def test_a_crooked_entry_is_corrected_alone() -> None:
    """The new entry gets its form; every other line stays."""
    _, told = judged(with_entry(CROOKED))
    ordered = order(correct_all(told))
    assert ordered.summary == "Correct 1 entry of the list"
    assert edited(with_entry(CROOKED), ordered.edits) == with_entry(LINE)


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_byte_order_mark_stay(ending: str, mark: str) -> None:
    """A file keeps the line ends and the mark it has."""
    head = mark + with_entry(CROOKED).replace("\n", ending)
    _, told = judged(head, mark + REAL.replace("\n", ending))
    assert edited(head, order(correct_all(told)).edits) == mark + with_entry(LINE).replace("\n", ending)


def test_the_first_line_keeps_the_byte_order_mark() -> None:
    """The mark belongs to the file, not to its first line."""
    assert edited("\ufeffone\ntwo\n", [Edit(1, 1, "uno")]) == "\ufeffuno\ntwo\n"


@pytest.mark.parametrize(
    ("edit", "wanted"),
    [
        (Edit(2, 2, "due"), "one\r\ndue"),
        (Edit(2, 2, None), "one\r\n"),
        (Edit(3, 2, "three"), "one\r\ntwo\r\nthree"),
        (Edit(1, 0, "zero"), "zero\r\none\r\ntwo"),
    ],
)
def test_a_last_line_without_an_end_stays_without(edit: Edit, wanted: str) -> None:
    """No line end is made up at the end of the file, and none is lost before it."""
    assert edited("one\r\ntwo", [edit]) == wanted


def test_a_suggested_removal_moves_the_entry_to_the_appendix() -> None:
    """By number or by title: the entry is gone from the top, stands in the appendix, and the list fits."""
    head = with_entry(LINE)
    found, told = judged(head)
    assert told.verdict is Verdict.FAIL
    first = told.removals[0]
    by_number = order(remove(found, told, 1))
    assert order(remove(found, told, first.title.upper())) == by_number
    after_survey, after = judged(edited(head, by_number.edits))
    assert after.verdict is Verdict.PASS
    assert [(item.title, item.to_section) for item in after.changes.moved] == [
        (first.title, MOST_CITED.appendix)
    ]
    assert [item.title for item in after.changes.added] == ["A paper of ours"]
    assert not after.changes.modified
    assert not after.changes.removed
    assert len(after_survey.head.lines) == len(found.head.lines)


@pytest.mark.parametrize(
    ("target", "said"),
    [
        (0, "no suggestion has the number 0"),
        (99, "no suggestion has the number 99"),
        ("No such paper at all", "none of the suggested removals"),
    ],
)
def test_what_is_not_suggested_is_not_removed(target: int | str, said: str) -> None:
    """Number and title have to be among the suggestions."""
    assert said in reason(remove(*judged(with_entry(LINE)), target))


def test_a_title_nearly_right_is_asked_about() -> None:
    """A slip in the title is answered by the title that was meant."""
    found, told = judged(with_entry(LINE))
    title = told.removals[0].title
    assert f'did you mean "{title}"?' in reason(remove(found, told, title[:-2] + "xy"))


def test_without_suggestions_nothing_is_removed() -> None:
    """A list that fits has no removal to carry out."""
    assert reason(remove(*judged(REAL), 1)) == "no removal is suggested"


def test_an_entry_moves_in_the_style_of_its_new_section() -> None:
    """A move to the appendix takes the bold off and puts the line by year, the newest first."""
    head = with_entry(LINE)
    ordered = order(move(judged(head)[0], "a paper of OURS", "appendix more than top 100"))
    assert ordered.summary == 'Move "A paper of ours" to Appendix: More than Top 100'
    text = edited(head, ordered.edits)
    assert LINE not in text
    _, after = judged(text)
    (added,) = after.changes.added
    assert added.section == MOST_CITED.appendix
    assert text.split("\n")[added.line - 1] == LINE.replace("**", "")
    assert after.introduced == ()


@pytest.mark.parametrize(
    ("title", "section", "said"),
    [
        ("A paper of urs", "Old Papers", 'did you mean "A paper of ours"?'),
        ("A paper of ours", "Older Papers", 'did you mean "Old Papers"?'),
        ("A paper of ours", "Optimization / Training Techniques", "stands in"),
        ("", "Old Papers", "the list has no entry"),
        ("A paper of ours", "", "the list has no section"),
    ],
)
def test_a_move_has_to_be_clear(title: str, section: str, said: str) -> None:
    """What is not there, not elsewhere or not clear is not moved."""
    assert said in reason(move(judged(with_entry(LINE))[0], title, section))


def test_one_of_two_copies_cannot_be_named() -> None:
    """A title that two entries have names neither."""
    assert "names 2 entries" in reason(
        move(judged(with_entry(f"{LINE}\n{LINE}"))[0], "A paper of ours", "Old Papers")
    )
