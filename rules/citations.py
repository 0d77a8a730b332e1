"""The rule ``citations``: a paper of the top sections is cited as often as its year asks."""

from __future__ import annotations

from collections.abc import Iterator

from rules.case import Case, Survey
from rules.document import Listed
from rules.evidence import Answer, Counted, Unanswered, Unknown
from rules.findings import Finding, Severity
from rules.identifiers import Identifier, months_between, posted
from rules.policy import Policy

RULE = "citations"

_QUOTED = 200  # characters of the pull request's description that a message quotes


def check(case: Case) -> Iterator[Finding]:
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
    if case.evidence is None:
        return
    for listed in judged(case.survey):
        finding = _judge(listed, case)
        if finding:
            yield finding


def judged(survey: Survey) -> tuple[Listed, ...]:
    """Return the entries whose citations count: brought into a counted group, or altered there."""
    if not survey.policy.thresholds:
        return ()
    if survey.whole:
        return tuple(listed for listed in survey.head.entries if listed.group.counted)
    change = survey.change
    moved = [pair.after for pair in change.moved if pair.before.group.name != pair.after.group.name]
    altered = [pair.after for pair in change.modified if _altered(pair.before, pair.after)]
    return tuple(listed for listed in (*change.added, *moved, *altered) if listed.group.counted)


def _altered(before: Listed, after: Listed) -> bool:
    """Return whether title, year or link are not what they were: what a count was about."""
    return (before.key, before.year.value, before.places) != (after.key, after.year.value, after.places)


def wanted(survey: Survey) -> tuple[Identifier, ...]:
    """Return the identifiers to look up for this rule, each once."""
    found = (listed.identifier for listed in judged(survey) if not _exempt(listed, survey.policy))
    return tuple(dict.fromkeys(identifier for identifier in found if identifier))


def year_of(listed: Listed, answer: Answer | None) -> int | None:
    """Return the year that decides the threshold.

    The entry's own stands when the record's lies within one year of it, for a preprint and its publication
    often differ by one; else the record's does, or an entry would choose its own threshold.
    """
    claimed = listed.year.value
    recorded = answer.year if isinstance(answer, Counted) else None
    if claimed is None or recorded is None:
        return claimed or recorded
    return claimed if abs(claimed - recorded) <= 1 else recorded


def _exempt(listed: Listed, policy: Policy) -> bool:
    return listed.section == policy.exempt and listed.year.value == policy.exempt_year


def _judge(listed: Listed, case: Case) -> Finding | None:
    policy = case.policy
    answer = case.evidence.of(listed.identifier) if case.evidence else None
    year = year_of(listed, answer)
    if _exempt(listed, policy) and year == policy.exempt_year:
        return None
    first = listed.identifier and posted(listed.identifier)
    if first and months_between(first, case.today) < policy.new_months:
        return _decision(listed, case, "too-new", f"The paper is younger than {policy.new_months} months")
    if year is None:
        return None  # the rule format says so
    threshold = policy.thresholds.get(year)
    if threshold is None:
        if year < min(policy.thresholds):
            return _decision(
                listed, case, "before-thresholds", f"A paper of {year} is admitted by discussion"
            )
        return _decision(listed, case, "no-threshold", f"The criteria name no citations for {year}")
    return _weigh(listed, case, year, threshold, answer)


def _weigh(listed: Listed, case: Case, year: int, threshold: int, answer: Answer | None) -> Finding | None:
    match answer:
        case Counted(citations=citations, source=source, fetched_on=day):
            if citations >= threshold:
                return None
            what = f"{citations:,} citations ({source}, {day.isoformat()}), {year} asks for {threshold:,}"
            return _decision(listed, case, "below-threshold", what)
        case Unknown(source=source):
            return _decision(listed, case, "unknown", f"{source} does not know {listed.identifier}")
        case Unanswered(source=source, reason=reason):
            return Finding(
                RULE, "unanswered", Severity.UNVERIFIED,
                f"The citations could not be looked up: {source}: {reason}",
                line=listed.line, end_line=listed.end_line, title=listed.title,
            )  # fmt: skip
        case None:
            what = "The link names no identifier to look citations up by"
            return _decision(listed, case, "no-identifier", what)


def _decision(listed: Listed, case: Case, code: str, what: str) -> Finding:
    words = " ".join(case.description.split())
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
