"""The comment lists the papers of which some have to leave."""

from __future__ import annotations

from dataclasses import replace

from rules.report.report import Moved
from tests.bot.render.comments import body_of, read
from tests.bot.render.page import fences, html, shown
from tests.bot.render.samples import (
    AUDIENCE,
    FAIL,
    OVER,
    TITLE,
    removal,
    report,
)

FORK = replace(AUDIENCE, commits=False)


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
