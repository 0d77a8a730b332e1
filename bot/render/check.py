"""The check run: its conclusion, its page and its annotations."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal

from bot.render.advice import intro
from bot.render.comment import credit
from bot.render.digest import digest
from bot.render.doc_links import SET_UP, rule_page
from bot.render.escape import code, plain, prose, visible
from bot.render.page import Page, bounded, joined, size_of
from bot.render.sections import body
from bot.render.wording import headline, size, worst_first
from rules.report.findings import Severity
from rules.report.report import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.render.audience import Audience
    from bot.render.page import Judged
    from rules.report.findings import Finding
    from rules.report.report import Report

NAME = "papergate"
"""The name of the check, by which branch protection requires it."""

# https://docs.github.com/en/rest/checks/runs#create-a-check-run
OUTPUT_BYTES = 65_535
ANNOTATION_BYTES = 64 * 1024
TITLE_CHARACTERS = 255
MAX_ANNOTATIONS = 100
"""In one evaluation: GitHub takes 50 a request, and nobody reads more."""
MAX_PROBLEMS = 50
"""Of a policy, in one check."""

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

_SKIPPED = {"citations": "citations", "record": "the papers' records", "reachability": "whether links work"}


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


RECHECK = Button("Re-check", "Check this pull request again.", "recheck")
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
        return digest(asdict(self))


def check(report: Report, judged: Judged, audience: Audience | None = None) -> CheckOutput:
    """Return the check run about ``report``; without an audience (in a merge queue) no command is named."""
    page = Page(report, judged, audience)
    return CheckOutput(
        conclusion=_CONCLUSION[report.verdict],
        title=plain(headline(report), TITLE_CHARACTERS),
        summary=_summary(page, judged),
        text=body(page, OUTPUT_BYTES, with_preexisting=True) or None,
        annotations=annotations_of(report),
    )


def annotations_of(report: Report) -> tuple[Annotation, ...]:
    """Return the introduced findings that have a line, worst first, at most ``MAX_ANNOTATIONS``."""
    placed = [finding for finding in worst_first(report.introduced) if finding.line is not None]
    return tuple(_annotation(report.path, finding) for finding in placed[:MAX_ANNOTATIONS])


def not_configured() -> CheckOutput:
    """Return the check of a repository without a policy: nothing is checked, and nothing is held."""
    return CheckOutput(
        "success",
        "Not configured",
        "Papergate checks nothing here yet: the branch this pull request goes to has no "
        "`.github/papergate.yml`. To set it up, add that file with `preset: most-cited` as its first line; "
        f"[the set-up guide]({SET_UP}) says more.",
    )


def not_a_list_change(path: str) -> CheckOutput:
    """Return the check of a pull request that leaves the list at ``path`` alone."""
    return CheckOutput(
        "success",
        "The list is unchanged",
        f"This pull request does not change {code(path)}, so there is nothing to check.",
    )


def held(reason: str) -> CheckOutput:
    """Return the check of a pull request that cannot be checked now; ``reason`` is plain text."""
    return CheckOutput(
        "action_required",
        "Papergate cannot check this yet",
        "This is not the contributor's fault. Papergate tries again by itself, with growing waits; a "
        f"maintainer can also comment `/recheck`.\n\nThe reason: {prose(reason, 1000)}",
    )


def list_hidden(path: str, other: str) -> CheckOutput:
    """Return the check of a change that adds a file which GitHub shows in place of the list."""
    return CheckOutput(
        "action_required",
        f"This would hide {path}",
        f"Remove {code(other)} from this pull request: GitHub would show it on the repository's page in "
        f"place of {code(path)}. If that is intended, a maintainer has to name it after `list:` in "
        "`.github/papergate.yml` first.",
    )


def policy_error(problems: Sequence[str]) -> CheckOutput:
    """Return the check where the policy itself cannot be used; ``problems`` are plain sentences."""
    return CheckOutput(
        "action_required",
        "The policy needs a maintainer's attention",
        bounded(
            "A maintainer has to correct `.github/papergate.yml` on the branch this pull request goes to: it "
            "cannot be used. This is not the contributor's fault; papers are checked once it is corrected.\n",
            problems,
            lambda problem: f"- {prose(problem, 500)}",
            OUTPUT_BYTES,
            at_most=MAX_PROBLEMS,
        ),
    )


def _summary(page: Page, judged: Judged) -> str:
    report = page.report
    placed = sum(finding.line is not None for finding in report.introduced)
    more = placed - MAX_ANNOTATIONS
    commits = f"Judged {judged.commit(judged.head_sha)} against {judged.commit(judged.base_sha)}"
    left_off = f"The {MAX_ANNOTATIONS} worst findings are shown on their lines, and {more:,} more are not."
    facts = [part for part in (f"{commits}.", _sentence(credit(report)), _skipped(report)) if part]
    return joined(f"{intro(page)} {size(report)}".strip(), left_off if more > 0 else "", " ".join(facts))


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}." if words else ""


def _skipped(report: Report) -> str:
    names = [_SKIPPED.get(name, name) for name in report.skipped]
    return f"Not looked at: {', '.join(names)}." if names else ""


def _annotation(path: str, finding: Finding) -> Annotation:
    about, line = f"{finding.rule}/{finding.code}", finding.line or 1
    message = f"{plain(finding.message, 4000)}\n{rule_page(finding.rule, finding.code)}"
    return Annotation(
        path=path,
        start_line=line,
        end_line=max(line, finding.end_line or line),
        annotation_level=_LEVEL[finding.severity],
        title=plain(f"{about}: {finding.title}" if finding.title else about, TITLE_CHARACTERS),
        message=message,
        raw_details=_details(finding),
    )


def _details(finding: Finding) -> str | None:
    if finding.fix is None:
        return None
    if finding.fix.text is None:
        return "Delete it."
    # A hidden character takes up to ten times its room once it is named.
    return visible(finding.fix.text) if size_of(finding.fix.text) <= ANNOTATION_BYTES // 10 else None
