"""The rule ``citations``: a paper of the top sections is cited as often as its year asks."""

from __future__ import annotations

from collections.abc import Iterator

from rules.changes.paper_records import agreeing, most_cited, query_of, year_of
from rules.context import ListChange, RuleContext
from rules.papers.evidence import Answer, Query, Record, Unanswered, Unknown
from rules.papers.identifiers import months_between, posted
from rules.policy.policy import Policy
from rules.reading.document import Listed
from rules.report.findings import Finding, Severity

RULE = "citations"

_QUOTED = 200  # characters of the pull request's description that a message quotes


def check(context: RuleContext) -> Iterator[Finding]:
    """Yield the papers that a maintainer has to decide on, because their citations do not speak for them.

    The list's criteria: 2015: +200 citations, 2014: +400, 2013: +600, 2012: +800; 2016: +60 or *More Papers
    from 2016*. Papers of the last six months and papers before 2012 are admitted by discussion. The guide
    calls the criteria "a flexible guideline": below them a paper needs enough descriptions and a decision.

    Bad: below-threshold, 100 citations
        - **Spatial transformer network** (2015), M. Jaderberg et al. [[pdf]](http://arxiv.org/pdf/1506.02025)
    Bad: before-thresholds, 9000 citations
        - **Natural language processing (almost) from scratch** (2011), R. Collobert et al. [[pdf]](http://arxiv.org/pdf/1103.0398)
    Bad: no-threshold, 9000 citations
        - **Mask R-CNN** (2017), K. He et al. [[pdf]](https://arxiv.org/pdf/1703.06870)
    Bad: too-new, 9000 citations
        - **A paper of this month** (2016), A. Author et al. [[pdf]](https://arxiv.org/pdf/{this-month}.01234)
    Bad: unknown
        - **Spatial transformer network** (2015), M. Jaderberg et al. [[pdf]](http://arxiv.org/pdf/1506.02025)
    Bad: no-identifier
        - **Spatial transformer network** (2015), M. Jaderberg et al. [[pdf]](http://example.org/spatial.pdf)
    Bad: unanswered, down
        - **Spatial transformer network** (2015), M. Jaderberg et al. [[pdf]](http://arxiv.org/pdf/1506.02025)
    Good: 200 citations
        - **Spatial transformer network** (2015), M. Jaderberg et al. [[pdf]](http://arxiv.org/pdf/1506.02025)
    Good: 0 citations
        ### More Papers from 2016
        - **Layer Normalization** (2016), J. Ba et al. [[pdf]](https://arxiv.org/pdf/1607.06450v1.pdf)
    """
    if context.evidence is None:
        return
    for listed in judged(context.list_change):
        finding = _judge(listed, context)
        if finding:
            yield finding


def judged(list_change: ListChange) -> tuple[Listed, ...]:
    """Return the entries whose citations count: brought into a counted group, or altered there."""
    if not list_change.policy.thresholds:
        return ()
    if list_change.whole:
        return tuple(listed for listed in list_change.head.entries if listed.group.counted)
    change = list_change.diff
    moved = [pair.after for pair in change.moved if pair.before.group.name != pair.after.group.name]
    altered = [pair.after for pair in change.modified if _altered(pair.before, pair.after)]
    return tuple(listed for listed in (*change.added, *moved, *altered) if listed.group.counted)


def _altered(before: Listed, after: Listed) -> bool:
    """Return whether title, year or link are not what they were: what a count was about."""
    return (before.key, before.year.value, before.places) != (after.key, after.year.value, after.places)


def wanted(list_change: ListChange) -> tuple[Query, ...]:
    """Return what to ask for this rule, each paper once."""
    queries = (query_of(listed) for listed in judged(list_change) if not _exempt(listed, list_change.policy))
    return tuple(dict.fromkeys(queries))


def _exempt(listed: Listed, policy: Policy) -> bool:
    return listed.section == policy.exempt and listed.year.value == policy.exempt_year


def _judge(listed: Listed, context: RuleContext) -> Finding | None:
    answers = context.evidence.of(query_of(listed)) if context.evidence else ()
    records = agreeing(listed, answers)
    year = year_of(listed, records)
    exempt = _exempt(listed, context.policy) and year == context.policy.exempt_year
    if exempt or year is None:
        return None  # of a missing year the rule format speaks
    discussed = _discussed(listed, year, context)
    if discussed:
        return _decision(listed, context, *discussed)
    most = most_cited(records)
    if most is None:
        return _uncounted(listed, context, answers)
    threshold = context.policy.thresholds[year]
    if (most.citations or 0) >= threshold:
        return None
    first = answers[0]
    if isinstance(first, Unanswered) and context.patient:
        # The first source counts the most: the lower counts of the others are no reason yet.
        return _unanswered(
            listed, context, first, f"; what others count is below the {threshold:,} of {year}"
        )
    figures = ", ".join(_figure(record) for record in records if record.citations is not None)
    return _decision(listed, context, "below-threshold", f"{figures}; {year} asks for {threshold:,}")


def _discussed(listed: Listed, year: int, context: RuleContext) -> tuple[str, str] | None:
    """Return (code, reason) where a paper's age leaves it to discussion, whatever its citations."""
    policy = context.policy
    first = listed.identifier and posted(listed.identifier)
    if first and months_between(first, context.today) < policy.new_months:
        return "too-new", f"The paper is younger than {policy.new_months} months"
    if year in policy.thresholds:
        return None
    if year < min(policy.thresholds):
        return "before-thresholds", f"A paper of {year} is admitted by discussion"
    return "no-threshold", f"The criteria name no citations for {year}"


def _figure(record: Record) -> str:
    return f"{record.citations:,} citations ({record.source}, {record.fetched_on.isoformat()})"


def _uncounted(listed: Listed, context: RuleContext, answers: tuple[Answer, ...]) -> Finding:
    """Return what to say of a paper that no source gave a count for."""
    for answer in answers:
        if isinstance(answer, Unanswered):
            return _unanswered(listed, context, answer)
    if any(isinstance(answer, Record) for answer in answers):
        return _decision(
            listed, context, "unknown", "The records found are of another paper, or hold no count"
        )
    sources = " and ".join(answer.source for answer in answers if isinstance(answer, Unknown))
    if sources:
        asked = listed.identifier
        name = asked if asked and asked.askable else "a paper of this title"
        return _decision(listed, context, "unknown", f"Unknown to {sources}: {name}")
    return _decision(listed, context, "no-identifier", "The link names no identifier to look citations up by")


def _unanswered(listed: Listed, context: RuleContext, answer: Unanswered, more: str = "") -> Finding:
    return Finding(
        RULE, "unanswered", Severity.UNVERIFIED if context.patient else Severity.DECISION,
        f"The citations could not be looked up: {answer.source}: {answer.reason}{more}",
        line=listed.line, end_line=listed.end_line, title=listed.title,
    )  # fmt: skip


def _decision(listed: Listed, context: RuleContext, code: str, what: str) -> Finding:
    words = " ".join(context.description.split())
    if len(words) > _QUOTED:
        words = words[:_QUOTED].rstrip() + "…"
    plea = (
        f'The pull request says: "{words}"'
        if words
        else "Please describe in the pull request why it belongs here"
    )
    return Finding(
        RULE, code, Severity.DECISION, f"{what}. {plea}",
        line=listed.line, end_line=listed.end_line, title=listed.title,
    )  # fmt: skip
