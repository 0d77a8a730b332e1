"""The rule ``structure``: the list's sections, its table of contents and its criteria stay as they are."""

from __future__ import annotations

from collections.abc import Iterator

from rules.context import RuleContext
from rules.report.findings import Finding, Severity

RULE = "structure"


def check(context: RuleContext) -> Iterator[Finding]:
    """Yield what the change does to sections, to the anchors of the contents, and to the criteria.

    The guide: "Note that you are *not* allowed to add or modify the sections."

    Bad: section-added
        Before:
        ### Image / Video / Etc
        After:
        ### Image / Video / Etc
        ### Image generation
    Bad: section-removed
        Before:
        ### Image / Video / Etc
        ### Speech / Other Domain
        After:
        ### Image / Video / Etc
    Bad: section-renamed
        Before:
        ### Image / Video / Etc
        After:
        ### Image/video, etc.
    Bad: toc-anchor-broken
        Before:
        * [Image / Video / Etc](#image--video--etc)
        ### Image / Video / Etc
        ### Speech / Other Domain
        After:
        * [Image / Video / Etc](#image--video--etc)
        ### Image / Video
        ### Speech / Other Domain
    Bad: criteria-changed
        Before:
        ## Awesome list criteria
        - **2016** : +60 citations
        ### Image / Video / Etc
        After:
        ## Awesome list criteria
        - **2016** : +6 citations
        ### Image / Video / Etc
    Bad: merge-conflict
        Before:
        ### Image / Video / Etc
        After:
        ### Image / Video / Etc
        <<<<<<< HEAD
    Good:
        Before:
        * [Image / Video / Etc](#image--video--etc)
        ### Image / Video / Etc
        After:
        * [Images, videos](#image--video--etc)
        ### Image / Video / Etc
    """
    if not context.list_change.whole:
        yield from _sections(context)
        yield from _criteria(context)
    yield from _anchors(context)
    yield from _conflicts(context)


def unreadable(reason: str) -> Finding:
    """Return the finding that says why a list cannot be judged at all."""
    return Finding(RULE, "unreadable", Severity.ERROR, f"The list cannot be judged: {reason}")


def _sections(context: RuleContext) -> Iterator[Finding]:
    change = context.list_change.diff
    if not context.list_change.merge_base.sections:
        return  # the first version of a list
    for section in change.sections_added:
        yield Finding(
            RULE, "section-added", Severity.ERROR,
            f'Unexpected new section "{section.name}", expected the sections to stay as they are',
            line=section.line, end_line=section.line, title=section.name,
        )  # fmt: skip
    for section in change.sections_removed:
        yield Finding(
            RULE, "section-removed", Severity.ERROR,
            f'Section "{section.name}" is gone, expected the sections to stay as they are',
            title=section.name,
        )  # fmt: skip
    for rename in change.renamed:
        same = rename.before.key == rename.after.key
        yield Finding(
            RULE, "section-renamed", Severity.WARNING if same else Severity.ERROR,
            f'Section "{rename.before.name}" is now called "{rename.after.name}",'
            " expected the sections to stay as they are",
            line=rename.after.line, end_line=rename.after.line, title=rename.after.name,
        )  # fmt: skip


def _anchors(context: RuleContext) -> Iterator[Finding]:
    list_change = context.list_change
    broken_before = {
        (link.text, link.anchor)
        for link in list_change.merge_base.anchor_links
        if link.anchor not in list_change.merge_base.anchors
    }
    for link in list_change.head.anchor_links:
        if link.anchor in list_change.head.anchors:
            continue
        yield Finding(
            RULE, "toc-anchor-broken", Severity.WARNING,
            f'The link "{link.text}" leads to #{link.anchor}, and no heading has that anchor',
            line=link.line, end_line=link.line,
            introduced=list_change.whole or (link.text, link.anchor) not in broken_before,
        )  # fmt: skip


def _conflicts(context: RuleContext) -> Iterator[Finding]:
    for number, line in enumerate(context.list_change.head.lines, 1):
        if line.startswith(("<<<<<<< ", ">>>>>>> ")):
            yield Finding(
                RULE, "merge-conflict", Severity.ERROR, "Unexpected mark of a merge conflict",
                line=number, end_line=number,
                introduced=context.list_change.whole or line not in context.list_change.merge_base.lines,
            )  # fmt: skip


def _criteria(context: RuleContext) -> Iterator[Finding]:
    before = {criterion.text for criterion in context.list_change.merge_base.criteria}
    after = {criterion.text for criterion in context.list_change.head.criteria}
    if before == after or not before:
        return
    line = next((item.line for item in context.list_change.head.criteria if item.text not in before), None)
    yield Finding(
        RULE, "criteria-changed", Severity.DECISION,
        "The list's criteria change: a maintainer has to decide", line=line, end_line=line,
    )  # fmt: skip
