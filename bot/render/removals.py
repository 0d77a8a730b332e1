"""The papers suggested to leave the top sections, in Markdown: with their figures, and their ready lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.render.escape import fenced, inline
from bot.render.page import NONE, TITLE_LIMIT, bounded
from bot.render.wording import counted

if TYPE_CHECKING:
    from bot.render.page import Page
    from rules.report.report import MoveTo, Removal, Report


def removals(page: Page, limit: int) -> str:
    """Return the papers suggested to leave the top sections, numbered, with their figures where known."""
    suggested, lead = page.report.removals, _over_the_cap(page.report)
    if _ranked(page.report):
        return bounded(
            f"{lead} Those with the fewest citations for their year come first.\n\n"
            "| # | Paper | Line | Citations | Threshold | Ratio |\n|---:|:---|---:|---:|---:|---:|",
            [_ranked_row(page, number, removal) for number, removal in enumerate(suggested, 1)],
            "| | and {:,} more | | | | |".format,
            limit,
        )
    number = counted(len(suggested), "candidate", "candidates")
    return bounded(
        f"{lead} Citation counts were not at hand, so the candidates are not ranked.\n\n"
        f"<details><summary>{number}</summary>\n\n| # | Paper | Line |\n|---:|:---|---:|",
        [
            f"| {number} | {_candidate(removal)} | {page.line(removal.line)} |"
            for number, removal in enumerate(suggested, 1)
        ],
        "| | and {:,} more | |".format,
        limit,
        tail="\n</details>",
    )


def appendix(page: Page, limit: int) -> str:
    """Return the ready line of each suggested removal for the section it moves to, collapsed."""
    rows = [
        _departure(page, number, removal, removal.move_to)
        for number, removal in enumerate(page.report.removals, 1)
        if removal.move_to
    ]
    return bounded(
        "<details><summary>Ready lines for what leaves</summary>",
        rows,
        "and {:,} more".format,
        limit,
        tail="</details>",
        gap="\n\n",
    )


def _ranked(report: Report) -> bool:
    return any(removal.citations is not None for removal in report.removals)


def _over_the_cap(report: Report) -> str:
    top = report.top_count
    if top.head is None or top.cap is None or top.head <= top.cap:
        return "**Suggested removals.**"
    leave = "one has" if top.head - top.cap == 1 else f"{top.head - top.cap:,} have"
    return f"**Suggested removals.** The top sections hold at most {top.cap:,} papers: {leave} to leave."


def _ranked_row(page: Page, number: int, removal: Removal) -> str:
    ratio = NONE if removal.ratio is None else f"{removal.ratio:.1f}"
    return (
        f"| {number} | {_candidate(removal)} | {page.line(removal.line)} "
        f"| {_figure(removal.citations)} | {_figure(removal.threshold)} | {ratio} |"
    )


def _candidate(removal: Removal) -> str:
    year = f" ({removal.year})" if removal.year is not None else ""
    return f"**{inline(removal.title, TITLE_LIMIT)}**{year}"


def _departure(page: Page, number: int, removal: Removal, move_to: MoveTo) -> str:
    return (
        f"{number}. {inline(removal.title, TITLE_LIMIT)}: take out line {page.line(removal.line)} and "
        f"add this to *{inline(move_to.section)}* after line {page.line(move_to.after_line)}:\n"
        f"{_indented(fenced(move_to.text))}"
    )


def _indented(block: str) -> str:
    return "\n".join(f"   {line}" for line in block.split("\n"))


def _figure(number: int | None) -> str:
    return NONE if number is None else f"{number:,}"
