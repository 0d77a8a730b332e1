"""The report on a terminal."""

from __future__ import annotations

from dataclasses import replace

import click
import pytest

from bot.render.text import REPEATS, View, as_text
from rules.report.findings import Finding, Fix, Severity
from tests.bot.render.hostile import TITLES
from tests.bot.render.samples import FAIL, LINE, removal, report

OLD = "- **A paper**, A. Author [[pdf]](https://a.example/paper.pdf)"
NEW = "- **A paper** (2015), A. Author [[pdf]](https://a.example/paper.pdf)"
YEAR = Finding("format", "missing-year", Severity.ERROR, "Add the year.", 2, 2, "A paper", fix=Fix(2, 2, NEW))
LINES = ("# A list", OLD)


def lines_of(*findings: Finding, view: View | None = None) -> list[str]:
    return as_text(report(*findings), view or View(LINES)).splitlines()


def test_findings_of_an_entry_are_together() -> None:
    """Below its line and title, with the old line, the corrected line and what differs."""
    dot = replace(YEAR, code="period-after-authors", severity=Severity.WARNING, message="Remove it.")
    assert lines_of(YEAR, dot)[:6] == [
        "README.md:2: A paper",
        "  error format/missing-year: Add the year.",
        "  warning format/period-after-authors: Remove it.",
        f"  - {OLD}",
        f"  + {NEW}",
        "                 ^^^^^^^",
    ]


def test_entries_come_in_the_order_of_the_list_and_the_verdict_last() -> None:
    """Findings about the whole file lead."""
    lines = as_text(FAIL, View()).splitlines()
    assert lines[:2] == ["README.md", "  error count/over-limit: 101 papers found, at most 100 expected."]
    places = [line.split(":")[1] for line in lines if line.startswith("README.md:")]
    assert places == sorted(places, key=int)
    assert lines.count(f"  + {LINE}") == 1
    assert "  - delete line 71" in lines
    assert "  1. line 237: Layer normalization (412 citations, 6.9 times the threshold of 60)" in lines
    assert "1 existing problem in the list, not part of this change" in lines
    assert any(line.startswith("❌ ") and line.endswith("(3 errors, 1 warning)") for line in lines[-2:])


def test_a_message_that_many_entries_share_is_one_line() -> None:
    """It counts them and names their lines; fewer are shown one by one."""
    messages = [
        Finding("citations", "unanswered", Severity.UNVERIFIED, "No network.", line, line, f"Paper {line}")
        for line in (2, 3, 4, 8, 10)
    ]
    shared = "5 entries: not verified citations/unanswered: No network. (lines 2 to 4, 8, 10)"
    assert lines_of(*messages)[0] == shared
    assert len(messages) == REPEATS
    assert lines_of(*messages[1:])[0] == "README.md:3: Paper 3"


def test_many_line_numbers_are_cut() -> None:
    """The first ranges are named, the others counted."""
    messages = [
        Finding("record", "unanswered", Severity.UNVERIFIED, "No network.", line, line, "A paper")
        for line in range(2, 80, 2)
    ]
    assert "(lines 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24 and 27 more)" in lines_of(*messages)[0]


def test_lines_to_delete_and_to_join_are_shown_whole() -> None:
    """Nothing is underlined where the number of lines differs."""
    split = replace(YEAR, line=1, end_line=2, fix=Fix(1, 2, NEW))
    assert lines_of(split)[2:5] == ["  - # A list", f"  - {OLD}", f"  + {NEW}"]
    gone = replace(YEAR, fix=Fix(2, 2, None))
    assert lines_of(gone)[2] == f"  - {OLD}"
    far = replace(YEAR, line=7, end_line=8, fix=Fix(7, 8, None))
    assert lines_of(far)[2] == "  - delete lines 7 to 8"


def test_text_to_add_to_the_bibtex_file_is_shown() -> None:
    """Line by line."""
    missing = Finding("companion", "missing", Severity.WARNING, "Add it.", 2, 2, "A paper", paste="@a{b,\n}")
    assert lines_of(missing)[2:4] == ["  + @a{b,", "  + }"]


def test_missing_figures_are_named() -> None:
    """A removal may have no count, or no threshold."""
    counted = replace(removal(), threshold=None, ratio=None)
    of = replace(report(removals=(removal(citations=None), counted)), skipped=("citations",))
    lines = as_text(of, View()).splitlines()
    assert "  1. line 237: Layer normalization (citations not known)" in lines
    assert "  2. line 237: Layer normalization (412 citations)" in lines
    assert "Not checked: citations" in lines
    unknown = as_text(report(removals=(removal(citations=None),)), View()).splitlines()
    assert "Suggested removals (citations not known):" in unknown
    assert "  1. line 237: Layer normalization" in unknown


@pytest.mark.parametrize("width", [40, 60, 80])
def test_nothing_is_wider_than_the_terminal(width: int) -> None:
    """Messages are wrapped; lines of the list are cut around what differs."""
    long = replace(YEAR, message="Add the year after the title. " * 5, title=None)
    lines = lines_of(long, view=View(LINES, width))[:-2]
    assert max(map(len, lines)) <= width
    assert "(2015)" in "".join(line for line in lines if line.startswith("  + "))


def test_colour_takes_the_place_of_the_underline() -> None:
    """Without colour no escape sequence is left."""
    coloured = as_text(report(YEAR), View(LINES, colour=True))
    assert "\x1b[" in coloured
    assert "^" not in click.unstyle(coloured)
    assert click.unstyle(coloured).splitlines()[2:4] == [f"  - {OLD}", f"  + {NEW}"]
    assert "\x1b" not in as_text(report(YEAR), View(LINES))


@pytest.mark.parametrize("title", [*TITLES, "::error::x", "##[error]x"])
@pytest.mark.parametrize("width", [None, 40])
def test_hostile_text_is_only_text(title: str, width: int | None) -> None:
    """It paints nothing and starts no workflow command, wherever a line is broken."""
    hostile = replace(YEAR, title=title, message=f"{title} ::error::x", fix=Fix(2, 2, f"- {title}"))
    lines = lines_of(hostile, view=View(("# A list", f"- {title}::error::"), width))
    assert not set("".join(lines)) & set("\x00\x07\x1b\x9b\u202e\u200b\u2066")
    assert not any(line.lstrip().startswith("::") or "##[" in line for line in lines)
