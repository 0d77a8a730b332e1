"""Sample reports, at least one for each verdict."""

from __future__ import annotations

from dataclasses import replace

from bot.render.audience import Audience
from bot.render.page import Judged
from bot.slash.commands import NAMES
from rules.report.findings import Finding, Fix, Related, Severity
from rules.report.report import Added, ChangeSet, MoveTo, Removal, Report, Tally, Verdict

HEAD = "9fceb02d0ae598e95dc970b74767f19372d61af8"
BASE = "1f7a7a472abf3dd9643fd615f6da379c4acb3e3a"
JUDGED = Judged(HEAD, BASE, "https://github.com/octo/list")
AUDIENCE = Audience(3, "newcomer", suggests=True, commits=True, by_maintainers=frozenset(NAMES))
TITLE = "Deep Speech 2: End-to-End Speech Recognition"
LINE = "- **Deep Speech 2: End-to-End Speech Recognition** (2016), D. Amodei et al. [[pdf]](http://arxiv.org/pdf/1)"
ONE_TOO_MANY = Tally(100, 101, 100)


def report(
    *findings: Finding,
    verdict: Verdict = Verdict.FAIL,
    removals: tuple[Removal, ...] = (),
    top_count: Tally = ONE_TOO_MANY,
) -> Report:
    """Return a report with these findings on a list of 239 papers."""
    return Report(
        verdict,
        "README.md",
        Tally(238, 239),
        top_count,
        ChangeSet((Added(TITLE, "Speech", 71),)),
        findings,
        removals,
    )


def removal(title: str = "Layer normalization", citations: int | None = 412) -> Removal:
    """Return a suggested removal, with figures or without."""
    return Removal(
        title,
        "More Papers from 2016",
        237,
        2016,
        citations,
        None if citations is None else 60,
        None if citations is None else citations / 60,
        "fewest citations among More Papers from 2016",
        MoveTo(
            "Appendix: More than Top 100",
            300,
            f"- {title} (2016), J. Ba et al. [[pdf]](http://arxiv.org/pdf/2)",
        ),
    )


OVER = Finding("count", "over-limit", Severity.ERROR, "101 papers found, at most 100 expected.")
DUPLICATE = Finding(
    "duplicate",
    "exact",
    Severity.ERROR,
    "Already listed at line 375, expected once.",
    71,
    71,
    TITLE,
    related=(Related(375),),
    fix=Fix(71, 71, None),
)
NO_YEAR = Finding(
    "format", "missing-year", Severity.ERROR, "No year found.", 77, 77, TITLE, fix=Fix(77, 77, LINE)
)
SPACE = Finding(
    "format", "double-space", Severity.WARNING, "Two spaces.", 77, 77, TITLE, fix=Fix(77, 77, LINE)
)
OLD = Finding("duplicate", "exact", Severity.ERROR, "Listed twice.", 127, 127, "Old paper", introduced=False)
FEW = Finding("citations", "below-threshold", Severity.DECISION, "24 citations, 60 expected.", 71, 71, TITLE)
SILENT = Finding(
    "citations", "unanswered", Severity.UNVERIFIED, "Semantic Scholar did not answer.", 71, 71, TITLE
)

SOURCES = ("OpenAlex", "Semantic Scholar")
FAIL = replace(
    report(SPACE, NO_YEAR, DUPLICATE, OVER, OLD, removals=(removal(), removal("Second paper", 1612))),
    sources=SOURCES,
)
DECISION = replace(report(FEW, verdict=Verdict.DECISION, top_count=Tally(99, 100, 100)), sources=SOURCES)
UNVERIFIED = report(SILENT, verdict=Verdict.UNVERIFIED, top_count=Tally(99, 100, 100))
WARNED = report(SPACE, verdict=Verdict.PASS, top_count=Tally(99, 100, 100))
CLEAN = report(verdict=Verdict.PASS, top_count=Tally(99, 100, 100))
EVERY = (FAIL, DECISION, UNVERIFIED, WARNED, CLEAN)
