"""The list document is read with its lines, sections, groups and anchors."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.policy.presets import MOST_CITED, MOST_CITED_2016
from rules.reading.document import Document, Listed, subgroup_takes
from rules.reading.walk import read_document
from tests.paths import DATA

REFERENCE = (DATA / "list" / "README.md").read_text()
LINK = "[[pdf]](http://example.org/a.pdf)"
ENTRY = f"- **A title of some words** (2015), A. Author et al. {LINK}"


def read(*lines: str) -> Document:
    return read_document("\n".join(("# A list", *lines)) + "\n", MOST_CITED)


def places(document: Document) -> list[tuple[str, int, int]]:
    return [(listed.section, listed.line, listed.end_line) for listed in document.entries]


def test_reads_the_reference_list() -> None:
    """238 entries in 16 sections, 100 of them in the top sections, every anchor of the contents in place."""
    document = read_document(REFERENCE, MOST_CITED)
    assert (len(document.entries), len(document.sections), document.counted()) == (238, 16, 100)
    assert [link for link in document.anchor_links if link.anchor not in document.anchors] == []
    assert len(document.criteria) == 11


def test_every_entry_of_the_reference_list_stands_where_it_says() -> None:
    """The lines of an entry are the lines of the file that hold it."""
    lines = REFERENCE.split("\n")
    for listed in read_document(REFERENCE, MOST_CITED).entries:
        assert "\n".join(lines[listed.line - 1 : listed.end_line]) == listed.entry.text


def test_comments_and_the_contents_hold_no_entries() -> None:
    """Commented researchers, links of the contents and criteria are no papers."""
    document = read(
        "## Contents", "* [Speech](#speech--other-domain)",
        "## Awesome list criteria", "- **2016** : +60 citations", "+ Can anyone count the authors (2016)?",
        "### Speech / Other Domain", "<!---[Key researchers] [A. Graves](http://example.org/)-->", ENTRY,
    )  # fmt: skip
    assert places(document) == [("Speech / Other Domain", 9, 9)]
    assert [item.text for item in document.criteria] == ["2016+60citations"]


def test_heading_right_after_a_comment_is_a_heading() -> None:
    """A comment ends with its line, also without a blank one behind it."""
    document = read("### Image / Video / Etc", "<!-- note -->", "### Speech / Other Domain", ENTRY)
    assert places(document) == [("Speech / Other Domain", 5, 5)]


def test_entry_may_run_over_lines() -> None:
    """An entry broken anywhere is one entry with all its lines."""
    document = read(
        "### Speech / Other Domain", "- **A title of", "some words** (2015), A. Author et al. [[pdf]]",
        " (http://example.org/a.pdf)", ENTRY,
    )  # fmt: skip
    assert places(document) == [("Speech / Other Domain", 3, 5), ("Speech / Other Domain", 6, 6)]
    assert document.entries[0].title == "A title of some words"


@pytest.mark.parametrize("before", ["", ENTRY], ids=["first in its section", "after another"])
def test_entry_without_marker_is_an_entry(before: str) -> None:
    """A line that reads like an entry is one, whether it lacks its marker or its indent is off."""
    lines = ["### Speech / Other Domain", *([before] if before else []), ENTRY.removeprefix("- ")]
    assert len(read(*lines).entries) == len(lines) - 1
    nested = read("### Speech / Other Domain", ENTRY, "  " + ENTRY)
    assert [listed.line for listed in nested.entries] == [3, 4]


def test_remark_under_an_entry_is_none_of_it() -> None:
    """What follows a complete entry without a blank line is no part of it."""
    document = read("### Speech / Other Domain", ENTRY, "[Key researchers] [A. Graves](http://example.org/)")
    assert [(listed.line, listed.end_line) for listed in document.entries] == [(3, 3)]
    assert document.entries[0].entry.extra == ""


def test_unknown_section_belongs_to_its_neighbours_group() -> None:
    """A section that the policy does not name counts as the one above it does."""
    document = read(
        "### Speech / Other Domain", "### Image generation", ENTRY, "### Old Papers", "### Older", ENTRY
    )
    assert [listed.group.name for listed in document.entries] == ["top", "old"]


def test_renamed_section_keeps_its_group() -> None:
    """A section's group goes with it under a new heading."""
    text = f"# A list\n### Speech / Other Domain\n### Fresh papers\n{ENTRY}\n"
    document = read_document(text, MOST_CITED, {"freshpapers": "New papers"})
    assert [listed.group.name for listed in document.entries] == ["new"]


