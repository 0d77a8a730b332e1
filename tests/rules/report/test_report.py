"""The published JSON form of a report: each key by its name, and each value as the contract says."""

from __future__ import annotations

from datetime import date

import pytest

from rules.report.findings import Decision, DecisionKind, Finding, Fix, Related, Severity
from rules.report.report import (
    Added,
    ChangeSet,
    Modified,
    Moved,
    MoveTo,
    Removal,
    Removed,
    Report,
    Tally,
    Verdict,
    as_json,
    verdict_of,
)

DECISION = Decision(
    DecisionKind.WAIVE, "count", "count:abc", "sam", date(2026, 11, 25), "Agreed", "https://github.com/c/1"
)
DECISION_JSON = {
    "kind": "waive",
    "rule": "count",
    "by": "sam",
    "made_on": "2026-11-25",
    "reason": "Agreed",
    "url": "https://github.com/c/1",
    "title": None,
    "count": None,
    "source_url": None,
}
FULL = Report(
    verdict=Verdict.FAIL,
    path="README.md",
    entries=Tally(238, 239),
    top_count=Tally(100, 101, 100),
    changes=ChangeSet(
        added=(Added("A", "Top", 71),),
        removed=(Removed("B", "Top", 90, 300),),
        moved=(Moved("C", "Top", "Appendix", 281, 152),),
        modified=(Modified("D", "Top", 77, 76),),
    ),
    findings=(
        Finding(
            "duplicate",
            "exact",
            Severity.ERROR,
            "Already in the list.",
            line=71,
            end_line=72,
            title="A",
            introduced=False,
            related=(Related(line=375), Related(base_line=12)),
            fix=Fix(71, 72, None),
            paste="@misc{a}",
            settled=DECISION,
            fingerprint="entry:abc",
        ),
    ),
    removals=(Removal("E", "More", 237, 2016, 412, 60, 6.9, "few", MoveTo("Appendix", 300, "- E")),),
    removals_uncounted=4,
    skipped=("citations", "record", "reachability"),
    decisions=(DECISION,),
    ended=(DECISION,),
    sources=("Semantic Scholar",),
)


def test_every_key_of_the_contract() -> None:
    """The whole form, literally: a key that is renamed or lost breaks its readers."""
    assert as_json(FULL) == {
        "schema": 1,
        "verdict": "fail",
        "list": {
            "path": "README.md",
            "entries": {"base": 238, "head": 239},
            "top_count": {"base": 100, "head": 101, "cap": 100},
        },
        "changes": {
            "added": [{"title": "A", "section": "Top", "line": 71}],
            "removed": [{"title": "B", "section": "Top", "base_line": 90, "copy_line": 300}],
            "moved": [
                {
                    "title": "C",
                    "from_section": "Top",
                    "to_section": "Appendix",
                    "line": 281,
                    "base_line": 152,
                }
            ],
            "modified": [{"title": "D", "section": "Top", "line": 77, "base_line": 76}],
        },
        "findings": [
            {
                "rule": "duplicate",
                "code": "exact",
                "severity": "error",
                "line": 71,
                "end_line": 72,
                "title": "A",
                "message": "Already in the list.",
                "introduced": False,
                "related": [{"line": 375}, {"base_line": 12}],
                "fix": {"line": 71, "end_line": 72, "text": None},
                "paste": "@misc{a}",
                "settled": DECISION_JSON,
            }
        ],
        "removals": [
            {
                "title": "E",
                "section": "More",
                "line": 237,
                "year": 2016,
                "citations": 412,
                "threshold": 60,
                "ratio": 6.9,
                "why": "few",
                "move_to": {"section": "Appendix", "after_line": 300, "text": "- E"},
            }
        ],
        "removals_uncounted": 4,
        "skipped": ["citations", "record", "reachability"],
        "decisions": [DECISION_JSON],
        "ended": [DECISION_JSON],
        "sources": ["Semantic Scholar"],
    }


def test_what_is_not_there_is_null() -> None:
    """No cap, no fix, nothing settled, nowhere to move to: the keys stay."""
    form = as_json(
        Report(
            Verdict.PASS,
            "README.md",
            Tally(),
            Tally(),
            findings=(Finding("count", "over-limit", Severity.WARNING, "Still 101."),),
            removals=(Removal("E", "More", 1, None, None, None, None, "why", None),),
        )
    )
    assert form["list"]["top_count"] == {"base": None, "head": None, "cap": None}
    (finding,) = form["findings"]
    assert [finding[key] for key in ("line", "end_line", "title", "fix", "paste", "settled")] == [None] * 6
    assert (finding["introduced"], finding["related"]) == (True, [])
    assert form["removals"][0]["move_to"] is None


def holding(*severities: Severity) -> tuple[Finding, ...]:
    return tuple(Finding("rule", "code", severity, "message") for severity in severities)


@pytest.mark.parametrize(
    ("severities", "verdict"),
    [
        ((), Verdict.PASS),
        ((Severity.WARNING,), Verdict.PASS),
        ((Severity.WARNING, Severity.UNVERIFIED), Verdict.UNVERIFIED),
        ((Severity.UNVERIFIED, Severity.DECISION), Verdict.DECISION),
        ((Severity.DECISION, Severity.ERROR, Severity.UNVERIFIED), Verdict.FAIL),
    ],
)
def test_the_worst_finding_decides(severities: tuple[Severity, ...], verdict: Verdict) -> None:
    """Fail before decision before unverified before pass."""
    assert verdict_of(holding(*severities)) is verdict


def test_neither_old_nor_settled_findings_hold() -> None:
    """A fault that existed before, and one that a maintainer settled, change no verdict."""
    old = Finding("rule", "code", Severity.ERROR, "message", introduced=False)
    settled = Finding("rule", "code", Severity.ERROR, "message", settled=DECISION)
    assert verdict_of((old, settled)) is Verdict.PASS
    report = Report(
        Verdict.PASS, "README.md", Tally(), Tally(), findings=(old, settled, *holding(Severity.WARNING))
    )
    assert report.preexisting == (old,)
    assert report.settled == (settled,)
    assert report.introduced == holding(Severity.WARNING)
