"""The comment says what to do, one line for each cause."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.render.check import check
from bot.render.comment import MARKER, comment
from rules.report.findings import Finding, Fix, Related, Severity
from rules.report.report import Report, Tally, Verdict
from tests.bot.render.comments import body_of, heading, items, read
from tests.bot.render.page import fences, html, links
from tests.bot.render.samples import (
    AUDIENCE,
    CLEAN,
    DECISION,
    DUPLICATE,
    EVERY,
    FAIL,
    HEAD,
    JUDGED,
    LINE,
    NO_YEAR,
    OLD,
    OVER,
    SPACE,
    TITLE,
    UNVERIFIED,
    WARNED,
    removal,
    report,
)

FIT = Tally(99, 100, 100)


@pytest.mark.parametrize("of", EVERY)
def test_comment_starts_with_its_marker_and_names_the_judged_commit(of: Report) -> None:
    """Every comment can be found again, names the commit it is about and the command to check again."""
    assert body_of(of).startswith(MARKER + "\n")
    assert HEAD[:7] in read(of)
    assert "/recheck" in read(of)


@pytest.mark.parametrize("of", EVERY)
def test_same_report_gives_the_same_comment(of: Report) -> None:
    """An unchanged report leaves the comment unchanged."""
    assert comment(of, JUDGED, AUDIENCE) == comment(replace(of), replace(JUDGED), replace(AUDIENCE))


def test_a_first_comment_needs_something_to_say() -> None:
    """A clean change and an existing problem make no comment."""
    assert [comment(of, JUDGED, AUDIENCE).speaks for of in EVERY] == [True, True, True, False, False]
    assert not comment(report(OLD, verdict=Verdict.PASS), JUDGED, AUDIENCE).speaks


def test_style_warnings_with_one_suggestion_make_no_comment() -> None:
    """The suggestion says it already; without one, or with more to say, there is a comment."""
    other = replace(SPACE, line=80, end_line=80, fix=Fix(80, 80, LINE))
    unsuggested = replace(AUDIENCE, suggests=False)
    assert not comment(report(SPACE, verdict=Verdict.PASS), JUDGED, AUDIENCE).speaks
    assert comment(report(SPACE, verdict=Verdict.PASS), JUDGED, unsuggested).speaks
    assert comment(report(SPACE, other, verdict=Verdict.PASS), JUDGED, AUDIENCE).speaks
    assert comment(report(replace(SPACE, fix=None), verdict=Verdict.PASS), JUDGED, AUDIENCE).speaks


def test_one_unreachable_link_makes_no_comment() -> None:
    """A link that could not be checked is no reason to write; two findings are."""
    link = Finding("link", "unreachable", Severity.WARNING, "Not reached.", 71, 71, TITLE)
    assert not comment(report(link, verdict=Verdict.PASS), JUDGED, AUDIENCE).speaks
    assert comment(report(link, replace(link, line=72), verdict=Verdict.PASS), JUDGED, AUDIENCE).speaks
    assert comment(report(replace(link, severity=Severity.ERROR)), JUDGED, AUDIENCE).speaks


@pytest.mark.parametrize(
    ("of", "said"),
    [
        (FAIL, "101 papers: one has to make room, and two entries to fix"),
        (report(OVER, removals=(removal(),)), "101 papers: one has to make room"),
        (report(OVER, top_count=Tally(100, 1_103, 100)), "1,103 papers: 1,003 have to make room"),
        (report(OVER, top_count=Tally()), "One thing to fix"),
        (report(DUPLICATE), "Already in the list"),
        (report(DUPLICATE, replace(DUPLICATE, line=72)), "Two papers are already in the list"),
        (report(DUPLICATE, NO_YEAR), "Two entries to fix"),
        (report(NO_YEAR, replace(NO_YEAR, code="not-bold")), "One entry to fix"),
        (
            report(*(replace(NO_YEAR, line=line) for line in range(1, 14))),
            "13 entries to fix",
        ),
        (
            report(NO_YEAR, Finding("structure", "section-added", Severity.ERROR, "No.", 9, 9, "S")),
            "One entry and one heading to fix",
        ),
        (
            report(NO_YEAR, Finding("structure", "merge-conflict", Severity.ERROR, "No.", 9, 9)),
            "One entry and one other thing to fix",
        ),
        (
            report(Finding("structure", "unreadable", Severity.ERROR, "It is too large.")),
            "The list cannot be read",
        ),
        (DECISION, "Waiting for a maintainer's decision"),
        (UNVERIFIED, "Not checked yet: a service did not answer"),
        (WARNED, "Good to merge, with one small improvement possible"),
        (CLEAN, "All good now"),
    ],
)
def test_heading_says_the_matter(of: Report, said: str) -> None:
    """A reader of the heading alone knows what it is about."""
    assert heading(of) == said


def test_one_item_for_each_cause_with_all_its_lines() -> None:
    """Findings that say the same share an item; what holds the merge comes first and is marked."""
    again = replace(NO_YEAR, line=80, end_line=80, title="Other", fix=Fix(80, 80, LINE))
    assert items(report(SPACE, NO_YEAR, again)) == [
        "❌ line 77, line 80: No year found. format/missing-year",
        f"line 77 {TITLE}: Two spaces. format/double-space",
    ]


def test_a_cause_with_many_lines_names_ten_of_them() -> None:
    """The others are counted."""
    many = [replace(NO_YEAR, line=line, end_line=line, fix=None) for line in range(1, 201)]
    (item,) = items(report(*many))
    assert "line 10, and 190 more lines: No year found." in item


def test_suggestions_and_work_by_hand_are_apart() -> None:
    """What a click corrects is listed before what needs typing."""
    by_hand = replace(NO_YEAR, code="authors-missing", message="Add the authors.", fix=None)
    text = read(report(by_hand, SPACE, NO_YEAR))
    assert text.index("In the suggestions") < text.index("No year found") < text.index("By hand")
    assert text.index("By hand") < text.index("Add the authors")
    assert "Most of it takes one click: on Files changed, Commit suggestion." in text
    assert "https://github.com/octo/list/pull/3/files" in links(body_of(report(NO_YEAR)))


def test_several_suggestions_are_applied_as_a_batch() -> None:
    """The comment names the buttons of GitHub's page."""
    text = read(report(NO_YEAR, replace(NO_YEAR, line=80, fix=Fix(80, 80, LINE))))
    assert "It takes one click: on Files changed, Add suggestion to batch on each suggestion" in text


