"""The rule ``citations``: a paper of the top sections is cited as often as its year asks."""

from __future__ import annotations

from collections.abc import Iterator

from rules.changes.paper_records import agreeing, most_cited, query_of, year_of
from rules.context import ListChange, RuleContext
from rules.papers.evidence import Answer, EvidenceRequest, Record, Unanswered, Unknown
from rules.papers.identifiers import months_between, posted
from rules.policy.policy import Policy
from rules.reading.document import Listed
from rules.report.findings import Finding, Severity
from rules.rule import Code, Rule

_QUOTED = 200  # characters of the pull request's description that a message quotes: two sentences


def check(context: RuleContext) -> Iterator[Finding]:
    """Yield papers cited too rarely for their year, or that no source could count.

    Bad: below-threshold, 100 citations
        - **Spatial transformer network** (2015), M. Jaderberg et al. [[pdf]](http://arxiv.org/pdf/1506.02025)
    Bad: before-thresholds, 9000 citations, also placement/pre-2012
        - **Natural language processing (almost) from scratch** (2011), R. Collobert et al. [[pdf]](http://arxiv.org/pdf/1103.0398)
    Bad: no-threshold, 9000 citations
        - **Mask R-CNN** (2017), K. He et al. [[pdf]](https://arxiv.org/pdf/1703.06870)
    Bad: too-new, 9000 citations
        - **A paper of this month** (2016), A. Author et al. [[pdf]](https://arxiv.org/pdf/{this-month}.01234)
    Bad: unknown, unknown to every source
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
    for listed in checked(context.list_change):
        finding = _check(listed, context)
        if finding:
            yield finding


def checked(list_change: ListChange) -> tuple[Listed, ...]:
    """Return the entries whose citations matter: added to a counted group, moved there, or altered there."""
    if not list_change.policy.thresholds:
        return ()
    if list_change.whole:
        return tuple(listed for listed in list_change.head.entries if listed.group.counted)
    change = list_change.diff
    moved = [pair.after for pair in change.moved if pair.before.group.name != pair.after.group.name]
    altered = [pair.after for pair in change.modified if _altered(pair.before, pair.after)]
    return tuple(listed for listed in (*change.added, *moved, *altered) if listed.group.counted)


def _altered(before: Listed, after: Listed) -> bool:
    """Return whether title, year or link changed: they decide which count is meant."""
    return (before.key, before.year.value, before.places) != (after.key, after.year.value, after.places)


def wanted(list_change: ListChange) -> EvidenceRequest:
    """Return what to ask for this rule, each paper once."""
    policy = list_change.policy
    queries = (query_of(listed) for listed in checked(list_change) if not _exempt(listed, policy))
    return EvidenceRequest(full=tuple(dict.fromkeys(queries)))


RULE = Rule(
    name="citations",
    summary="A paper of the top sections is cited as often as its year asks.",
    why="Citations are the list's measure. The reference list asks for 800 for a paper of 2012, 600 for"
    " 2013, 400 for 2014, 200 for 2015 and 60 for 2016, or takes a paper of 2016 into *More Papers from"
    " 2016*. Its guide calls the criteria a flexible guideline: a paper that does not meet them needs a"
    " description and a maintainer's decision. Papers of the last six months and papers before 2012 are"
    " admitted by discussion.",
    how="Say in the description of the pull request why the paper belongs in the list. A maintainer then"
    " accepts it, or vouches for a count that the services do not have. A service that does not answer is"
    " asked again by itself; after some days the question is left to a maintainer.",
    codes=(
        Code("below-threshold", Severity.DECISION, "The paper has fewer citations than its year asks for."),
        Code("too-new", Severity.DECISION, "The paper is so new that its citations say little."),
        Code("before-thresholds", Severity.DECISION, "The paper is older than the years of the criteria."),
        Code("no-threshold", Severity.DECISION, "The criteria name no citations for the paper's year."),
        Code("unknown", Severity.DECISION, "No service knows the paper, or a count of its citations."),
        Code("no-identifier", Severity.DECISION, "The link names no identifier to look the paper up by."),
        Code(
            "unanswered", Severity.UNVERIFIED, "A service did not answer, so the citations are not known.",
            Severity.DECISION, "once the service has been silent for days",
        ),
    ),
    check=check,
    wanted=wanted,
)  # fmt: skip


def _exempt(listed: Listed, policy: Policy) -> bool:
    return listed.section == policy.exempt and listed.year.value == policy.exempt_year


def _check(listed: Listed, context: RuleContext) -> Finding | None:
    answers = context.evidence.of(query_of(listed)) if context.evidence else ()
    records = agreeing(listed, answers)
    year = year_of(listed, records)
    exempt = _exempt(listed, context.policy) and year == context.policy.exempt_year
    if exempt or year is None:
        return None  # the rule format reports a missing year
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
    if isinstance(first, Unanswered) and context.question.patient:
        # The first source counts the most: the lower counts of the others do not settle the question.
        others = f" What others count is below the {threshold:,} that papers of {year} usually need."
        return _unanswered(listed, context, first, others)
    figures = ", ".join(_figure(record) for record in records if record.citations is not None)
    usual = f"papers of {year} usually need {threshold:,}"
    return _decision(listed, context, "below-threshold", f"{figures}; {usual}.")


def _discussed(listed: Listed, year: int, context: RuleContext) -> tuple[str, str] | None:
    """Return (code, reason) where a paper's age leaves it to discussion, whatever its citations."""
    policy = context.policy
    first = listed.identifier and posted(listed.identifier)
    if first and months_between(first, context.today) < policy.new_months:
        return "too-new", f"Papers younger than {policy.new_months} months are admitted by discussion."
    if year in policy.thresholds:
        return None
    if year < min(policy.thresholds):
        return "before-thresholds", f"Papers of {year} are admitted by discussion, whatever their citations."
    return "no-threshold", f"The criteria name no number of citations for {year}."


def _figure(record: Record) -> str:
    return f"{record.citations:,} citations ({record.source}, {record.fetched_on.isoformat()})"


def _uncounted(listed: Listed, context: RuleContext, answers: tuple[Answer, ...]) -> Finding:
    """Return the finding about a paper that no source gave a count for."""
    for answer in answers:
        if isinstance(answer, Unanswered):
            return _unanswered(listed, context, answer)
    if any(isinstance(answer, Record) for answer in answers):
        what = "The records found are of another paper or hold no count"
        return _decision(listed, context, "unknown", f"{what}, so its citations are not known.")
    sources = [answer.source for answer in answers if isinstance(answer, Unknown)]
    if sources:
        know = "does not know" if len(sources) == 1 else "do not know"
        what = f"{' and '.join(sources)} {know} this paper"
        return _decision(listed, context, "unknown", f"{what}, so its citations are not known.")
    what = "The link names no identifier (as of arXiv, or a DOI) to look its citations up by."
    return _decision(listed, context, "no-identifier", what)


def _unanswered(listed: Listed, context: RuleContext, answer: Unanswered, more: str = "") -> Finding:
    return RULE.at(
        listed,
        "unanswered",
        f"The citations are not known: {answer.source} did not answer ({answer.reason}).{more}",
        severity=None if context.question.patient else Severity.DECISION,
    )


def _decision(listed: Listed, context: RuleContext, code: str, what: str) -> Finding:
    words = " ".join(context.question.description.split())
    if len(words) > _QUOTED:
        words = words[:_QUOTED].rstrip() + "…"
    reason = (
        f'The description says: "{words}"' if words else "Say in the description why it belongs in the list."
    )
    return RULE.at(listed, code, f"{what} {reason}")
