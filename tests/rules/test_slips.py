"""Slips that real people make: what is said of each, and the corrected line, if one can be given."""

from __future__ import annotations

from datetime import date

import pytest

from rules.judge import Unreadable, judge, survey
from rules.presets import MOST_CITED
from rules.report import Report

TODAY = date(2026, 11, 24)
BASE = "# A list\n\n### Speech / Other Domain\n\n### Book / Survey / Review\n"
U = "[[pdf]](https://arxiv.org/pdf/1706.03762)"
RIGHT = f"- A title of its own (2017), A. Vaswani et al. {U}"


def report_on(line: str, base: str = BASE) -> Report:
    found = survey(base, base, base + line + "\n", MOST_CITED)
    assert not isinstance(found, Unreadable)
    return judge(found, MOST_CITED, None, "", TODAY)


def said(report: Report) -> set[str]:
    return {f"{item.rule}/{item.code}" for item in report.introduced if item.rule in {"format", "link"}}


def corrected(report: Report) -> str | None:
    return next((item.fix.text for item in report.introduced if item.fix), None)


@pytest.mark.parametrize(
    "written",
    [
        f"- A title of its own (NIPS 2017), A. Vaswani et al. {U}",
        f"- A title of its own (2017, NIPS), A. Vaswani et al. {U}",
        f"- A title of its own (2017.02), A. Vaswani et al. {U}",
        f"- A title of its own ('17), A. Vaswani et al. {U}",
        f"- A title of its own \uff082017\uff09, A. Vaswani et al. {U}",
        f"- A title of its own 2017, A. Vaswani et al. {U}",
        f"- A title of its own **(2017)**, A. Vaswani et al. {U}",
        f"- A title of its own (**2017**), A. Vaswani et al. {U}",
        f"- A title of its own, A. Vaswani et al. 2017 {U}",
        f"- A title of its own, A. Vaswani et al., 2017 {U}",
        f"- A title of its own, A. Vaswani (2017) et al. {U}",
        f"- A title of its own A. Vaswani et al. (2017) {U}",
        f"- A title of its own - A. Vaswani et al. (2017) {U}",
        f"- A title of its own by A. Vaswani et al. (2017) {U}",
        f"- (2017) A title of its own, A. Vaswani et al. {U}",
        f"- A. Vaswani et al. (2017), A title of its own {U}",
        f"- A title of its own (2017): A. Vaswani et al. {U}",
        f"- A title of its own (2017), by A. Vaswani et al. {U}",
        f"- A title of its own (2017), Vaswani, A. et al. {U}",
        f"- A title of its own (2017), A. Vaswani *et al.* {U}",
        f"- A title of its own(2017),A. Vaswani et al. {U}",
        f"-A title of its own (2017), A. Vaswani et al. {U}",
        f"\u2022 A title of its own (2017), A. Vaswani et al. {U}",
        f"- **A title of its own (2017), A. Vaswani et al. {U}**",
        "- [[pdf]](https://arxiv.org/pdf/1706.03762) A title of its own (2017), A. Vaswani et al.",
        "- A title of its own (2017), A. Vaswani et al. [[pdf]](https:// arxiv.org/pdf/1706.03762)",
    ],
)  # fmt: skip
def test_is_told_or_harmless_and_mended(written: str) -> None:
    """Whatever is said of it, the corrected line is the one that says the same in the list's form."""
    report = report_on(written)
    assert [item.title for item in report.changes.added] == ["A title of its own"]
    assert corrected(report) in {RIGHT, None}
    if written.startswith(("- (2017)", "- A. Vaswani")) or "et al. 2017" in written or "NIPS" in written:
        assert any(item.severity == "error" for item in report.introduced)


@pytest.mark.parametrize(
    ("title", "rest"),
    [
        ("Semi-supervised learning, GANs, and VAEs", ", A. Vaswani et al."),
        ("PixelNet: of the pixels, by the pixels, and for the pixels", ", A. Bansal et al."),
        ("Accurate, Large Minibatch SGD", ", P. Goyal et al. (2017)"),
        ("The ILSVRC", " (2014) challenge, M. Ribeiro et al."),
    ],
)
def test_titles_with_commas_keep_their_words(title: str, rest: str) -> None:
    """Names are what can be nothing else; the rest is title."""
    assert [item.title for item in report_on(f"- {title}{rest} {U}").changes.added] == [title]


@pytest.mark.parametrize(
    "written",
    [
        f"- A title, A. B (2017) {U} - Another title (2017), C. Dee [[pdf]](http://example.org/q.pdf)",
        "- A title (2017), A. Vaswani et al., [[pdf]][1]",
        f"- A title (2017), A. Vaswani et al. NIPS, {U}",
        f"- A title (2017), A. Vaswani et al., <!-- cited 300 times --> {U}",
        f"- A title (2017), A. Vaswani et al., :sparkle: {U}",
    ],
)
def test_no_correction_loses_what_was_said(written: str) -> None:
    """Where the corrected line would lack something of the entry, none is offered."""
    assert corrected(report_on(written)) is None


@pytest.mark.parametrize(
    "name", ["Ç. Gülçehre", "Ł. Kaiser", "A. Van Den Oord", "A. Gomez Colmenarejo", "J.-B. Alayrac"]
)
def test_names_of_all_kinds_are_right(name: str) -> None:
    """Letters beyond ASCII, particles and double surnames are names as the list writes them."""
    assert said(report_on(f"- A title of its own (2017), {name} et al. {U}")) == set()


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("url", "link/empty-url"),
        ("#", "link/empty-url"),
        ("http:/example.org/a.pdf", "link/broken-markup"),
        ("http//example.org/a.pdf", "link/broken-markup"),
        ("htp://example.org/a.pdf", "link/broken-markup"),
        ("http://http://example.org/a.pdf", "link/broken-markup"),
        ("file:///a.pdf", "link/broken-markup"),
        ("example.org/a.pdf", "link/no-scheme"),
    ],
)
def test_urls_that_lead_nowhere_are_told(url: str, code: str) -> None:
    """A URL without scheme, host or sense is no link, however well its brackets stand."""
    assert said(report_on(f"- A title of its own (2017), A. Vaswani et al. [[pdf]]({url})")) == {code}


def test_parentheses_in_urls_may_nest() -> None:
    """As CommonMark reads them."""
    assert (
        said(
            report_on(
                "- A title of its own (2017), A. Vaswani et al. [[pdf]](http://example.org/a(b(c)).pdf)"
            )
        )
        == set()
    )


def test_remarks_below_an_entry_are_no_papers() -> None:
    """A nested count or link belongs to the entry above it."""
    report = report_on(RIGHT + "\n    - 500 citations\n    - [code](http://example.org/code)")
    assert [item.title for item in report.changes.added] == ["A title of its own"]


def test_prose_with_a_year_and_a_link_is_no_section() -> None:
    """Only papers make a section of a heading that is none."""
    base = BASE.replace(
        "### Speech", "## Background\n- See my list (2016) [[link]](http://example.org)\n\n### Speech"
    )
    report = report_on(RIGHT, base.replace("2016", "2015"))
    assert [item.rule for item in report.introduced] == []


def test_marks_of_a_merge_conflict_are_told() -> None:
    """They are never meant."""
    report = report_on(f"<<<<<<< HEAD\n{RIGHT}\n=======\n>>>>>>> branch")
    codes = [item.code for item in report.introduced if item.rule == "structure"]
    assert codes == ["merge-conflict", "merge-conflict"]
