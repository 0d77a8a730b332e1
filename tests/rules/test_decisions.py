"""A decision settles what it was about, and lives as long as that stays as it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from rules.changes.paper_records import query_of
from rules.context import ListChange, Question
from rules.decisions import Content
from rules.evaluate import Unreadable, evaluate, read_change
from rules.papers.evidence import Evidence, Record
from rules.policy.policy import Policy
from rules.policy.presets import MOST_CITED
from rules.report.findings import Decision, DecisionKind, Finding
from rules.report.report import Report, Verdict

TODAY = date(2026, 11, 24)
BASE = """# A list

## Awesome list criteria
- **2015** : +200 citations

### Image / Video / Etc
- **First title of a paper** (2015), A. Author et al. [[pdf]](http://arxiv.org/pdf/1501.00001)

### Speech / Other Domain
"""
NEW = "- **Second title of a paper** (2015), B. Author et al. [[pdf]](http://arxiv.org/pdf/1502.00002)\n"
BAD = NEW.replace("(2015), ", "")
POLICY = replace(MOST_CITED, companion=None)


def list_change(head: str, policy: Policy = POLICY) -> ListChange:
    found = read_change(BASE, BASE, head, policy)
    assert not isinstance(found, Unreadable)
    return found


def report_on(head: str, *decisions: Decision, citations: int = 5, policy: Policy = POLICY) -> Report:
    found = list_change(head, policy)
    answers = {query_of(listed): (Record("A source", TODAY, citations),) for listed in found.head.entries}
    return evaluate(found, policy, Evidence(answers), Question(TODAY, decisions=decisions))


def held(report: Report) -> list[str]:
    return [f"{finding.rule}/{finding.code}" for finding in report.findings if finding.gates]


def finding(report: Report, name: str) -> Finding:
    return next(item for item in report.findings if f"{item.rule}/{item.code}" == name)


def decide(kind: DecisionKind, name: str, head: str, policy: Policy = POLICY, *, rule: str = "") -> Decision:
    subject = finding(report_on(head, policy=policy), name).fingerprint
    return Decision(
        kind, rule or name, subject, "maintainer", TODAY, "It belongs here", "https://github.com/c/1"
    )


def test_accepted_decision_lets_the_change_pass() -> None:
    """What a maintainer accepts holds nothing, and the report names who and why."""
    accepted = decide(DecisionKind.ACCEPT, "citations/below-threshold", BASE + NEW)
    report = report_on(BASE + NEW, accepted)
    assert (report.verdict, report.decisions, report.ended) == (Verdict.PASS, (accepted,), ())
    assert finding(report, "citations/below-threshold").settled == accepted


def test_decision_survives_an_unrelated_change() -> None:
    """A push that leaves the entry alone, or moves it to another line, leaves the decision."""
    accepted = decide(DecisionKind.ACCEPT, "citations/below-threshold", BASE + NEW)
    other = NEW.replace("Second title of", "Third name for").replace("1502.00002", "1503.00003")
    report = report_on(BASE + other + NEW, accepted)
    assert held(report) == ["citations/below-threshold"]
    assert report.decisions == (accepted,)


@pytest.mark.parametrize(
    ("old", "new"), [("(2015)", "(2014)"), ("Second title", "Second name"), ("B. Author", "B. Writer")]
)
def test_decision_ends_with_what_it_was_about(old: str, new: str) -> None:
    """A change of the entry ends the decision, and the report says so."""
    accepted = decide(DecisionKind.ACCEPT, "citations/below-threshold", BASE + NEW)
    report = report_on(BASE + NEW.replace(old, new), accepted)
    assert "citations/below-threshold" in held(report)
    assert (report.decisions, report.ended) == ((), (accepted,))


def test_waiver_of_a_rule_covers_its_codes_and_no_other_rule() -> None:
    """A waived rule holds nothing at that entry; the others hold on."""
    waived = decide(DecisionKind.WAIVE, "format/missing-year", BASE + BAD, rule="format")
    assert held(report_on(BASE + BAD, citations=9000)) == ["format/missing-year"]
    assert held(report_on(BASE + BAD, waived, citations=9000)) == []
    assert "link/missing-link" in held(report_on(BASE + BAD.split(" [[")[0] + "\n", waived))


def test_errors_are_waived_never_accepted() -> None:
    """To accept settles what is left to a decision; an error needs a waiver."""
    accepted = decide(DecisionKind.ACCEPT, "format/missing-year", BASE + BAD)
    assert "format/missing-year" in held(report_on(BASE + BAD, accepted))


def test_waived_count_is_bound_to_the_number_and_the_papers() -> None:
    """One more paper than the maintainer saw is another question."""
    policy = replace(POLICY, cap=1)
    other = NEW.replace("Second title of", "Third name for").replace("1502.00002", "1503.00003")
    waived = decide(DecisionKind.WAIVE, "count/over-limit", BASE + NEW, policy)
    assert "count/over-limit" not in held(report_on(BASE + NEW, waived, policy=policy))
    for head in (BASE + NEW + other, BASE + other):
        report = report_on(head, waived, policy=policy)
        assert "count/over-limit" in held(report)
        assert report.ended == (waived,)


def test_waived_section_and_criteria_are_bound_to_their_text() -> None:
    """A heading, and the criteria, are waived as they read."""
    head = BASE.replace("### Speech", "### Image generation\n### Speech").replace("+200", "+20")
    section = decide(DecisionKind.WAIVE, "structure/section-added", head)
    criteria = decide(DecisionKind.ACCEPT, "structure/criteria-changed", head)
    assert held(report_on(head, section, criteria)) == []
    changed = head.replace("Image generation", "Image synthesis").replace("+20 ", "+2 ")
    report = report_on(changed, section, criteria)
    assert held(report) == ["structure/criteria-changed", "structure/section-added"]
    assert report.ended == (section, criteria)


def test_attested_count_stands_beside_the_sources() -> None:
    """A count that a maintainer vouches for decides where it is higher, named as what it is."""
    change = list_change(BASE + NEW)
    entry = next(item for item in change.head.entries if item.title.startswith("Second"))
    said = Decision(DecisionKind.ATTEST, "citations", Content(change).entry(entry), "maintainer", TODAY, "", "https://github.com/c/1",
                    entry.title, 150, "https://example.org/count")  # fmt: skip
    report = report_on(BASE + NEW, said)
    assert (
        "150 citations (attested by maintainer, 2026-11-24)"
        in finding(report, "citations/below-threshold").message
    )
    assert held(report_on(BASE + NEW, replace(said, count=200))) == []
    assert held(report_on(BASE + NEW.replace("B. A", "C. A"), replace(said, count=200))) == [
        "citations/below-threshold"
    ]


def test_each_kind_of_finding_has_its_own_fingerprint() -> None:
    """An entry, a section, a line, the count and the criteria are bound to themselves, not to each other."""
    policy = replace(POLICY, cap=1)
    gone = BASE.replace("\n### Speech / Other Domain\n", "").replace("+200", "+20")
    head = f"{gone}{BAD}<<<<<<< HEAD\n### Robots of our time\n"
    report = report_on(head, policy=policy)
    marks = {f"{item.rule}/{item.code}": item.fingerprint for item in report.findings}
    kinds = {name: mark.partition(":")[0] for name, mark in marks.items()}
    assert {
        "format/missing-year": "entry",
        "structure/section-removed": "named",
        "structure/section-added": "line",
        "structure/merge-conflict": "line",
        "structure/criteria-changed": "criteria",
        "count/over-limit": "count",
    }.items() <= kinds.items()
    different = [mark for name, mark in marks.items() if kinds[name] != "entry"]
    assert len(set(different)) == len(different)
    assert all(len(mark.partition(":")[2]) == 32 for mark in marks.values())


@pytest.mark.parametrize(
    ("name", "head", "other"),
    [
        ("structure/section-removed", BASE.replace("\n### Speech / Other Domain\n", ""), BASE),
        ("structure/merge-conflict", BASE + "<<<<<<< HEAD\n", BASE + "<<<<<<< main\n"),
    ],
)
def test_a_waiver_of_structure_lives_as_long_as_its_subject(name: str, head: str, other: str) -> None:
    """It holds while section or line stay as they are, and ends with them."""
    waived = decide(DecisionKind.WAIVE, name, head)
    assert name in held(report_on(head))
    report = report_on(head, waived)
    assert (name in held(report), report.decisions, report.ended) == (False, (waived,), ())
    assert report_on(other, waived).ended == (waived,)


def test_a_waiver_is_about_its_entry_alone() -> None:
    """The same fault of another entry, and another fault of this one, hold on."""
    other = BAD.replace("Second title of", "Third name for").replace("1502.00002", "1503.00003")
    waived = decide(DecisionKind.WAIVE, "format/missing-year", BASE + BAD)
    report = report_on(BASE + BAD + other, waived, citations=9000)
    settled = [
        (item.title, item.settled == waived) for item in report.findings if item.code == "missing-year"
    ]
    assert settled == [
        ("Second title of a paper", True),
        ("Third name for a paper", False),
    ]
    assert [item.title for item in report.settled] == ["Second title of a paper"]


def test_white_space_and_line_numbers_change_no_subject() -> None:
    """A decision follows its entry and its heading wherever they go."""
    waived = decide(DecisionKind.WAIVE, "format/missing-year", BASE + BAD)
    moved = BASE + "\n" + BAD.replace("**, B.", "**,  B.")
    assert report_on(moved, waived).decisions == (waived,)
    conflict = decide(DecisionKind.WAIVE, "structure/merge-conflict", BASE + "<<<<<<< HEAD\n")
    assert report_on(BASE + "\n<<<<<<< HEAD  \n", conflict).decisions == (conflict,)


def test_a_count_that_no_longer_is_the_same_ends_its_waiver() -> None:
    """A paper that moves up counts as one that is added; the order of papers does not matter."""
    policy = replace(POLICY, cap=1)
    other = NEW.replace("Second title of", "Third name for").replace("1502.00002", "1503.00003")
    waived = decide(DecisionKind.WAIVE, "count/over-limit", BASE + NEW + other, policy)
    assert report_on(BASE + other + NEW, waived, policy=policy).decisions == (waived,)
    lines = (BASE + NEW + other).replace(NEW, NEW.replace("Second title", "Another title"))
    assert report_on(lines, waived, policy=policy).ended == (waived,)


def test_decision_covers_neither_another_copy_nor_another_section() -> None:
    """What was decided is one entry at its place; a copy of it is another question, and so is a move."""
    waived = decide(DecisionKind.WAIVE, "format/missing-year", BASE + BAD)
    assert held(report_on(BASE + BAD, waived)) == []
    for head in (BASE + BAD + BAD, BASE.replace("\n### Speech", f"{BAD}\n### Speech")):
        report = report_on(head, waived)
        assert "format/missing-year" in held(report)
        assert report.ended == (waived,)
