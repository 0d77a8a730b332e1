"""The comment is short, true and safe."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.render.check import check
from bot.render.comment import BUDGET, MARKER, comment, markdown
from rules.report.findings import Decision, DecisionKind, Finding, Fix, Severity
from rules.report.report import Report, Tally, Verdict
from tests.bot.render.hostile import TITLES
from tests.bot.render.page import BREAK, LATER_PASSES, fences, html, links, shown, tokens
from tests.bot.render.samples import (
    BASE,
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
    SPACE,
    TITLE,
    UNVERIFIED,
    WARNED,
    removal,
    report,
)


def said(of: Report) -> str:
    """Return what a reader sees of the comment about ``of``."""
    return shown(comment(of, JUDGED).body)


@pytest.mark.parametrize("of", EVERY)
def test_comment_begins_with_the_marker_and_names_what_it_judged(of: Report) -> None:
    """Every comment can be recognised, and says which head and base it is about."""
    body = comment(of, JUDGED).body
    assert body.startswith(MARKER + "\n")
    assert HEAD[:7] in shown(body)
    assert BASE[:7] in shown(body)
    assert "/recheck" in shown(body)


@pytest.mark.parametrize("of", EVERY)
def test_same_report_gives_the_same_comment(of: Report) -> None:
    """Nothing changed is equality of text."""
    assert comment(of, JUDGED) == comment(replace(of), replace(JUDGED))


def test_first_comment_needs_something_to_say() -> None:
    """A clean change and an old fault are no reason to speak; a warning is."""
    assert [comment(of, JUDGED).speaks for of in EVERY] == [True, True, True, True, False]
    assert not comment(report(OLD, verdict=Verdict.PASS), JUDGED).speaks


def test_errors_come_first_and_share_a_row_with_their_entry() -> None:
    """The table starts with what holds the merge; what is said of one entry stands in one row."""
    rows = [line for line in comment(FAIL, JUDGED).body.split("\n") if line.startswith("|")][2:5]
    assert "101 papers" in rows[0]
    assert "Already listed" in rows[1]
    assert "No year found" in rows[2]
    assert "(warning) Two spaces" in rows[2]
    assert rows[2].endswith("| error |")


def test_corrected_line_is_offered_once_as_it_is_to_be_pasted() -> None:
    """Two findings with one correction give one block, and it holds the line byte for byte."""
    assert fences(comment(report(NO_YEAR, SPACE), JUDGED).body) == [LINE + "\n"]


def test_deletion_is_said_in_words() -> None:
    """A correction that takes a line out has nothing to paste."""
    assert "Line 71: delete it." in said(report(DUPLICATE))


def test_fix_of_several_lines_names_its_range() -> None:
    """A split entry is mended by one line in place of two."""
    split = Finding("link", "split-line", Severity.ERROR, "Split.", 71, 72, "T", fix=Fix(71, 72, LINE))
    body = comment(report(split), JUDGED).body
    assert "Lines 71-72:" in shown(body)
    assert any(link.endswith("/README.md?plain=1#L71-L72") for link in links(body))


def test_removals_come_with_their_figures_and_ready_lines() -> None:
    """Whoever decides sees citations, threshold and ratio, and can paste the line where it goes."""
    body = comment(FAIL, JUDGED).body
    assert "| 412 | 60 | 6.9 |" in body
    assert "| 1,612 | 60 | 26.9 |" in body
    assert "one has to leave" in shown(body)
    assert "- Layer normalization (2016), J. Ba et al. [[pdf]](http://arxiv.org/pdf/2)\n" in fences(body)
    assert "<details><summary>Ready lines" in html(body)


def test_removals_without_counts_are_said_to_be_unranked() -> None:
    """No figure is invented where no source answered, and no source is credited."""
    body = comment(report(OLD, DUPLICATE, removals=(removal(citations=None),)), JUDGED).body
    assert "not ranked" in shown(body)
    assert "Threshold" not in body
    assert "Semantic Scholar" not in body


def test_sources_are_credited_where_their_records_were_used() -> None:
    """Every service that knew a paper is named with a link to it, and no other."""
    for of in (FAIL, DECISION):
        assert "https://www.semanticscholar.org" in links(comment(of, JUDGED).body)
    for of in (UNVERIFIED, WARNED, CLEAN):
        assert "https://www.semanticscholar.org" not in links(comment(of, JUDGED).body)


def test_each_verdict_says_who_does_what_next() -> None:
    """Nobody is left to guess whose turn it is."""
    assert "Push the corrections" in said(FAIL)
    assert "If you maintain the list" in said(DECISION)
    assert "the bot tries again by itself" in said(UNVERIFIED)
    assert "Nothing holds the merge" in said(WARNED)


def test_decisions_beside_errors_are_left_to_a_maintainer() -> None:
    """A contributor who mends the errors knows that the rest is not theirs to do."""
    assert "for a maintainer to settle" in said(report(FEW, NO_YEAR))


def test_old_faults_are_counted_and_blamed_on_nobody() -> None:
    """A fault that stood before is not told in the comment: the check's details list it, apart."""
    body = comment(FAIL, JUDGED).body
    assert "1 older fault of the list, not part of this change" in body
    assert "Listed twice" not in body
    details = check(FAIL, JUDGED).text or ""
    assert "<summary>1 older fault in the list, not part of this change</summary>" in details
    assert "Listed twice" in details


