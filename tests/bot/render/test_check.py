"""The check run says the verdict and puts remarks on the right lines."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.render.check import (
    FIX,
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
from rules.report.findings import Finding, Fix, Severity
from rules.report.report import Report, Verdict
from tests.bot.render.page import fences, links, shown
from tests.bot.render.samples import (
    CLEAN,
    DECISION,
    FAIL,
    JUDGED,
    LINE,
    OLD,
    OVER,
    UNVERIFIED,
    WARNED,
    report,
)


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
    """What should hold the merge never ends as neutral."""
    assert check(of, JUDGED).conclusion == conclusion


def test_titles_say_the_verdict_in_numbers() -> None:
    """The line beside the merge button tells what is the matter."""
    assert check(FAIL, JUDGED).title == "3 things to fix before this can be merged (3 errors, 1 warning)"
    assert check(DECISION, JUDGED).title == "A maintainer needs to decide (1 decision)"
    assert check(UNVERIFIED, JUDGED).title == "Not verified yet: a source did not answer (1 not verified)"
    assert check(WARNED, JUDGED).title == "Good to merge, with 1 warning to look at"
    assert check(CLEAN, JUDGED).title == "All good"


def test_annotations_stand_on_their_lines_with_the_correction() -> None:
    """Introduced findings with a line are remarks there, worst first; old and file-wide ones are none."""
    placed = check(FAIL, JUDGED).annotations
    assert [(item.start_line, item.end_line, item.annotation_level) for item in placed] == [
        (71, 71, "failure"),
        (77, 77, "failure"),
        (77, 77, "warning"),
    ]
    assert {item.path for item in placed} == {"README.md"}
    assert placed[1].raw_details == LINE


def test_text_holds_the_table_and_the_lines_to_paste() -> None:
    """The page of the check shows what the comment shows."""
    text = check(FAIL, JUDGED).text or ""
    assert LINE + "\n" in fences(text)
    assert "101 papers found" in shown(text)
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


def test_digest_tells_outputs_apart() -> None:
    """Equal outputs have equal digests; a changed remark changes it."""
    output = check(FAIL, JUDGED)
    assert output.digest == check(FAIL, JUDGED).digest
    fewer = replace(output, annotations=output.annotations[1:])
    assert len({output.digest, fewer.digest, check(CLEAN, JUDGED).digest}) == 3


@pytest.mark.parametrize(
    ("output", "conclusion", "hint"),
    [
        (not_configured(), "success", ".github/papergate.yml"),
        (not_a_list_change("docs/@me.md"), "success", "nothing to judge"),
        (
            policy_error(["cap: expected a whole number, found <b>x</b>"]),
            "action_required",
            "expected a whole",
        ),
    ],
)
def test_checks_without_a_report_say_why(output: CheckOutput, conclusion: str, hint: str) -> None:
    """A repository without policy, another change and a broken policy each get a check."""
    assert output.conclusion == conclusion
    assert hint in shown(output.summary)
    assert links(output.summary) == []


def test_policy_problems_are_bounded() -> None:
    """A policy wrong in every line still gives a check that fits."""
    output = policy_error(["x" * 10_000] * 1_000)
    assert len(output.summary.encode()) <= OUTPUT_BYTES
    assert "and 950 more" in output.summary


def test_finding_about_the_whole_file_has_no_annotation() -> None:
    """There is no line to put it on; the table says it."""
    output = check(report(OVER, OLD, verdict=Verdict.FAIL), JUDGED)
    assert output.annotations == ()
    assert "101 papers found" in shown(output.text or "")


@pytest.mark.parametrize("button", [RECHECK, FIX])
def test_a_button_is_as_short_as_github_wants(button: Button) -> None:
    """20 characters of label, 40 of description, 20 of identifier."""
    assert len(button.label) <= 20
    assert len(button.description) <= 40
    assert len(button.identifier) <= 20