def test_the_mark_of_errors_is_explained_where_it_is_used() -> None:
    """A comment that reports its error in the first sentence has no mark, and no explanation of one."""
    assert "❌ holds the merge" in read(report(NO_YEAR))
    for of in (report(DUPLICATE), report(OVER, removals=(removal(),)), DECISION, WARNED):
        assert "❌" not in read(of)


def test_without_suggestions_the_corrected_lines_are_shown() -> None:
    """A list whose policy has no suggestions gets the lines to copy, and is promised no click."""
    text = read(report(NO_YEAR), replace(AUDIENCE, suggests=False))
    assert "The corrected lines are below" in text
    assert "Corrected below" in text
    assert "click" not in text
    assert "<details>" not in html(body_of(report(NO_YEAR), replace(AUDIENCE, suggests=False)))


def test_without_any_correction_the_author_pushes() -> None:
    """No click is promised where there is nothing to click."""
    text = read(report(replace(NO_YEAR, fix=None)))
    assert "Please push the changes below to this branch." in text
    assert "suggestion" not in text


def test_rules_link_to_their_explanation() -> None:
    """Each item names its rule, by which it can be waived, and links to the code's anchor."""
    assert [link for link in links(body_of(report(NO_YEAR))) if "#format" in link] == [
        "https://github.com/papergate/papergate/blob/main/docs/rules.md#format-missing-year"
    ]


