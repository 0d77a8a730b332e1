"""The papers of which some have to leave the top sections: a numbered list, and their ready lines."""

from __future__ import annotations

from textwrap import indent
from typing import TYPE_CHECKING

from bot.render.doc_links import rule_link
from bot.render.escape import fenced, inline
from bot.render.page import TITLE_LIMIT, bounded, joined, size_of
from rules.sentences import counted

if TYPE_CHECKING:
    from bot.render.page import Page
    from rules.report.report import MoveTo, Removal, Report

MAX_REMOVALS = 10
"""Papers to choose from; more are no help."""
KEEP_ALL = ("waive count/over-limit REASON", "lets the list be over its limit")
"""The command that settles the matter without a removal."""


def removals(page: Page, limit: int) -> str:
    """Return the papers to choose from, and the command that moves one."""
    report = page.report
    if not report.removals:
        return ""
    choice, command = _choice(report), _command(page)
    listed = bounded(
        f"{choice}\n",
        list(enumerate(report.removals, 1)),
        lambda numbered: _candidate(page, *numbered),
        limit - size_of(choice) - size_of(command) - size_of(_uncounted(report)),
        at_most=MAX_REMOVALS,
        left_off="\nand {:,} more",
    )
    return joined(listed, _uncounted(report), command)


def too_many(report: Report) -> str:
    """Return in one sentence that the top sections hold too many papers, and why; empty when they do not."""
    top = report.top_count
    if top.head is None or top.cap is None or top.head <= top.cap:
        return ""
    papers = counted(top.head, "paper", "papers")
    name = rule_link("count", "over-limit")
    return f"{_act(report)} **{papers} in the top sections; the limit is {top.cap:,}**. {name}"


def lines_to_move(page: Page, limit: int) -> str:
    """Return the ready line of each suggested removal for the section it moves to, collapsed."""
    movable = [
        (number, removal, removal.move_to)
        for number, removal in enumerate(page.report.removals, 1)
        if removal.move_to
    ]
    return bounded(
        "<details><summary>Lines to move</summary>",
        movable,
        lambda numbered: _departure(page, *numbered),
        limit,
        at_most=MAX_REMOVALS,
        left_off="and {:,} more",
        tail="</details>",
        gap="\n\n",
    )


def _act(report: Report) -> str:
    """Return the beginning of the sentence: what the change does, named where it is one paper."""
    added, moved = report.changes.added, report.changes.moved
    if len(added) == 1 and not moved:
        (paper,) = added
        return f"This adds *{inline(paper.title, TITLE_LIMIT)}* to *{inline(paper.section)}*, which makes"
    if len(moved) == 1 and not added:
        (one,) = moved
        return (
            f"This moves *{inline(one.title, TITLE_LIMIT)}* from *{inline(one.from_section)}* "
            f"to *{inline(one.to_section)}*, which makes"
        )
    return "This change makes"


def _choice(report: Report) -> str:
    top = report.top_count
    excess = top.head - top.cap if top.head is not None and top.cap is not None else 1
    number = "one" if excess <= 1 else f"{excess:,}"
    goals = {removal.move_to.section for removal in report.removals if removal.move_to}
    to = f"to move to *{inline(goals.pop())}*" if len(goals) == 1 else "to take out"
    sections = {removal.section for removal in report.removals}
    section = f"*{inline(sections.pop())}*" if len(sections) == 1 else "the top sections"
    if any(removal.citations is not None for removal in report.removals):
        return f"**Choose {number}** {to}. The least cited for their year, of {section}:"
    return f"**Choose {number}** {to}, for example from {section}. Citations are unknown, so unranked:"


def _uncounted(report: Report) -> str:
    """Return how many papers are not in the list because their citations are not known."""
    known = any(removal.citations is not None for removal in report.removals)
    left = report.removals_uncounted if known else 0
    if not left:
        return ""
    papers = counted(left, "other paper", "other papers")
    are = "it is" if left == 1 else "they are"
    return f"No citation count is known for {papers}, so {are} not ranked here."


def _candidate(page: Page, number: int, removal: Removal) -> str:
    name = page.linked(inline(removal.title, TITLE_LIMIT), removal.line)
    year = f" ({removal.year})" if removal.year is not None else ""
    return f"{number}. {name}{year}{_figures(page.report, removal)}"


def _figures(report: Report, removal: Removal) -> str:
    if removal.citations is None:
        return ""
    said = f" · {counted(removal.citations, 'citation', 'citations')}"
    thresholds = {each.threshold for each in report.removals}
    if len(thresholds) > 1 and removal.threshold is not None and removal.ratio is not None:
        said += f", {removal.ratio:,.1f} times the {removal.threshold:,} that its year needs"
    return said


def _command(page: Page) -> str:
    audience = page.audience
    if audience is None:
        return ""
    moves = "moves it" if audience.commits else "answers with the patch that moves it"
    offers = audience.offers(("remove 1", f"(or another number) {moves}"), KEEP_ALL)
    if not any(removal.move_to for removal in page.report.removals):
        return offers
    return f"{offers} Everybody else: the lines to move are below.".strip()


def _departure(page: Page, number: int, removal: Removal, move_to: MoveTo) -> str:
    return (
        f"{number}. {inline(removal.title, TITLE_LIMIT)}: take out {page.line(removal.line)} and "
        f"add this to *{inline(move_to.section)}* after {page.line(move_to.after_line)}:\n"
        f"{indent(fenced(move_to.text), ' ' * len(f'{number}. '))}"
    )
