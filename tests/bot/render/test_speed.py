"""Rendering takes time in proportion to the findings, and its output is bounded."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.render import render
from bot.render.check import OUTPUT_BYTES, check
from bot.render.comment import BUDGET, comment
from bot.render.suggestion import suggestions
from rules.editing.edits import correct_all
from rules.report.findings import Finding, Fix, Severity
from rules.report.report import Report
from tests.bot.render.samples import AUDIENCE, DUPLICATE, JUDGED, OVER, removal, report

GENEROUS = 2.0
"""Seconds for 3,000 findings on a busy machine; a tenth of it is usual."""


def many(number: int) -> Report:
    """Return a report with two findings on each of ``number`` lines, each with another correction."""
    findings: list[Finding] = [OVER]
    for line in range(1, number + 1):
        title = f"Paper {line}"
        fix = Fix(line, line, f"- {title}")
        findings.append(
            Finding(
                "format", "missing-year", Severity.ERROR, f"No year in {line}.", line, line, title, fix=fix
            )
        )
        findings.append(replace(DUPLICATE, line=line, end_line=line, title=title, fix=None))
        findings.append(replace(DUPLICATE, line=line, end_line=line, title=title, introduced=False))
    return report(*findings, removals=tuple(removal(f"P {place}") for place in range(number)))


WORK: dict[str, Callable[[Report], object]] = {
    "check": lambda of: check(of, JUDGED, AUDIENCE),
    "comment": lambda of: comment(of, JUDGED, AUDIENCE),
    "suggestions": lambda of: suggestions(of, [""] * len(of.findings)),
    "corrections": correct_all,
    "text": lambda of: render(of, "text"),
    "github": lambda of: render(of, "github"),
}


def seconds(work: Callable[[Report], object], of: Report) -> float:
    """Return how long the work takes, in seconds of the processor, the best of five times."""
    taken = []
    for _ in range(5):
        started = time.process_time()
        work(of)
        taken.append(time.process_time() - started)
    return min(taken)


@pytest.mark.parametrize("name", WORK)
def test_four_times_the_findings_take_at_most_five_times_as_long(name: str) -> None:
    """No step looks through all findings for each of them."""
    work = WORK[name]
    small, large = seconds(work, many(1_000)), seconds(work, many(4_000))
    assert large <= 5 * small + 0.03
    assert seconds(work, many(3_000)) < GENEROUS


def test_output_of_many_findings_is_bounded() -> None:
    """Check and comment stay within what GitHub takes."""
    output = check(many(3_000), JUDGED, AUDIENCE)
    assert len(output.annotations) == 100
    assert len((output.text or "").encode()) <= OUTPUT_BYTES
    assert len(output.summary.encode()) <= OUTPUT_BYTES
    assert len(comment(many(3_000), JUDGED, AUDIENCE).body.encode()) <= BUDGET
