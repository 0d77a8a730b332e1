"""The comment says what to do, names the commands for it, and fits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.render.audience import Audience
from bot.render.check import check
from bot.render.comment import BUDGET, MARKER, comment, markdown
from rules.report.findings import Decision, DecisionKind, Finding, Fix, Related, Severity
from rules.report.report import Moved, Report, Tally, Verdict
from tests.bot.render.hostile import TITLES
from tests.bot.render.page import BREAK, LATER_PASSES, fences, html, links, outside_code, shown, tokens
from tests.bot.render.samples import (
    AUDIENCE,
    CLEAN,
    DECISION,
    DUPLICATE,
    EVERY,
    FAIL,
    FEW,
    HEAD,
    JUDGED,
    LINE,
    NO_YEAR,
    OLD,
    OVER,
    SILENT,
    SPACE,
    TITLE,
    UNVERIFIED,
    WARNED,
    removal,
    report,
)

FIT = Tally(99, 100, 100)
FORK = replace(AUDIENCE, commits=False)


def body_of(of: Report, audience: Audience = AUDIENCE) -> str:
    """Return the Markdown of the comment about a report."""
    return comment(of, JUDGED, audience).body


def read(of: Report, audience: Audience = AUDIENCE) -> str:
    """Return what a reader sees of the comment about a report."""
    return shown(body_of(of, audience))


def items(of: Report, audience: Audience = AUDIENCE) -> list[str]:
    """Return the list items of the comment as a reader sees them."""
    listed = body_of(of, audience).split("<details>")[0].split("\n")
    return [shown(line) for line in listed if line.startswith("- ")]


def heading(of: Report) -> str:
    """Return the first line of the comment that a reader sees."""
    return read(of).split("\n")[0]


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
    """A comment whose errors are told in its first sentence has no mark, and no explanation of one."""
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


def test_removals_come_with_their_figures_and_ready_lines() -> None:
    """A maintainer sees citations and the command; everybody can copy the line where it goes."""
    body = body_of(FAIL)
    assert "Layer normalization (2016) · 412 citations" in shown(body)
    assert "Second paper (2016) · 1,612 citations" in shown(body)
    assert f"This adds {TITLE} to Speech, which makes 101 papers in the top sections; the limit is 100." in (
        shown(body)
    )
    assert "Choose one to move to Appendix: More than Top 100" in shown(body)
    assert "Maintainers: /remove 1 (or another number) moves it; /waive count/over-limit REASON" in shown(
        body
    )
    assert "- Layer normalization (2016), J. Ba et al. [[pdf]](http://arxiv.org/pdf/2)\n" in fences(body)
    assert "<details><summary>Lines to move" in html(body)


def test_removals_of_different_years_show_their_ratio() -> None:
    """Counts of different years are not comparable by themselves."""
    older = replace(removal("Older"), year=2012, citations=1_600, threshold=800, ratio=2.0)
    text = read(report(OVER, removals=(older, removal())))
    assert "1,600 citations, 2.0 times the 800 that its year needs" in text
    assert "412 citations, 6.9 times the 60 that its year needs" in text


def test_what_makes_the_list_too_long_is_named() -> None:
    """One paper that is added or moved is named, more are not."""
    change = report(OVER, removals=(removal(),)).changes
    moved = replace(change, added=(), moved=(Moved("A paper", "Appendix", "Speech", 80, 300),))
    of = replace(report(OVER, removals=(removal(),)), changes=moved)
    assert "This moves A paper from Appendix to Speech, which makes 101 papers" in read(of)
    both = replace(of, changes=replace(moved, added=change.added))
    assert "This change makes 101 papers" in read(both)


def test_papers_without_a_count_are_counted_beside_the_ranking() -> None:
    """A reader knows that the ranking is not of all papers."""
    ranked = report(OVER, removals=(removal(),))
    text = read(replace(ranked, removals_uncounted=11))
    assert "No citation count is known for 11 other papers, so they are not ranked here." in text
    assert "for 1 other paper, so it is not ranked here." in read(replace(ranked, removals_uncounted=1))
    assert "No citation count" not in read(ranked)


def test_removals_without_counts_are_not_ranked() -> None:
    """No figure is invented where no source answered, and no source is credited."""
    text = read(report(OVER, removals=(removal(citations=None), replace(removal(), citations=None))))
    assert "unranked" in text
    assert "citations ·" not in text
    assert "412" not in text
    assert "Semantic Scholar" not in text


def test_at_most_ten_removals_are_shown() -> None:
    """More are no help; each keeps its number, and its block stays in its item."""
    body = body_of(report(OVER, removals=tuple(removal(f"Paper {number}") for number in range(1, 31))))
    assert "and 20 more" in shown(body)
    assert len(fences(body)) == 10
    assert "Paper 11" not in shown(body)
    assert html(body).count("<li>") == 20


def test_removals_on_a_fork_come_as_a_patch() -> None:
    """The App cannot commit there, so the command answers with a patch, and /fix is not named."""
    text = read(FAIL, FORK)
    assert "/remove 1 (or another number) answers with the patch that moves it" in text
    assert "/fix" not in text


def test_sources_are_credited_where_their_records_were_used() -> None:
    """Every service that knew a paper is named with a link, and no other."""
    for of in (FAIL, DECISION):
        assert "https://www.semanticscholar.org" in links(body_of(of))
    for of in (UNVERIFIED, WARNED, CLEAN):
        assert "https://www.semanticscholar.org" not in links(body_of(of))


@pytest.mark.parametrize(
    ("of", "usages"),
    [
        (FAIL, ["/remove 1", "/waive count/over-limit REASON", '/waive RULE "TITLE" REASON', "/fix"]),
        (report(NO_YEAR), ["/waive format/missing-year REASON", "/fix"]),
        (
            report(NO_YEAR, replace(NO_YEAR, line=80)),
            ['/waive format/missing-year "TITLE" REASON', "/fix"],
        ),
        (report(OVER), ["/waive count/over-limit REASON"]),
        (report(FEW, NO_YEAR), ["/accept REASON", "/waive format/missing-year REASON", "/fix"]),
        (DECISION, ["/accept REASON", '/attest "TITLE" COUNT URL']),
        (
            report(FEW, replace(FEW, line=80), verdict=Verdict.DECISION),
            ['/accept "TITLE" REASON'],
        ),
        (UNVERIFIED, ['/attest "TITLE" COUNT URL', "/waive citations/unanswered REASON"]),
        (
            report(
                Finding("placement", "not-new", Severity.WARNING, "Old.", 71, 71, TITLE), verdict=Verdict.PASS
            ),
            ['/move "TITLE" "SECTION"'],
        ),
        (CLEAN, ["/recheck"]),
    ],
)
def test_each_verdict_names_the_commands_that_settle_it(of: Report, usages: list[str]) -> None:
    """Nobody has to look a command up; with another prefix it is named with that."""
    text = read(of)
    for usage in usages:
        assert usage in text
    prefixed = read(of, replace(AUDIENCE, bare=False))
    for usage in usages:
        assert f"/papergate {usage[1:]}" in prefixed
        assert f" {usage}" not in prefixed


@pytest.mark.parametrize("of", EVERY)
def test_commands_that_nobody_may_use_are_not_named(of: Report) -> None:
    """A policy may give a command to nobody."""
    text = read(of, replace(AUDIENCE, by_author=frozenset(), by_maintainers=frozenset()))
    assert not [word for word in text.split() if word.startswith("/") and "octo" not in word]


def test_commands_say_who_may_use_them() -> None:
    """A policy may give a maintainer's command to the author too, or to the author alone."""
    both = replace(AUDIENCE, by_author=frozenset({"accept"}))
    assert "Author and maintainers: /accept REASON" in read(DECISION, both)
    author = replace(both, by_maintainers=frozenset())
    assert "Author: /accept REASON" in read(DECISION, author)
    assert "Maintainers: /accept REASON" in read(DECISION)