def test_comment_of_a_mended_change_is_short() -> None:
    """When all is well again the comment says so and no more."""
    assert "All good now" in said(CLEAN)
    assert len(comment(CLEAN, JUDGED).body) < 600


def test_markdown_without_commits_links_nothing() -> None:
    """At the command line there are no commits to name and no bot to ask."""
    text = markdown(FAIL)
    assert MARKER not in text
    assert "/recheck" not in text
    assert links(text) == ["https://openalex.org", "https://www.semanticscholar.org"]


def test_list_without_a_cap_has_no_top_count() -> None:
    """Where the policy sets no cap, nothing is said of one."""
    of = report(NO_YEAR, top_count=Tally())
    assert "top sections" not in said(of)


@pytest.mark.parametrize("title", TITLES)
def test_hostile_report_does_nothing(title: str) -> None:
    """Wherever text of the pull request stands, the comment keeps its shape and its own links only."""
    finding = Finding(
        "format", "not-bold", Severity.ERROR, f"Unexpected “{title}”.", 71, 71, title, fix=Fix(71, 71, title)
    )
    old = replace(finding, introduced=False, line=None)
    body = comment(report(finding, old, removals=(removal(title),)), JUDGED).body
    parsed = tokens(body)
    kinds = [token.type for token in parsed]
    assert kinds.count("td_open") == 3 + 6
    assert kinds.count("fence") == 2
    assert all(
        link.startswith(("https://github.com/octo/list/", "https://www.semanticscholar.org"))
        for link in links(body)
    )
    assert {token.content for token in parsed if token.type == "html_inline"} <= {
        "<br>",
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
    assert plain_message(title) in shown(body).replace(BREAK, "")
    for name, shape in LATER_PASSES.items():
        assert not shape.search(shown(body.split("<sub>Judged")[0])), name


def plain_message(title: str) -> str:
    """Return how the message of a hostile title starts when it is shown."""
    return f"Unexpected “{' '.join(title.split())[:5]}"[:12]


@pytest.mark.parametrize("number", [60, 3_000])
def test_long_report_is_cut_between_rows(number: int) -> None:
    """However much there is to say, the comment fits, no fence is cut, and it says what is left off."""
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
    body = comment(report(*many, removals=tuple(removal(f"P {i}") for i in range(200))), JUDGED).body
    assert len(body.encode()) <= BUDGET
    assert "more rows" in body
    assert all(fence.startswith(("x" * 2_000, "- ")) and fence.endswith("\n") for fence in fences(body))
    assert html(body).count("<details>") == html(body).count("</details>")
    assert HEAD[:7] in shown(body)
    assert "removals" in body


def test_entry_for_the_companion_file_stands_in_a_fence_whatever_it_holds() -> None:
    """Of the findings of this change alone, ready to paste."""
    entry = "@misc{a,\n  title={```\n@everyone}\n}"
    missing = Finding("companion", "missing", Severity.WARNING, "No entry.", 71, 71, TITLE, paste=entry)
    old = replace(missing, title="Old", introduced=False, paste="@misc{old}")
    body = comment(report(missing, old, verdict=Verdict.PASS), JUDGED).body
    assert fences(body) == [entry + "\n"]
    assert "1 entry for the BibTeX file" in body


def test_a_corrected_line_says_what_it_cannot_mend() -> None:
    """Where the corrected line of an entry still lacks what nobody gave, that is said with it."""
    mended = replace(
        NO_YEAR, code="comma-before-link", fix=Fix(NO_YEAR.line or 1, NO_YEAR.line or 1, "- A title")
    )
    body = comment(report(replace(NO_YEAR, fix=None), mended), JUDGED).body
    assert "(by hand: format/missing-year):" in body


def test_decisions_are_told_with_who_and_why() -> None:
    """What a maintainer settled holds nothing, and is on the page: by whom, why, and what has ended."""
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
    settled = replace(
        report(replace(NO_YEAR, settled=waiver), verdict=Verdict.PASS),
        decisions=(waiver, attested),
        ended=(waiver,),
    )
    text = shown(comment(settled, JUDGED).body)
    assert "All good now" in text
    assert "format/missing-year waived by mona on 2026-11-24: It is" in text
    assert "A title: 1,500 citations attested by mona" in text
    assert "waive format/missing-year by mona on 2026-11-24 has ended" in text
    assert "@online" not in comment(settled, JUDGED).body
