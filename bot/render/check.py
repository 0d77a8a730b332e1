"""The check run: its conclusion, its page and its annotations."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal

from bot.render.comment import credit
from bot.render.escape import inline, plain, visible
from bot.render.page import Page, size_of
from bot.render.sections import body
from bot.render.wording import headline, next_step, size, tally, worst_first
from rules.report.findings import Severity
from rules.report.report import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.render.page import Judged
    from rules.report.findings import Finding
    from rules.report.report import Report

NAME = "papergate"
"""The name of the check, by which branch protection requires it."""

# https://docs.github.com/en/rest/checks/runs#create-a-check-run
OUTPUT_BYTES = 65_535
ANNOTATION_BYTES = 64 * 1024
TITLE_CHARACTERS = 255

Conclusion = Literal["success", "failure", "action_required"]
Level = Literal["notice", "warning", "failure"]

# Never ``neutral``: GitHub lets it through where the check is required.
_CONCLUSION: dict[Verdict, Conclusion] = {
    Verdict.FAIL: "failure",
    Verdict.DECISION: "action_required",
    Verdict.UNVERIFIED: "action_required",
    Verdict.PASS: "success",
}
_LEVEL: dict[Severity, Level] = {
    Severity.ERROR: "failure",
    Severity.DECISION: "warning",
    Severity.UNVERIFIED: "notice",
    Severity.WARNING: "warning",
}


@dataclass(frozen=True, slots=True)
class Annotation:
    """A remark on lines of a file at head; ``raw_details`` is the corrected text."""

    path: str
    start_line: int
    end_line: int
    annotation_level: Level
    title: str
    message: str
    raw_details: str | None = None


@dataclass(frozen=True, slots=True)
class Button:
    """A button of a check run; GitHub takes labels and identifiers of 20, descriptions of 40 characters."""

    label: str
    description: str
    identifier: str


RECHECK = Button("Re-check", "Evaluate this pull request once more.", "recheck")
FIX = Button("Apply fixes", "Commit the corrected lines.", "fix")


@dataclass(frozen=True, slots=True)
class CheckOutput:
    """All that a finished check run shows. ``summary`` and ``text`` are Markdown."""

    conclusion: Conclusion
    title: str
    summary: str
    text: str | None = None
    annotations: tuple[Annotation, ...] = ()
    actions: tuple[Button, ...] = ()

    @property
    def digest(self) -> str:
        """A fingerprint: equal outputs have equal ones."""
        return hashlib.sha256(json.dumps(asdict(self)).encode()).hexdigest()[:32]


def check(report: Report, judged: Judged) -> CheckOutput:
    """Return the check run about ``report``."""
    said = f"{next_step(report)} {size(report)}".strip()
    commits = f"Judged {judged.commit(judged.head_sha)} against {judged.commit(judged.base_sha)}."
    return CheckOutput(
        conclusion=_CONCLUSION[report.verdict],
        title=_title(report),
        summary=f"{said}\n\n{commits} {credit(report)}".strip(),
        text=body(Page(report, judged), OUTPUT_BYTES, with_preexisting=True) or None,
        annotations=annotations_of(report),
    )


def annotations_of(report: Report) -> tuple[Annotation, ...]:
    """Return the introduced findings that have a line, worst first."""
    return tuple(
        _annotation(report.path, finding, finding.line)
        for finding in worst_first(report.introduced)
        if finding.line is not None
    )


def not_configured() -> CheckOutput:
    """Return the check of a repository without a policy: it judges nothing and holds nothing."""
    return CheckOutput(
        "success",
        "Not configured",
        "This repository has no `.github/papergate.yml` on the branch this pull request goes to, so nothing "
        "was judged. To set Papergate up, add that file with `preset: most-cited` as its first line.",
    )


def not_a_list_change(path: str) -> CheckOutput:
    """Return the check of a pull request that leaves the list at ``path`` alone."""
    return CheckOutput(
        "success",
        "The list is unchanged",
        f"This pull request does not change {inline(path)}: nothing to judge.",
    )


def policy_error(problems: Sequence[str]) -> CheckOutput:
    """Return the check where the policy itself cannot be used; ``problems`` are plain sentences."""
    listed = "\n".join(f"- {inline(problem, 500)}" for problem in problems[:50])
    more = f"\n- and {len(problems) - 50} more" if len(problems) > 50 else ""
    return CheckOutput(
        "action_required",
        "The policy needs a maintainer's attention",
        "`.github/papergate.yml` on the branch this pull request goes to cannot be used. "
        f"This is not the contributor's fault.\n\n{listed}{more}",
    )


def _title(report: Report) -> str:
    numbers = tally(report)
    if not numbers or report.verdict is Verdict.PASS:
        return headline(report)
    return f"{headline(report)} ({numbers})"


def _annotation(path: str, finding: Finding, line: int) -> Annotation:
    about = f"{finding.rule}/{finding.code}"
    return Annotation(
        path=path,
        start_line=line,
        end_line=max(line, finding.end_line or line),
        annotation_level=_LEVEL[finding.severity],
        title=plain(f"{about}: {finding.title}" if finding.title else about, TITLE_CHARACTERS),
        message=plain(finding.message, 4000),
        raw_details=_details(finding),
    )


def _details(finding: Finding) -> str | None:
    if finding.fix is None:
        return None
    if finding.fix.text is None:
        return "Delete it."
    # A hidden character takes up to ten times its room once it is named.
    return visible(finding.fix.text) if size_of(finding.fix.text) <= ANNOTATION_BYTES // 10 else None
