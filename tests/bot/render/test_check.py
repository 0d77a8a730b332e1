"""The check run shows the verdict and annotates the right lines."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.render.check import (
    FIX,
    MAX_ANNOTATIONS,
    OUTPUT_BYTES,
    RECHECK,
    TITLE_CHARACTERS,
    Button,
    CheckOutput,
    check,
    not_a_list_change,
    not_configured,
    policy_error,
)
from bot.render.doc_links import REPOSITORY
from rules.report.findings import Finding, Fix, Severity
from rules.report.report import Report, Verdict
from tests.bot.render.page import fences, links, shown
from tests.bot.render.samples import (
    AUDIENCE,
    CLEAN,
    DECISION,
    FAIL,
    JUDGED,
    LINE,
    NO_YEAR,
    OLD,
    OVER,
    SPACE,
    UNVERIFIED,
    WARNED,
    report,
)
from tests.paths import ROOT


@pytest.mark.parametrize(
    ("of", "conclusion"),
    [
        (FAIL, "failure"),
        (DECISION, "action_required"),
        (UNVERIFIED, "action_required"),
        (WARNED, "success"),
        (CLEAN, "success"),
    ],
)
def test_conclusion_follows_the_verdict(of: Report, conclusion: str) -> None:
    """A check that should hold the merge is never neutral, which GitHub lets through."""
    assert check(of, JUDGED).conclusion == conclusion


def test_titles_say_the_matter() -> None:
    """The line beside the merge button says what is the matter."""
    assert check(FAIL, JUDGED).title == "101 papers: one has to make room, and two entries to fix"
    assert check(DECISION, JUDGED).title == "Waiting for a maintainer's decision"
    assert check(UNVERIFIED, JUDGED).title == "Not checked yet: a service did not answer"
    assert check(WARNED, JUDGED).title == "Good to merge, with one small improvement possible"
    assert check(CLEAN, JUDGED).title == "All good"


def test_annotations_are_on_their_lines_with_the_correction() -> None:
    """Introduced findings that have a line are annotated, the worst first; existing problems are not."""
    placed = check(FAIL, JUDGED).annotations
    assert [(item.start_line, item.end_line, item.annotation_level) for item in placed] == [
        (71, 71, "failure"),
        (77, 77, "failure"),
        (77, 77, "warning"),
    ]
    assert {item.path for item in placed} == {"README.md"}
    assert placed[1].raw_details == LINE


def test_page_of_the_check_shows_what_the_comment_shows() -> None:
    """The summary says what to do, the text lists the causes and the lines to copy."""
    output = check(FAIL, JUDGED, AUDIENCE)
    assert "101 papers in the top sections; the limit is 100" in shown(output.summary)
    assert "Papers in the list: 238 → 239. In the top sections: 100 → 101 of at most 100." in output.summary
    assert "Papers looked up at OpenAlex, Semantic Scholar." in shown(output.summary)
    text = output.text or ""
    assert LINE + "\n" in fences(text)
    assert "No year found. format/missing-year" in shown(text)
    assert '/waive RULE "TITLE" REASON' in shown(text)
    assert "/waive" not in shown(check(FAIL, JUDGED).text or "")
    assert check(CLEAN, JUDGED).text is None


def test_long_output_keeps_githubs_limits() -> None:
    """Summary and text are bounded in bytes, titles in characters."""
    long = Finding(
        "format", "not-bold", Severity.ERROR, "ü" * 90_000, 1, 1, "ü" * 9_000, fix=Fix(1, 1, "ü" * 90_000)
    )
    many = tuple(replace(long, line=line) for line in range(1, 400))
    output = check(report(*many), JUDGED)
    assert len((output.text or "").encode()) <= OUTPUT_BYTES
    assert len(output.summary.encode()) <= OUTPUT_BYTES
    assert all(len(item.title) <= TITLE_CHARACTERS for item in output.annotations)
    assert all(len(item.message.encode()) <= 64 * 1024 for item in output.annotations)
    assert all(item.raw_details is None for item in output.annotations)


def test_different_outputs_have_different_digests() -> None:
    """Equal outputs have equal digests; another annotation changes the digest."""
    output = check(FAIL, JUDGED)
    assert output.digest == check(FAIL, JUDGED).digest
    fewer = replace(output, annotations=output.annotations[1:])
    assert len({output.digest, fewer.digest, check(CLEAN, JUDGED).digest}) == 3


@pytest.mark.parametrize(
    ("output", "conclusion", "hint"),
    [
        (not_a_list_change("docs/@me.md"), "success", "there is nothing to check"),
        (
            policy_error(["cap: expected a whole number, found <b>x</b>"]),
            "action_required",
            "expected a whole",
        ),
    ],
)
def test_checks_without_a_report_say_why(output: CheckOutput, conclusion: str, hint: str) -> None:
    """A change of other files and a policy that cannot be used each get a check."""
    assert output.conclusion == conclusion
    assert hint in shown(output.summary)
    assert links(output.summary) == []


def test_a_repository_without_a_policy_is_pointed_to_set_up() -> None:
    """The link leads to a heading that the README has."""
    output = not_configured()
    assert output.conclusion == "success"
    assert ".github/papergate.yml" in shown(output.summary)
    (link,) = links(output.summary)
    headings = [line for line in (ROOT / "README.md").read_text().split("\n") if line.startswith("#")]
    anchors = {heading.lstrip("# ").lower().replace(" ", "-") for heading in headings}
    assert link.removeprefix(f"{REPOSITORY}#") in anchors


def test_an_evaluation_has_at_most_100_annotations_worst_first() -> None:
    """The summary counts the others."""
    warnings = [replace(SPACE, line=line, end_line=line) for line in range(1, 201)]
    output = check(report(*warnings, NO_YEAR), JUDGED)
    assert len(output.annotations) == MAX_ANNOTATIONS == 100
    assert output.annotations[0].annotation_level == "failure"
    assert "and 101 more are not" in output.summary
    assert "more are not" not in check(report(*warnings[:100]), JUDGED).summary


def test_an_annotation_says_what_to_do_and_where_it_is_explained() -> None:
    """Title, message and the address of the rule's page are plain text."""
    (placed,) = check(report(NO_YEAR), JUDGED).annotations
    assert placed.title == f"format/missing-year: {NO_YEAR.title}"
    assert placed.message == (
        "No year found.\nhttps://github.com/papergate/papergate/blob/main/docs/rules.md#format-missing-year"
    )


def test_what_was_not_looked_at_is_said() -> None:
    """A check that could not ask a source does not look like one that did."""
    output = check(replace(CLEAN, skipped=("citations", "reachability")), JUDGED)
    assert "Not looked at: citations, whether links work." in output.summary


def test_policy_problems_are_bounded() -> None:
    """A policy with a problem in every line gives a check that fits."""
    output = policy_error(["x" * 10_000] * 1_000)
    assert len(output.summary.encode()) <= OUTPUT_BYTES
    assert "and 950 more" in output.summary


def test_finding_about_the_whole_file_has_no_annotation() -> None:
    """There is no line to put it on; the list says it."""
    output = check(report(OVER, OLD, verdict=Verdict.FAIL), JUDGED)
    assert output.annotations == ()
    assert "101 papers found" in shown(output.text or "")


@pytest.mark.parametrize("button", [RECHECK, FIX])
def test_buttons_keep_githubs_limits(button: Button) -> None:
    """GitHub takes 20 characters of a label, 40 of a description and 20 of an identifier."""
    assert len(button.label) <= 20
    assert len(button.description) <= 40
    assert len(button.identifier) <= 20