def test_each_verdict_says_who_acts_next() -> None:
    """Author and maintainer see what they have to do, and when there is nothing to do."""
    assert "Papergate looks again after every push." in read(report(NO_YEAR))
    assert "Author: edit the description; it is read again after each edit." in read(DECISION)
    assert "Or close the pull request." in read(DECISION)
    assert "There is nothing for you to do" in read(UNVERIFIED)
    assert "Nothing holds the merge" in read(WARNED)
    assert "Nothing holds the merge" in read(CLEAN)


def test_a_decision_beside_errors_has_its_own_part() -> None:
    """The contributor sees that a maintainer decides it, and how the description helps."""
    text = read(report(FEW, NO_YEAR))
    assert text.index("For a maintainer to decide") < text.index("24 citations, 60 expected.")
    assert "Maintainers: /accept REASON accepts it" in text
    assert not [item for item in items(report(FEW, NO_YEAR)) if "24 citations" in item and "❌" in item]


def test_changed_criteria_are_no_paper() -> None:
    """The author is asked for the right reason."""
    criteria = Finding("structure", "criteria-changed", Severity.DECISION, "The criteria change.", 9, 9)
    of = report(criteria, verdict=Verdict.DECISION, top_count=FIT)
    assert "say in the description why the list should change; it is read again" in read(of)


