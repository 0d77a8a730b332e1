"""The rule ``structure``: the list's sections, its table of contents and its criteria stay as they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from rules.changes.compare import Rename
from rules.context import ListChange, RuleContext
from rules.report.findings import Finding, Related, Severity
from rules.rule import Code, Rule


def check(context: RuleContext) -> Iterator[Finding]:
    """Yield what the change does to sections, to the anchors of the contents, and to the criteria.

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
        ### Speech / Other Domain
        After:
        ### Images / Videos / Etc
        ### Speech / Other Domain
    Bad: section-renamed as warning
        Before:
        ### Image / Video / Etc
        After:
        ### Image / video / etc.
    Bad: section-repeated
        Before:
        ### Image / Video / Etc
        After:
        ### Image / Video / Etc
        ### Image / Video / Etc
    Bad: toc-anchor-broken
        Before:
        * [Image / Video / Etc](#image--video--etc)
        ### Image / Video / Etc
        ### Speech / Other Domain
        After:
        * [Image / Video / Etc](#image-video-etc)
        ### Image / Video / Etc
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
        yield from _sections(context.list_change)
        yield from _criteria(context.list_change)
    yield from _repeated(context.list_change)
    yield from _anchors(context.list_change)
    yield from _conflicts(context.list_change)


RULE = Rule(
    name="structure",
    summary="The list's sections, its table of contents and its criteria stay as they are.",
    why='The guide of the reference list says: "Note that you are *not* allowed to add or modify the'
    ' sections." The table of contents links to the headings, and the criteria decide about every paper.',
    how="Put headings and criteria back as they were. A maintainer who wants the change waives the finding.",
    codes=(
        Code("section-added", Severity.ERROR, "The change adds a section."),
        Code("section-removed", Severity.ERROR, "The change removes a section."),
        Code(
            "section-renamed", Severity.ERROR, "The change renames a section.",
            Severity.WARNING, "when only case or punctuation of the heading changes",
        ),
        Code("section-repeated", Severity.ERROR, "The heading of a section is in the list twice."),
        Code("toc-anchor-broken", Severity.WARNING, "The contents link to a heading that is not there."),
        Code("criteria-changed", Severity.DECISION, "The change alters the list's criteria."),
        Code("merge-conflict", Severity.ERROR, "The marks of a merge conflict are in the file."),
        Code("unreadable", Severity.ERROR, "The list cannot be read, so nothing in it was checked."),
    ),
    check=check,
)  # fmt: skip


def unreadable(reason: str) -> Finding:
    """Return the finding that says why a list cannot be checked at all; ``reason`` is a clause."""
    return RULE.finding("unreadable", f"The list cannot be checked: {reason}.")


def _sections(list_change: ListChange) -> Iterator[Finding]:
    change = list_change.diff
    if not list_change.merge_base.sections:
        return  # the first version of a list
    for section in change.sections_added:
        message = f'Remove the heading "{section.name}": only maintainers add sections.'
        yield RULE.finding("section-added", message, line=section.line, title=section.name)
    for section in change.sections_removed:
        message = f'Put the section "{section.name}" back: only maintainers remove sections.'
        yield RULE.finding("section-removed", message, title=section.name)
    for rename in change.renamed:
        same = rename.before.key == rename.after.key
        yield RULE.finding(
            "section-renamed",
            f"Put the heading back to `{_heading(rename, list_change)}`: only maintainers rename sections.",
            line=rename.after.line,
            title=rename.after.name,
            severity=Severity.WARNING if same else None,
        )


def _heading(rename: Rename, list_change: ListChange) -> str:
    """Return the line of a heading as it was, or its name where it was underlined."""
    line = list_change.merge_base.lines[rename.before.line - 1].strip()
    return line if line.startswith("#") else rename.before.name


def _repeated(list_change: ListChange) -> Iterator[Finding]:
    """Yield each heading of a section that the list has further up already."""
    before = Counter(section.key for section in list_change.merge_base.sections)
    first: dict[str, int] = {}
    for section in list_change.head.sections:
        earlier = first.setdefault(section.key, section.line)
        is_new = not list_change.whole and not before[section.key]  # then section-added reports it
        if earlier == section.line or is_new:
            continue
        yield RULE.finding(
            "section-repeated",
            f'Remove this heading: the section "{section.name}" is in line {earlier} already.',
            line=section.line,
            title=section.name,
            introduced=list_change.whole or before[section.key] < 2,
            related=(Related(line=earlier),),
        )


def _anchors(list_change: ListChange) -> Iterator[Finding]:
    before = list_change.merge_base
    broken_before = {
        (link.text, link.anchor) for link in before.anchor_links if link.anchor not in before.anchors
    }
    for link in list_change.head.anchor_links:
        if link.anchor in list_change.head.anchors:
            continue
        missing = "no longer exists" if link.anchor in before.anchors else "does not exist"
        yield RULE.finding(
            "toc-anchor-broken",
            f"The contents link to `#{link.anchor}`, which {missing}.",
            line=link.line,
            introduced=list_change.whole or (link.text, link.anchor) not in broken_before,
        )


def _conflicts(list_change: ListChange) -> Iterator[Finding]:
    before = frozenset(list_change.merge_base.lines)
    for number, line in enumerate(list_change.head.lines, 1):
        if line.startswith(("<<<<<<< ", ">>>>>>> ")):
            yield RULE.finding(
                "merge-conflict",
                "Resolve the merge conflict: its marks are still in the file.",
                line=number,
                introduced=list_change.whole or line not in before,
            )


def _criteria(list_change: ListChange) -> Iterator[Finding]:
    before = {criterion.text for criterion in list_change.merge_base.criteria}
    after = {criterion.text for criterion in list_change.head.criteria}
    if before == after or not before:
        return
    line = next((item.line for item in list_change.head.criteria if item.text not in before), None)
    yield RULE.finding("criteria-changed", "The list's criteria change: a maintainer decides.", line=line)
