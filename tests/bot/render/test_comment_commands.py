"""The comment names the commands that settle its matter, and who may use them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.render.comment import MARKER, markdown
from rules.report.findings import Decision, DecisionKind, Finding, Severity
from rules.report.report import Report, Tally, Verdict
from tests.bot.render.comments import body_of, items, read
from tests.bot.render.page import LATER_PASSES, links
from tests.bot.render.samples import (
    AUDIENCE,
    CLEAN,
    DECISION,
    EVERY,
    FAIL,
    FEW,
    NO_YEAR,
    OVER,
    SILENT,
    TITLE,
    UNVERIFIED,
    WARNED,
    report,
)

FIT = Tally(99, 100, 100)


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
