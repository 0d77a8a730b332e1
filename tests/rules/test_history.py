"""The labelled history of the real list is judged as its labels say."""

from __future__ import annotations

from functools import cache

import pytest

from rules.changes.compare import compare
from rules.context import Question
from rules.evaluate import Unreadable, evaluate, read_change
from rules.papers.titles import key
from rules.reading.walk import read_document
from rules.report.findings import Finding
from rules.report.report import Report
from tests.rules.history import CHANGES, Change, Label

LABELLED = {"format", "duplicate", "placement", "link", "count", "structure"}
every_change = pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.name)


@cache
def report_named(name: str) -> Report:
    change = next(change for change in CHANGES if change.name == name)
    found = read_change(change.base, change.base, change.head, change.policy)
    return evaluate(found, change.policy, None, Question(change.today))


def report_on(change: Change) -> Report:
    return report_named(change.name)


def findings(report: Report) -> list[Finding]:
    return [finding for finding in report.introduced if finding.rule in LABELLED]


def hits(label: Label, finding: Finding) -> bool:
    if finding.rule != label.rule:
        return False
    if not label.lines or finding.line is None:
        return not label.lines
    return bool(label.lines & set(range(finding.line, (finding.end_line or finding.line) + 1)))


@every_change
def test_says_all_that_is_labelled(change: Change) -> None:
    """No labelled fault is missed, and each is reported with its labelled severity."""
    found = findings(report_on(change))
    missed = [label for label in change.wanted if not any(hits(label, finding) for finding in found)]
    assert missed == []
    severities = {
        (label, finding.severity.value)
        for label in change.wanted
        for finding in found
        if hits(label, finding)
    }
    assert [label for label in change.wanted if (label, label.severity) not in severities] == []


@every_change
def test_says_nothing_else(change: Change) -> None:
    """A finding that is neither labelled nor allowed is a false alarm."""
    if not change.complete:
        assert {label.rule for label in change.wanted} == {"duplicate"}
        return
    found = findings(report_on(change))
    assert [item for item in found if not any(hits(label, item) for label in change.allowed)] == []


@every_change
def test_tells_papers_from_lines(change: Change) -> None:
    """Added, removed and moved papers are those a reader sees."""
    changes = report_on(change).changes
    for kind, titles in change.titles.items():
        if titles is not None:
            said = sorted(key(item.title) for item in getattr(changes, kind))
            assert said == sorted(key(title) for title in titles), kind


@every_change
def test_counts_the_top_sections(change: Change) -> None:
    """The count before and after is the labelled one."""
    if change.top_count[1] is not None:
        count = report_on(change).top_count
        assert (count.base, count.head) == change.top_count


@every_change
def test_holds_no_clean_change(change: Change) -> None:
    """A change without fault is not held."""
    if change.clean:
        assert not any(finding.gates for finding in findings(report_on(change)))


BEHIND = [change for change in CHANGES if change.branch is not None]


@pytest.mark.parametrize("change", BEHIND, ids=lambda change: change.name)
def test_branch_behind_its_base_makes_the_list_git_made(change: Change) -> None:
    """The change of a branch, applied to the base that moved on, gives the entries of the real merge."""
    assert change.merge_base is not None
    assert change.branch is not None
    found = read_change(change.merge_base, change.base, change.branch, change.policy)
    assert not isinstance(found, Unreadable)
    merged = read_document(change.head, change.policy)
    result = sorted((stands.listed.section, stands.listed.entry.body) for stands in found.result)
    assert result == sorted((listed.section, listed.entry.body) for listed in merged.entries)


@pytest.mark.parametrize("change", BEHIND, ids=lambda change: change.name)
def test_branch_behind_its_base_invents_no_removals(change: Change) -> None:
    """What the branch does is what the real merge did to the base."""
    assert change.merge_base is not None
    assert change.branch is not None
    found = read_change(change.merge_base, change.base, change.branch, change.policy)
    assert not isinstance(found, Unreadable)
    real = compare(read_document(change.base, change.policy), read_document(change.head, change.policy))
    assert [entry.key for entry in found.diff.removed] == [entry.key for entry in real.removed]
    assert [entry.key for entry in found.diff.added] == [entry.key for entry in real.added]
