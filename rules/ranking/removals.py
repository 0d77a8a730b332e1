"""Which papers could leave the top sections when they hold too many."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rules.changes.apply import ResultEntry
from rules.changes.paper_records import agreeing, most_cited, query_of, year_of
from rules.checks.count import top_count
from rules.context import ListChange, RuleContext
from rules.editing.insertion import place_in, rendered_in
from rules.papers.evidence import Query
from rules.reading.document import Listed
from rules.report.report import MoveTo, Removal

_FEWEST = 5  # suggestions, so that a maintainer has a choice
MOST = 10  # suggestions; more are no help


@dataclass(frozen=True, slots=True)
class Suggested:
    """The papers suggested to leave, and how many other candidates have no known citation count."""

    papers: tuple[Removal, ...] = ()
    uncounted: int = 0


def wanted(list_change: ListChange) -> tuple[Query, ...]:
    """Return what to ask to rank the candidates, each paper once; nothing while the list fits."""
    return tuple(dict.fromkeys(query_of(result.listed) for result in _candidates(list_change)))


def suggest(context: RuleContext) -> Suggested:
    """Return at most ``MOST`` papers to take out, the least cited in relation to what their year needs first.

    By the list's custom a paper is taken out "usually from *More Papers from 2016*". Where no count is known,
    papers of that section are returned in their order, unranked.
    """
    candidates = _candidates(context.list_change)
    ranked = sorted(
        (removal for result in candidates if (removal := _ranked(result, context))),
        key=lambda removal: ((removal.citations or 0) / (removal.threshold or 1), removal.line),
    )
    if ranked:
        shown = min(MOST, max(_FEWEST, _excess(context.list_change)))
        return Suggested(tuple(ranked[:shown]), len(candidates) - len(ranked))
    return Suggested(tuple(_unranked(candidates[:MOST], context)), len(candidates))


def _excess(list_change: ListChange) -> int:
    """Return how many papers are over the cap; 0 where the change does not make it worse."""
    tally = top_count(list_change)
    if tally.cap is None or tally.head is None or tally.base is None:
        return 0
    worse = list_change.whole or tally.head > tally.base
    return max(0, tally.head - tally.cap) if worse else 0


def _candidates(list_change: ListChange) -> tuple[ResultEntry, ...]:
    """Return the counted entries of the section that gives way first, or of all when it has too few."""
    excess = _excess(list_change)
    if not excess:
        return ()
    brought = {id(listed) for listed in list_change.diff.added} | {
        id(pair.after) for pair in list_change.diff.moved
    }
    counted = [
        result
        for result in list_change.result
        if result.listed.group.counted and result.head is not None and id(result.head) not in brought
    ]
    preferred = [result for result in counted if result.listed.section == list_change.policy.prefer_removal]
    return tuple(preferred if len(preferred) >= excess else counted)


def _ranked(result: ResultEntry, context: RuleContext) -> Removal | None:
    answers = context.evidence.of(query_of(result.listed)) if context.evidence else ()
    records = agreeing(result.listed, answers)
    year = year_of(result.listed, records)
    threshold = context.policy.thresholds.get(year) if year else None
    most = most_cited(records)
    if most is None or most.citations is None or not threshold:
        return None
    ratio = most.citations / threshold
    why = (
        f"{most.citations:,} citations, {ratio:,.1f} times the {threshold:,} that papers of {year} need"
        f" ({most.source}, {most.fetched_on.isoformat()})"
    )
    return _removal(result, context, year, why, (most.citations, threshold, ratio))


def _unranked(candidates: tuple[ResultEntry, ...], context: RuleContext) -> Iterator[Removal]:
    for result in candidates:
        why = f"in {result.listed.section}; not ranked, because no citation counts are known"
        yield _removal(result, context, result.listed.year.value, why, None)


def _removal(
    result: ResultEntry,
    context: RuleContext,
    year: int | None,
    why: str,
    figures: tuple[int, int, float] | None,
) -> Removal:
    citations, threshold, ratio = figures or (None, None, None)
    head = result.head or result.listed
    return Removal(
        title=head.title,
        section=result.listed.section,
        line=head.line,
        year=year,
        citations=citations,
        threshold=threshold,
        ratio=round(ratio, 1) if ratio is not None else None,
        why=why,
        move_to=_move_to(head, context),
    )


def _move_to(listed: Listed, context: RuleContext) -> MoveTo | None:
    """Return the entry's line for the appendix and where it goes: under its year, the newest first."""
    policy, head = context.policy, context.list_change.head
    section = next((item for item in head.sections if item.name == policy.appendix), None)
    if section is None:
        return None
    return MoveTo(section.name, place_in(head, section, listed), rendered_in(section, listed))