def test_papers_under_a_foreign_heading_are_entries() -> None:
    """A heading of another level with papers below it is a section: nothing escapes evaluation."""
    document = read("### Speech / Other Domain", "## My papers", ENTRY, "#### Mine too", ENTRY)
    assert [section.name for section in document.sections] == [
        "Speech / Other Domain",
        "My papers",
        "Mine too",
    ]
    assert len(document.entries) == 2


def test_people_are_no_papers() -> None:
    """The older list's researchers are not entries."""
    text = "# A list\n### Distinguished Researchers\n- [Kaiming He](http://example.org/), *Facebook*\n"
    assert read_document(text, MOST_CITED_2016).entries == ()


def test_subgroups_are_notes_in_italics() -> None:
    """Entries know the year they stand under."""
    document = read("### Appendix: More than Top 100", "*(2016)*", ENTRY, "", "*(~2014)*", ENTRY)
    assert [listed.subgroup for listed in document.entries] == ["2016", "~2014"]
    assert [subgroup_takes("~2014", year) for year in (2012, 2014, 2015)] == [True, True, False]
    assert [subgroup_takes("2016", 2015), subgroup_takes("Lectures", 2015)] == [False, None]


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        ("### Image: Segmentation / Object Detection", "image-segmentation--object-detection"),
        ("### HW / SW / Dataset", "hw--sw--dataset"),
        ("### A **bold** `code` [link](http://example.org/)", "a-bold-code-link"),
        ("### Über_uns 2", "über_uns-2"),
    ],
)
def test_anchors_are_githubs(heading: str, anchor: str) -> None:
    """A heading's anchor is the one GitHub makes of it."""
    assert anchor in read(heading).anchors


def test_repeated_headings_get_numbered_anchors() -> None:
    """GitHub tells equal headings apart by a number."""
    assert {"old-papers", "old-papers-1"} <= read("### Old Papers", "### Old Papers").anchors


def test_line_ends_and_byte_order_mark_do_not_matter() -> None:
    """Carriage returns, a byte order mark and a missing last line end change no line number."""
    text = f"\ufeff# A list\r\n### Old Papers\r\n{ENTRY}"
    assert [listed.line for listed in read_document(text, MOST_CITED).entries] == [3]
    lone = f"# A list\n### Old Papers\nA paragraph\rwith a lone return\n\n{ENTRY}\n"
    assert [listed.line for listed in read_document(lone, MOST_CITED).entries] == [5]


@given(
    st.lists(
        st.sampled_from(
            [*REFERENCE.split("\n")[70:120], "- a", "> b", "  - c", "```", "<!--", "-->", "\t- d"]
        )
    )
)
def test_any_arrangement_of_lines_is_read(lines: list[str]) -> None:
    """However lines are arranged, entries stand inside the file, in order, one after the other."""
    document = read(*lines)
    last = 0
    for listed in sorted(document.entries, key=lambda entry: entry.line):
        assert last < listed.line <= listed.end_line <= len(document.lines)
        last = listed.line


def test_places_of_links_are_compared_without_trimmings() -> None:
    """Scheme, www, version and case of the host do not make another place."""

    def entry(url: str) -> Listed:
        return read("### Old Papers", f"- A title (2001), A. Author [[pdf]]({url})").entries[0]

    assert entry("http://arxiv.org/pdf/1412.6980v2").places == entry("https://arxiv.org/abs/1412.6980").places
    assert entry("http://www.Example.org/a/").places == entry("https://example.org/a").places
    assert entry("http://example.org/A").places != entry("http://example.org/a").places
