"""Slips that real people make: what is reported of each, and the corrected line where one can be made."""

from __future__ import annotations

from datetime import date

import pytest

from rules.context import Question
from rules.evaluate import Unreadable, evaluate, read_change
from rules.policy.presets import MOST_CITED
from rules.report.report import Report

TODAY = date(2026, 11, 24)
BASE = "# A list\n\n### Speech / Other Domain\n\n### Book / ListChange / Review\n"
U = "[[pdf]](https://arxiv.org/pdf/1706.03762)"
RIGHT = f"- A title of its own (2017), A. Vaswani et al. {U}"


def report_on(line: str, base: str = BASE) -> Report:
    found = read_change(base, base, base + line + "\n", MOST_CITED)
    assert not isinstance(found, Unreadable)
    return evaluate(found, MOST_CITED, None, Question(TODAY))


def said(report: Report) -> set[str]:
    return {f"{item.rule}/{item.code}" for item in report.introduced if item.rule in {"format", "link"}}


def corrected(report: Report) -> str | None:
    return next((item.fix.text for item in report.introduced if item.fix), None)


MENDED = [
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
    f"- A title of its own (2017), Vaswani, A. et al. {U}",
    f"- A title of its own(2017),A. Vaswani et al. {U}",
    f"-A title of its own (2017), A. Vaswani et al. {U}",
    f"\u2022 A title of its own (2017), A. Vaswani et al. {U}",
    f"- A title of its own ((2017)), A. Vaswani et al. {U}",
    f"- A title of its own (2017)), A. Vaswani et al. {U}",
    f"- A title of its own (2017)\uff0c A. Vaswani et al. {U}",
    f"- A. Vaswani et al., A title of its own (2017) {U}",
    f"- A. Vaswani et al. (2017). A title of its own {U}",
    "- [A title of its own (2017), A. Vaswani et al.](https://arxiv.org/pdf/1706.03762)",
    "- A title of its own (2017), A. Vaswani et al. [[pdf]]"
    "(https://arxiv.org/pdf/1706.03762https://arxiv.org/pdf/1706.03762)",
]  # fmt: skip

# Nobody can tell from the entry alone how it should read.
NOT_MENDED = [
    f"- A title of its own (NIPS 2017), A. Vaswani et al. {U}",
    f"- A title of its own (2017, NIPS), A. Vaswani et al. {U}",
    f"- A title of its own (2017.02), A. Vaswani et al. {U}",
    f"- A title of its own (2017), by A. Vaswani et al. {U}",
    f"- A title of its own (2017), A. Vaswani *et al.* {U}",
    f"- **A title of its own (2017), A. Vaswani et al. {U}**",
    "- [[pdf]](https://arxiv.org/pdf/1706.03762) A title of its own (2017), A. Vaswani et al.",
    "- A title of its own (2017), A. Vaswani et al. [[pdf]](https:// arxiv.org/pdf/1706.03762)",
]  # fmt: skip


@pytest.mark.parametrize("written", MENDED)
def test_a_slip_is_reported_and_mended(written: str) -> None:
    """The corrected line says the same in the list's form, and leaves nothing to report."""
    report = report_on(written)
    assert [item.title for item in report.changes.added] == ["A title of its own"]
    assert said(report) != set()
    assert corrected(report) == RIGHT
    assert said(report_on(RIGHT)) == set()


@pytest.mark.parametrize("written", NOT_MENDED)
def test_no_correction_is_guessed(written: str) -> None:
    """The paper is known by its title all the same, and no line is offered."""
    report = report_on(written)
    assert [item.title for item in report.changes.added] == ["A title of its own"]
    assert corrected(report) is None


@pytest.mark.parametrize(
    "written",
    [line for line in MENDED + NOT_MENDED if "NIPS" in line or line.startswith(("- (2017)", "- A. V"))],
)
def test_a_year_out_of_its_form_or_place_holds_the_merge(written: str) -> None:
    """It is an error, whether a correction is offered or not."""
    assert any(item.severity == "error" for item in report_on(written).introduced)


