"""Which papers could leave the top sections when they hold too many."""

from __future__ import annotations

from collections.abc import Iterator

from rules.apply import Standing
from rules.case import Case, Survey
from rules.count import top_count
from rules.destination import place_in, rendered_in
from rules.document import Listed
from rules.evidence import Query
from rules.records import agreeing, most_cited, query_of, year_of
from rules.report import MoveTo, Removal

_FEWEST = 5  # suggestions shown, so that a maintainer has a choice


def wanted(survey: Survey) -> tuple[Query, ...]:
    """Return what to ask to rank the candidates, each paper once; nothing while the list fits."""
    return tuple(dict.fromkeys(query_of(stands.listed) for stands in _candidates(survey)))


def suggest(case: Case) -> tuple[Removal, ...]:
    """Return the papers to take out, weakest first: citations in relation to what their year asks for.

    The list's custom: what is taken out comes "usually from *More Papers from 2016*". Where no count is
    known that section is listed as it stands, unranked.
    """
    candidates = _candidates(case.survey)
    ranked = sorted(
        (removal for stands in candidates if (removal := _ranked(stands, case))),
        key=lambda removal: ((removal.citations or 0) / (removal.threshold or 1), removal.line),
    )
    if ranked:
        return tuple(ranked[: max(_FEWEST, _excess(case.survey))])
    return tuple(_unranked(candidates, case))


def _excess(survey: Survey) -> int:
    tally = top_count(survey)
    return max(0, (tally.head or 0) - tally.cap) if tally.cap is not None else 0


def _candidates(survey: Survey) -> tuple[Standing, ...]:
    """Return the counted entries of the section that gives way first, or of all when it has too few."""
    excess = _excess(survey)
    if not excess:
        return ()
    brought = {id(listed) for listed in survey.change.added} | {
        id(pair.after) for pair in survey.change.moved
    }
    counted = [
        stands
        for stands in survey.result
        if stands.listed.group.counted and stands.head is not None and id(stands.head) not in brought
    ]
    preferred = [stands for stands in counted if stands.listed.section == survey.policy.prefer_removal]
    return tuple(preferred if len(preferred) >= excess else counted)


def _ranked(stands: Standing, case: Case) -> Removal | None:
    answers = case.evidence.of(query_of(stands.listed)) if case.evidence else ()
    records = agreeing(stands.listed, answers)
    year = year_of(stands.listed, records)
    threshold = case.policy.thresholds.get(year) if year else None
    most = most_cited(records)
    if most is None or most.citations is None or not threshold:
        return None
    ratio = most.citations / threshold
    why = (
        f"{most.citations:,} citations, {ratio:,.1f} times the {threshold:,} that {year} asks for"
        f" ({most.source}, {most.fetched_on.isoformat()})"
    )
    return _removal(stands, case, year, why, (most.citations, threshold, ratio))


def _unranked(candidates: tuple[Standing, ...], case: Case) -> Iterator[Removal]:
    for stands in candidates:
        why = f"in {stands.listed.section}; not ranked, for no citation counts are known"
        yield _removal(stands, case, stands.listed.year.value, why, None)


def _removal(
    stands: Standing, case: Case, year: int | None, why: str, figures: tuple[int, int, float] | None
) -> Removal:
    citations, threshold, ratio = figures or (None, None, None)
    head = stands.head or stands.listed
    return Removal(
        title=head.title,
        section=stands.listed.section,
        line=head.line,
        year=year,
        citations=citations,
        threshold=threshold,
        ratio=round(ratio, 1) if ratio is not None else None,
        why=why,
        move_to=_move_to(head, case),
    )


def _move_to(listed: Listed, case: Case) -> MoveTo | None:
    """Return the entry's line for the appendix and where it goes: under its year, the newest first."""
    policy, head = case.policy, case.survey.head
    section = next((item for item in head.sections if item.name == policy.appendix), None)
    if section is None:
        return None
    return MoveTo(section.name, place_in(head, section, listed), rendered_in(section, listed))
