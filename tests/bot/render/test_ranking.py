"""A ranking shows its figures, whatever its titles hold."""

from __future__ import annotations

import csv
import json
from datetime import date
from io import StringIO

import pytest

from bot.render.escape import visible
from bot.render.ranking import render
from rules.ranking.rank import Ranked, Ranking, Unranked
from tests.bot.render.hostile import TITLES

DAY = date(2026, 11, 24)


def ranking_of(title: str) -> Ranking:
    """Return a ranking of one paper, and another without a count."""
    ranked = Ranked(1, title, "Speech", 7, 2015, 12_345, 200, 61.725, "A source", DAY, None)
    return Ranking((ranked,), (Unranked(title, "Speech", 9, None, "no count: unknown to A source"),))


def test_figures_are_shown() -> None:
    """Thousands are separated; the ratio has one place, in JSON two."""
    ranking = ranking_of("A paper")
    text = " ".join(render(ranking, "README.md", "text").split())
    assert "1 A paper 2015 12,345 200 61.7 A source 2026-11-24" in text
    data = json.loads(render(ranking, "README.md", "json"))
    assert data["list"] == "README.md"
    assert data["ranked"][0]["ratio"] == 61.73
    assert data["ranked"][0]["counted_on"] == "2026-11-24"
    assert data["unranked"] == [
        {
            "title": "A paper",
            "section": "Speech",
            "line": 9,
            "year": None,
            "why": "no count: unknown to A source",
        }
    ]


@pytest.mark.parametrize("title", [*TITLES, "[bold red]x[/bold red]", "\x1b[31mred", "=1+1"])
def test_hostile_titles_stay_text(title: str) -> None:
    """A title makes no markup, no control character on a terminal and no formula in a spreadsheet."""
    ranking = ranking_of(title)
    text = render(ranking, "README.md", "text", 400)
    assert "\x1b" not in text
    rows = list(csv.DictReader(StringIO(render(ranking, "README.md", "csv"), newline="")))
    assert not rows[0]["title"].startswith(("=", "+", "-", "@"))
    assert rows[0]["title"].removeprefix("'").rstrip() == visible(title).rstrip()
    assert json.loads(render(ranking, "README.md", "json"))["ranked"][0]["title"] == title


def test_markup_in_a_title_is_shown_as_text() -> None:
    """A title in brackets is shown with its brackets."""
    assert "[bold red]x[/bold red]" in render(ranking_of("[bold red]x[/bold red]"), "README.md", "text")


def test_without_ranked_papers_there_is_no_table() -> None:
    """Only the reasons are shown."""
    ranking = Ranking((), ranking_of("A paper").unranked)
    assert render(ranking, "README.md", "text") == (
        "Not ranked: 1 paper\n  line 9: A paper: no count: unknown to A source\n"
    )