def test_an_unreadable_list_is_not_the_authors_list_of_errors() -> None:
    """Nothing was checked, and there is nothing to waive."""
    unreadable = Finding("structure", "unreadable", Severity.ERROR, "The list is too large.")
    text = read(report(unreadable, top_count=Tally()))
    assert "Nothing was checked. Papergate looks again after every push." in text
    assert "The list is too large." in text
    assert "/waive" not in text


def test_an_unanswered_question_beside_errors_is_listed() -> None:
    """It is no error of the author."""
    (first, second) = items(report(SILENT, replace(NO_YEAR, fix=None)))
    assert first.startswith("❌")
    assert second == f"line 71 {TITLE}: Semantic Scholar did not answer. citations/unanswered"


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


def test_only_the_author_is_mentioned() -> None:
    """A login that GitHub could not have, or no login, mentions nobody."""
    assert "Thanks, @newcomer!" in body_of(DECISION)
    assert "Thanks!" in body_of(DECISION, replace(AUDIENCE, author=None))
    for login in ("dependabot[bot]", "a b", "x @octo", "-x", "x" * 60, "a\n@b"):
        text = read(DECISION, replace(AUDIENCE, author=login))
        assert not LATER_PASSES["mention"].search(text), login


def test_markdown_without_a_pull_request_names_no_command() -> None:
    """On the command line there are no commits to link and no bot to ask."""
    text = markdown(FAIL)
    assert MARKER not in text
    assert "/recheck" not in text
    assert "/waive" not in text
    assert "Thanks" not in text
    assert {link for link in links(text) if "docs/rules.md" not in link} == {
        "https://openalex.org",
        "https://www.semanticscholar.org",
    }


def test_list_without_a_cap_has_no_top_count() -> None:
    """Where the policy sets no cap, no cap is mentioned."""
    assert "top sections" not in read(report(NO_YEAR, top_count=Tally()))


