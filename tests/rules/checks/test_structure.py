"""Sections, contents, criteria and conflicts, with their lines and severities."""

from __future__ import annotations

import pytest

from rules.report.findings import Severity
from tests.rules.making import OLD, TOP, audit, codes, found, report_on, text

SPEECH = "### Speech / Other Domain"
BEFORE = text(TOP, "", SPEECH)


@pytest.mark.parametrize(
    ("heading", "severity"),
    [
        ("### Image/video, etc.", Severity.WARNING),
        ("### IMAGE / VIDEO / ETC", Severity.WARNING),
        ("### Images / Video / Etc", Severity.ERROR),
    ],
)
def test_a_renamed_section_is_put_back(heading: str, severity: Severity) -> None:
    """Only case and punctuation are a warning; the message quotes the heading as it was."""
    (finding,) = found(report_on(BEFORE, BEFORE.replace(TOP, heading)), "structure")
    assert (finding.code, finding.severity) == ("section-renamed", severity)
    assert (finding.line, finding.end_line, finding.title) == (3, 3, heading.removeprefix("### "))
    assert finding.message == f"Put the heading back to `{TOP}`: only maintainers rename sections."


def test_an_added_section_is_reported_at_its_heading() -> None:
    """It holds."""
    (finding,) = found(report_on(BEFORE, BEFORE + "\n### Robots of our time\n"), "structure")
    assert (finding.code, finding.severity) == ("section-added", Severity.ERROR)
    assert (finding.line, finding.title) == (7, "Robots of our time")


def test_a_removed_section_is_about_the_file() -> None:
    """There is no line to point at."""
    (finding,) = found(report_on(BEFORE, text(TOP)), "structure")
    assert (finding.code, finding.severity) == ("section-removed", Severity.ERROR)
    assert (finding.line, finding.title) == (None, "Speech / Other Domain")


def test_a_repeated_heading_is_reported_at_the_second() -> None:
    """It names the first; case and punctuation make no other section."""
    (finding,) = found(report_on(BEFORE, BEFORE + "\n### Image/Video/etc\n"), "structure")
    assert (finding.code, finding.severity) == ("section-repeated", Severity.ERROR)
    assert (finding.line, [place.line for place in finding.related]) == (7, [3])
    twice = BEFORE + f"\n{TOP}\n"
    (old,) = found(report_on(twice, twice.replace("# A list", "# The list")), "structure")
    assert (old.code, old.introduced) == ("section-repeated", False)
    assert codes(audit(twice), "structure") == ["section-repeated"]


def test_a_heading_may_be_repeated_below_another_section() -> None:
    """A year below two sections is two sections; below one of them it is there once."""
    years = text(TOP, "#### 2016", "", SPEECH, "#### 2016")
    assert codes(audit(years), "structure") == []
    assert codes(report_on(years, years + "\n#### 2016\n"), "structure") == ["section-repeated"]
    twice_new = BEFORE + "\n### Robots of our time\n\n### Robots of our time\n"
    assert codes(report_on(BEFORE, twice_new), "structure") == ["section-added", "section-added"]


def test_the_first_version_of_a_list_adds_no_sections() -> None:
    """There was nothing to keep."""
    assert codes(report_on("", BEFORE), "structure") == []


@pytest.mark.parametrize(
    ("link", "said"), [("image--video--etc", None), ("image-video-etc", "does not exist")]
)
def test_a_contents_link_needs_its_heading(link: str, said: str | None) -> None:
    """By the anchor that GitHub gives a heading."""
    after = BEFORE.replace("# A list\n", f"# A list\n\n* [Images](#{link})\n")
    report = report_on(BEFORE, after)
    assert [finding.message for finding in found(report, "structure")] == (
        [f"The contents link to `#{link}`, which {said}."] if said else []
    )


def test_a_heading_that_leaves_breaks_its_link() -> None:
    """The line of the link is reported; it was right before."""
    contents = BEFORE.replace("# A list\n", "# A list\n\n* [Speech](#speech--other-domain)\n")
    report = report_on(contents, contents.replace(SPEECH, "### Speech / Other Domains"))
    finding = next(item for item in found(report, "structure") if item.code == "toc-anchor-broken")
    assert (finding.severity, finding.line, finding.introduced) == (Severity.WARNING, 3, True)
    assert finding.message == "The contents link to `#speech--other-domain`, which no longer exists."
    broken = contents.replace("(#speech--", "(#speeches--")
    (old,) = found(report_on(broken, broken.replace("# A list", "# The list")), "structure")
    assert not old.introduced
    assert codes(audit(broken), "structure") == ["toc-anchor-broken"]


def test_marks_of_a_conflict_are_reported_where_they_are() -> None:
    """Once introduced; those that were there are old, and an audit reports them."""
    after = text("<<<<<<< HEAD", TOP, ">>>>>>> branch", "", SPEECH)
    new = found(report_on(BEFORE, after), "structure")
    assert [(finding.line, finding.severity, finding.introduced) for finding in new] == [
        (3, Severity.ERROR, True),
        (5, Severity.ERROR, True),
    ]
    old = found(report_on(after, after + f"\n{OLD}\n"), "structure")
    assert [finding.introduced for finding in old if finding.code == "merge-conflict"] == [False, False]
    assert codes(audit(after), "structure") == ["merge-conflict", "merge-conflict"]


CRITERIA = "## Awesome list criteria\n- **2015** : +200 citations\n\n"


def test_a_changed_criterion_is_a_decision_at_its_line() -> None:
    """A removed one has no line; the first criteria of a list change nothing."""
    before = CRITERIA + BEFORE
    (finding,) = found(report_on(before, before.replace("+200", "+20")), "structure")
    assert (finding.code, finding.severity, finding.line) == ("criteria-changed", Severity.DECISION, 2)
    more = before.replace("\n\n", "\n- **2014** : +400 citations\n\n", 1)
    (finding,) = found(report_on(more, before), "structure")
    assert (finding.code, finding.line) == ("criteria-changed", None)
    assert codes(report_on(BEFORE, before), "structure") == []