def test_corrected_line_is_offered_once_as_it_is_to_be_pasted() -> None:
    """Two findings with one correction give one block, and it holds the line byte for byte."""
    assert fences(body_of(report(NO_YEAR, SPACE))) == [LINE + "\n"]


def test_a_deletion_is_described_in_words() -> None:
    """A correction that deletes a line has nothing to paste."""
    assert "Line 71: delete it." in read(report(DUPLICATE, NO_YEAR))
    two = replace(DUPLICATE, end_line=72, fix=Fix(71, 72, None))
    assert "Lines 71\N{EN DASH}72: delete them." in read(report(two, NO_YEAR))


def test_fix_of_several_lines_names_its_range() -> None:
    """An entry split over two lines is corrected by one line in place of two."""
    split = Finding("link", "split-line", Severity.ERROR, "Split.", 71, 72, "T", fix=Fix(71, 72, LINE))
    assert "Lines 71\N{EN DASH}72:" in read(report(split))
    assert any(link.endswith("/README.md?plain=1#L71-L72") for link in links(body_of(report(split))))


def test_a_corrected_line_says_what_it_does_not_correct() -> None:
    """Where the corrected line still needs work by hand, its note says so."""
    corrected = replace(NO_YEAR, code="comma-before-link", fix=Fix(77, 77, "- A title"))
    assert "(by hand: format/missing-year):" in read(report(replace(NO_YEAR, fix=None), corrected))


def test_one_duplicate_is_the_whole_comment() -> None:
    """It says where the paper is, which line to remove, and nothing twice."""
    text = read(report(DUPLICATE, top_count=FIT))
    assert (
        f"Thanks, @newcomer! {TITLE} is in the list already, at line 375. Please remove line 71 "
        "(one click on Files changed), or close this pull request."
    ) in text
    assert items(report(DUPLICATE)) == []
    assert fences(body_of(report(DUPLICATE))) == []
    assert "delete it" not in text
    assert "/waive duplicate/exact REASON" in text


def test_a_duplicate_without_a_line_in_this_branch_is_an_item() -> None:
    """The other copy may be on the base branch alone: then the rule's own message is shown."""
    based = replace(DUPLICATE, related=(Related(base_line=375),))
    (item,) = items(report(based))
    assert "Already listed" in item


def test_sources_are_credited_where_their_records_were_used() -> None:
    """Every service that knew a paper is named with a link, and no other."""
    for of in (FAIL, DECISION):
        assert "https://www.semanticscholar.org" in links(body_of(of))
    for of in (UNVERIFIED, WARNED, CLEAN):
        assert "https://www.semanticscholar.org" not in links(body_of(of))


def test_existing_problems_are_counted_and_not_listed() -> None:
    """The comment speaks of the change alone: the check lists what existed before, apart."""
    body = body_of(FAIL)
    assert "1 existing problem, not part of this change, listed in the check" in body
    assert "Listed twice" not in body
    details = check(FAIL, JUDGED).text or ""
    assert "<summary>1 existing problem of the list, not part of this change</summary>" in details
    assert "Listed twice" in details


def test_comment_of_a_corrected_change_is_short() -> None:
    """When all is well again the comment says so and no more."""
    assert len(read(CLEAN)) < 200
    assert items(CLEAN) == []


def test_list_without_a_cap_has_no_top_count() -> None:
    """Where the policy sets no cap, no cap is mentioned."""
    assert "top sections" not in read(report(NO_YEAR, top_count=Tally()))


def test_entry_for_the_companion_file_is_in_a_fence_whatever_it_holds() -> None:
    """Entries of this change alone are offered, ready to paste."""
    entry = "@misc{a,\n  title={```\n@everyone}\n}"
    missing = Finding("companion", "missing", Severity.WARNING, "No entry.", 71, 71, TITLE, paste=entry)
    old = replace(missing, title="Old", introduced=False, paste="@misc{old}")
    body = body_of(report(missing, old, verdict=Verdict.PASS))
    assert fences(body) == [entry + "\n"]
    assert "1 entry for the BibTeX file" in body
