"""Which links of a change are followed, and what is reported of those that lead nowhere."""

from __future__ import annotations

from datetime import date

import pytest

from rules.context import ListChange, Question
from rules.evaluate import evaluate, read_change, read_whole, wanted
from rules.papers.evidence import Evidence, Reach, Reached
from rules.policy.presets import MOST_CITED
from rules.report.findings import Finding, Severity
from rules.report.report import Report, Verdict

TODAY = date(2026, 11, 24)
EXISTING = "- **Memory networks** (2014), J. Weston et al. [[pdf]](http://example.org/memory.pdf)"
ENTRY = (
    "- **Spatial transformer network** (2015), M. Jaderberg et al. [[pdf]](http://example.org/spatial.pdf)"
)
URL = "http://example.org/spatial.pdf"


def text_of(*entries: str, appendix: tuple[str, ...] = ()) -> str:
    lines = ("# A list", "", "### Optimization / Training Techniques", *entries)
    return "\n".join((*lines, "", "## Appendix: More than Top 100", *appendix, ""))


def list_change(before: str, after: str) -> ListChange:
    found = read_change(before, before, after, MOST_CITED)
    assert isinstance(found, ListChange)
    return found


def urls_wanted(before: str, after: str) -> tuple[str, ...]:
    return wanted(list_change(before, after)).urls


def added(entry: str) -> tuple[str, ...]:
    return urls_wanted(text_of(EXISTING), text_of(EXISTING, entry))


def report(reached: Reached | None) -> Report:
    found = list_change(text_of(EXISTING), text_of(EXISTING, ENTRY))
    evidence = Evidence(reached={} if reached is None else {URL: reached})
    return evaluate(found, MOST_CITED, evidence, Question(TODAY))


def said(of: Report) -> list[Finding]:
    return [finding for finding in of.findings if finding.rule == "link"]


def test_the_links_of_an_added_entry_are_followed() -> None:
    """All of them, each once; those that the list had before are not new."""
    assert added(ENTRY) == (URL,)
    assert added(f"{ENTRY} [[code]](https://example.org/code) [[web]]({URL})") == (
        URL,
        "https://example.org/code",
    )


def test_only_the_new_link_of_a_modified_entry_is_followed() -> None:
    """A second link beside the first one, or another in its place."""
    more = f"{EXISTING} [[code]](https://example.org/code)"
    assert urls_wanted(text_of(EXISTING), text_of(more)) == ("https://example.org/code",)
    other = EXISTING.replace("memory.pdf", "other.pdf")
    assert urls_wanted(text_of(EXISTING), text_of(other)) == ("http://example.org/other.pdf",)


def test_links_that_the_list_had_before_are_not_followed() -> None:
    """A corrected title, a moved entry, one taken out, a URL copied: no link is new."""
    assert urls_wanted(text_of(EXISTING), text_of(EXISTING.replace("2014", "2015"))) == ()
    assert urls_wanted(text_of(EXISTING), text_of(appendix=(EXISTING.replace("**", ""),))) == ()
    assert urls_wanted(text_of(EXISTING, ENTRY), text_of(EXISTING)) == ()
    assert added(ENTRY.replace("spatial.pdf", "memory.pdf")) == ()


def test_a_link_of_another_branch_is_not_followed() -> None:
    """What the base has got meanwhile is not the change's either."""
    before, now = text_of(EXISTING), text_of(EXISTING, ENTRY)
    found = read_change(before, now, text_of(EXISTING, ENTRY), MOST_CITED)
    assert wanted(found).urls == ()


@pytest.mark.parametrize(
    "entry",
    [
        ENTRY.replace("[[pdf]](", "[[pdf]] ("),
        ENTRY.replace("http://", ""),
        ENTRY.replace(URL, f"{URL}%5Cnhttps://example.org/b"),
        ENTRY.replace(URL, ""),
    ],
)
def test_broken_links_are_not_followed(entry: str) -> None:
    """They lead nowhere as written, and another code reports them."""
    assert added(entry) == ()


def test_other_schemes_are_handed_on() -> None:
    """What follows the links refuses them itself."""
    assert added(ENTRY.replace("http://", "ftp://")) == ("ftp://example.org/spatial.pdf",)


def test_a_dead_link_is_an_error() -> None:
    """It names its line, and holds the change."""
    of = report(Reached(Reach.DEAD, "it answered HTTP 404"))
    (finding,) = said(of)
    assert (finding.code, finding.severity, finding.line) == ("dead", Severity.ERROR, 5)
    assert finding.message == "Replace the dead link behind `[[pdf]]`: it answered HTTP 404."
    assert of.verdict is Verdict.FAIL
    assert of.skipped == ()


def test_a_link_that_could_not_be_verified_is_a_warning() -> None:
    """It never holds the change: nobody knows whether it is dead."""
    (finding,) = said(report(Reached(Reach.UNVERIFIED, "it answered HTTP 403")))
    assert (finding.code, finding.severity, finding.gates) == ("unreachable", Severity.WARNING, False)
    assert finding.message == "The link behind `[[pdf]]` could not be verified: it answered HTTP 403."


def test_a_link_that_leads_somewhere_is_not_reported() -> None:
    """And the report does not name reachability among what was skipped."""
    of = report(Reached(Reach.ALIVE))
    assert said(of) == []
    assert of.skipped == ()


def test_links_that_nobody_followed_are_told_to_be_skipped() -> None:
    """Sources were asked, links were not followed."""
    of = report(None)
    assert said(of) == []
    assert of.skipped == ("reachability",)


def test_the_links_of_a_whole_list_are_not_followed() -> None:
    """An audit would ask hundreds of hosts at once; it says that it has not."""
    found = read_whole(text_of(EXISTING, ENTRY), MOST_CITED)
    assert wanted(found).urls == ()
    assert evaluate(found, MOST_CITED, Evidence(), Question(TODAY)).skipped == ("reachability",)