@pytest.mark.parametrize("title", TITLES)
def test_hostile_report_does_nothing(title: str) -> None:
    """Text of the pull request makes no mention, link, HTML or block, wherever the comment shows it."""
    finding = Finding(
        "format", "not-bold", Severity.ERROR, f"Unexpected “{title}”.", 71, 71, title, fix=Fix(71, 71, title)
    )
    doubtful = replace(FEW, title=title, message=f"Of `{title}`.")
    old = replace(finding, introduced=False, line=None)
    body = body_of(report(OVER, finding, doubtful, old, removals=(removal(title),)))
    parsed = tokens(body)
    kinds = [token.type for token in parsed]
    assert kinds.count("list_item_open") == 4
    assert kinds.count("fence") == 2
    assert all(
        link.startswith(("https://github.com/octo/list/", "https://github.com/papergate/"))
        for link in links(body)
    )
    assert {token.content for token in parsed if token.type == "html_inline"} <= {
        "<sub>",
        "</sub>",
        "<span>",
        "</span>",
    }
    blocks = [token.content for token in parsed if token.type == "html_block"]
    assert [
        block for block in blocks if not block.startswith(("<details><summary>", "</details>", "<!-- "))
    ] == []
    assert body.count(MARKER) == 1 + sum(MARKER in fence for fence in fences(body))
    assert f"Unexpected “{' '.join(title.split())[:5]}"[:12] in shown(body).replace(BREAK, "")
    text = outside_code(body).split("top sections 100 → 101")[0].replace("@newcomer", "")
    for name, shape in LATER_PASSES.items():
        assert not shape.search(text), name


@pytest.mark.parametrize("number", [60, 3_000])
def test_long_report_is_cut_between_items(number: int) -> None:
    """However much there is to say, the comment fits, no fence is cut, and it counts what is left off."""
    many = tuple(
        Finding(
            "format",
            "missing-year",
            Severity.ERROR,
            f"No year in entry {line}. " + "é" * 500,
            line,
            line,
            f"Paper {line}",
            fix=Fix(line, line, "x" * 2_000 + f" {line}"),
        )
        for line in range(1, number)
    )
    body = body_of(report(*many, removals=tuple(removal(f"P {i}") for i in range(200))))
    assert len(body.encode()) <= BUDGET
    assert "and 190 more" in body
    assert all(fence.startswith(("x" * 2_000, "- ")) and fence.endswith("\n") for fence in fences(body))
    assert html(body).count("<details>") == html(body).count("</details>")
    assert HEAD[:7] in shown(body)
    assert "removals" in body


def test_entry_for_the_companion_file_is_in_a_fence_whatever_it_holds() -> None:
    """Entries of this change alone are offered, ready to paste."""
    entry = "@misc{a,\n  title={```\n@everyone}\n}"
    missing = Finding("companion", "missing", Severity.WARNING, "No entry.", 71, 71, TITLE, paste=entry)
    old = replace(missing, title="Old", introduced=False, paste="@misc{old}")
    body = body_of(report(missing, old, verdict=Verdict.PASS))
    assert fences(body) == [entry + "\n"]
    assert "1 entry for the BibTeX file" in body


def test_decisions_are_shown_with_who_and_why() -> None:
    """What a maintainer decided holds nothing; the comment says who, why, and what has ended."""
    waiver = Decision(
        DecisionKind.WAIVE,
        "format/missing-year",
        "entry:1",
        "mona",
        date(2026, 11, 24),
        "It is @online only",
        "https://github.com/octo/list/pull/1#issuecomment-1",
    )  # fmt: skip
    attested = replace(waiver, kind=DecisionKind.ATTEST, rule="citations", title="A title", count=1500)
    accepted = replace(waiver, kind=DecisionKind.ACCEPT, rule="citations", reason="")
    settled = replace(
        report(replace(NO_YEAR, settled=waiver), replace(FEW, settled=accepted), verdict=Verdict.PASS),
        decisions=(waiver, attested, accepted),
        ended=(waiver,),
    )
    text = read(settled)
    assert "All good now" in text
    assert f"Line 77: {TITLE}: waived by mona on 2026-11-24: It is" in text
    assert f"Line 71: {TITLE}: accepted by mona on 2026-11-24 citations/below-threshold" in text
    assert "A title: 1,500 citations, attested by mona on 2026-11-24." in text
    assert "waive format/missing-year by mona on 2026-11-24 has ended" in text
    assert "@online" not in body_of(settled)
