"""What happens next: who does what, and the commands that settle each matter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.render.escape import inline
from bot.render.page import TITLE_LIMIT, joined
from bot.render.removals import KEEP_ALL, too_many
from bot.render.wording import is_duplicate, is_over_limit, is_unreadable
from rules.report.findings import Severity
from rules.report.report import Verdict

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from bot.render.audience import Offer
    from bot.render.page import Page
    from rules.report.findings import Finding, Fix

_AGAIN = "Papergate looks again after every push."


def intro(page: Page) -> str:
    """Return what to do now, in a few plain sentences for the author of the pull request."""
    introduced = page.report.introduced
    match page.report.verdict:
        case Verdict.FAIL:
            errors = [finding for finding in introduced if finding.severity is Severity.ERROR]
            if any(is_unreadable(finding) for finding in errors):
                return f"Nothing was checked. {_AGAIN}"
            return _duplicate(page, errors) or _correct(page, introduced, errors)
        case Verdict.DECISION:
            return "Only a maintainer's decision is missing."
        case Verdict.UNVERIFIED:
            return (
                "A service that knows citations did not answer. There is nothing for you to do: "
                "Papergate tries again by itself and updates this."
            )
        case Verdict.PASS if any(finding.fix for finding in introduced) and page.suggests:
            return f"Nothing holds the merge. Corrections are ready to click on {page.files_changed}."
        case Verdict.PASS:
            return "Nothing holds the merge."


def one_duplicate(errors: Sequence[Finding]) -> Finding | None:
    """Return the error where the whole matter is one paper that is in the list already, else None."""
    if len(errors) != 1 or not is_duplicate(errors[0]):
        return None
    first = errors[0]
    known = first.line is not None and first.title and first.related and first.related[0].line is not None
    return first if known else None


def deciding(page: Page, waiting: Sequence[Finding]) -> str:
    """Return who can do what about findings that wait for a maintainer's decision.

    The findings themselves ask for a description, or quote the one there is.
    """
    usage = 'accept "TITLE" REASON' if len(waiting) > 1 else "accept REASON"
    if page.report.verdict is not Verdict.DECISION:
        return page.offers((usage, "accepts it"), *_attesting(waiting))
    say = "edit the description"
    if any(finding.rule == "structure" for finding in waiting):
        say = "say in the description why the list should change"
    offers = page.offers((usage, "accepts it, and the check turns green"), *_attesting(waiting), bold=True)
    close = f"{offers} Or close the pull request." if offers else ""
    return joined(f"**Author**: {say}; it is read again after each edit.", close)


def settling(page: Page) -> str:
    """Return the commands with which errors and unanswered questions can be settled; empty without any."""
    held = [
        finding
        for finding in page.report.introduced
        if finding.severity in {Severity.ERROR, Severity.UNVERIFIED}
        and not (page.report.removals and is_over_limit(finding))
    ]
    if not held or any(is_unreadable(finding) for finding in held):
        return ""
    names = list(dict.fromkeys(f"{finding.rule}/{finding.code}" for finding in held))
    title = ' "TITLE"' if len(held) > 1 and any(finding.title for finding in held) else ""
    it = "it" if len(held) == 1 else "one of these"
    if names == ["count/over-limit"]:
        waive = KEEP_ALL
    elif len(names) == 1:
        waive = (f"waive {names[0]}{title} REASON", f"lets {it} stay")
    else:
        waive = (f"waive RULE{title} REASON", f"lets {it} stay; `RULE` is the name at the end of its line")
    unanswered = [finding for finding in held if finding.severity is Severity.UNVERIFIED]
    return page.offers(*_attesting(unanswered), waive)


def moving(page: Page) -> str:
    """Return the command that moves an entry, where one is in the wrong section."""
    if any(finding.rule == "placement" for finding in page.report.introduced):
        return page.offers(('move "TITLE" "SECTION"', "moves an entry to another section"))
    return ""


def fixing(page: Page) -> str:
    """Return the command that commits the corrections, where the App may commit."""
    if page.audience is None or not page.audience.commits:
        return ""
    return page.offers(("fix", "commits all corrections"))


def _duplicate(page: Page, errors: Sequence[Finding]) -> str:
    finding = one_duplicate(errors)
    if finding is None or finding.line is None or finding.related[0].line is None:
        return ""
    title = inline(finding.title or "", TITLE_LIMIT)
    click = f" (one click on {page.files_changed})" if finding.fix and page.suggests else ""
    return (
        f"*{title}* is in the list already, at {page.line(finding.related[0].line)}. Please remove "
        f"{page.line(finding.line, finding.end_line)}{click}, or close this pull request."
    )


def _correct(page: Page, introduced: Sequence[Finding], errors: Sequence[Finding]) -> str:
    fixes = {finding.fix for finding in introduced if finding.fix}
    crowded = too_many(page.report) if any(map(is_over_limit, errors)) and page.report.removals else ""
    if crowded and len(errors) == 1:
        return crowded
    return f"{crowded} {_how(page, fixes, errors)}".strip()


def _how(page: Page, fixes: Collection[Fix], errors: Sequence[Finding]) -> str:
    if not fixes:
        return f"Please push the changes below to this branch. {_AGAIN}"
    if not page.suggests:
        return f"The corrected lines are below, ready to copy. {_AGAIN}"
    share = "It takes" if all(finding.fix for finding in errors) else "Most of it takes"
    if len(fixes) == 1:
        return f"{share} one click: on {page.files_changed}, *Commit suggestion*. {_AGAIN}"
    return (
        f"{share} one click: on {page.files_changed}, *Add suggestion to batch* on each suggestion, then "
        f"*Commit suggestions*. {_AGAIN}"
    )


def _attesting(findings: Sequence[Finding]) -> list[Offer]:
    if any(finding.rule == "citations" for finding in findings):
        return [('attest "TITLE" COUNT URL', "states a citation count and where it can be seen")]
    return []