@pytest.mark.parametrize(
    ("title", "rest"),
    [
        ("Semi-supervised learning, GANs, and VAEs", ", A. Vaswani et al."),
        ("PixelNet: of the pixels, by the pixels, and for the pixels", ", A. Bansal et al."),
        ("Accurate, Large Minibatch SGD", ", P. Goyal et al. (2017)"),
        ("The ILSVRC", " (2014) challenge, M. Ribeiro et al."),
        ("Deep learning: A Review", ", Y. Li et al. (2017)"),
        ("Opinion: I Think", ", Y. Li (2017)"),
        ("A critique: Bee et al. on learning", ", C. Dee (2017)"),
        ("Fast R-CNN", ", R. Girshick, 2015"),
        ("Adam: A method", ", D. Kingma and J. Ba, NIPS 2014"),
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
        "- A title (2017), A. Bee et al. [[pdf]](http://example.org/attention-need.pdf) attention need",
        f"- A title (2017), Learning to walk, A. Bee and C. Dee {U}",
        f"- A title (2017) - Ashish Vaswani and Noam Shazeer {U}",
        f"- [2017] A title, A. Vaswani et al. {U}",
        f"- A title (20117), A. Vaswani et al. {U}",
        f"- A title (CVPR'17), A. Vaswani et al. {U}",
        f"- A title (in press), A. Vaswani et al. {U}",
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
def test_urls_that_lead_nowhere_are_reported(url: str, code: str) -> None:
    """A URL without scheme, host or sense is no link, however good its brackets are."""
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


@pytest.mark.parametrize(
    "prose",
    [
        "**Note**: papers here are new (2017)",
        "These are chosen by J. Foo, see [the list](http://example.org).",
        "-- by A. Bee",
        f"{RIGHT}\n  See also D. Eee [follow-up](http://example.org/f)",
        f"{RIGHT}\n  **1000 citations** (2017)",
    ],
)
def test_prose_is_no_entry(prose: str) -> None:
    """A line without a marker is not an entry for a name, a year or bold text alone."""
    added = [item.title for item in report_on(prose).changes.added]
    assert added == ["A title of its own"] * prose.startswith(RIGHT)


def test_names_without_marker_and_link_without_its_place_are_an_entry() -> None:
    """A line that names somebody before a label is meant to be read as an entry."""
    line = "Pointer networks, O. Vinyals et al. [[pdf]] (https://arxiv.org/pdf/1506.03134)"
    assert said(report_on(line)) == {"link/space-between", "format/missing-year", "format/marker"}


@pytest.mark.parametrize(
    "written",
    [
        "- Pointer networks (2015), O. Vinyals et al.",
        f"- Pointer networks (2015) {U}",
        f"- Pointer networks, O. Vinyals et al. {U}",
    ],
)
def test_nested_entry_that_lacks_a_part_is_an_entry(written: str) -> None:
    """Indenting an entry takes it out of no rule, even where it lacks its link, year or authors."""
    report = report_on(f"{RIGHT}\n  {written}")
    assert "Pointer networks" in [item.title for item in report.changes.added]
    assert any(item.severity == "error" for item in report.introduced)


def test_year_in_a_url_is_not_glued_to_the_title() -> None:
    """The URL of a real entry holds "%20(2009).pdf"."""
    line = "- A title of its own (2009), Y. Bengio [[pdf]](http://example.org/AI%20(2009).pdf)"
    assert said(report_on(line)) == set()


def test_full_first_name_beside_an_initial_is_a_name() -> None:
    """Behind a bold title stand names, the year wherever it is."""
    report = report_on(f"- **A title of its own**, A. Bee and Noam Shazeer (2017) {U}")
    assert corrected(report) == f"- A title of its own (2017), A. Bee and N. Shazeer {U}"


@pytest.mark.parametrize("tail", ["([pdf](http://example.org/a.pdf))", f"`{U}`"])
def test_signs_around_a_link_are_no_fault_of_et_al(tail: str) -> None:
    """Signs around the link are reported of the link alone."""
    assert "format/et-al" not in said(report_on(f"- A title (2017), A. Vaswani et al. {tail}"))


def test_prose_with_a_year_and_a_link_is_no_section() -> None:
    """Only papers make a section of a heading that is none."""
    base = BASE.replace(
        "### Speech", "## Background\n- See my list (2016) [[link]](http://example.org)\n\n### Speech"
    )
    report = report_on(RIGHT, base.replace("2016", "2015"))
    assert [item.rule for item in report.introduced] == []


def test_marks_of_a_merge_conflict_are_reported() -> None:
    """Both of them are errors."""
    report = report_on(f"<<<<<<< HEAD\n{RIGHT}\n=======\n>>>>>>> branch")
    codes = [item.code for item in report.introduced if item.rule == "structure"]
    assert codes == ["merge-conflict", "merge-conflict"]
