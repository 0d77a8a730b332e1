"""The examples in the rules' docstrings hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.files.bib_file import read_bibliography
from rules.bibliography.matching import Companion
from rules.context import ListChange
from rules.evaluate import RULES, Unreadable, evaluate, read_change, wanted
from rules.examples import Example, examples_of, page_of
from rules.papers.evidence import Answer, Evidence, Reach, Reached, Record, Unanswered, Unknown
from rules.policy.policy import Policy
from rules.policy.presets import MOST_CITED
from rules.report.findings import Finding
from rules.report.report import Report

TODAY = date(2026, 11, 24)
FIRST_SECTION = "### Optimization / Training Techniques"
ENTRY_RULES = {"format", "link"}
EXAMPLES = [(name, example) for name, check in RULES.items() for example in examples_of(check)]


def text_of(lines: tuple[str, ...]) -> str:
    headed = lines if any(line.startswith("###") for line in lines[:3]) else (FIRST_SECTION, *lines)
    month = f"{TODAY:%y%m}"
    return "\n\n".join(["# A list", "\n".join(headed)]).replace("{this-month}", month) + "\n"


def evidence_of(example: Example, found: ListChange) -> Evidence:
    answer: Answer = Unknown("A source", TODAY)
    if example.down:
        answer = Unanswered("A source", "it is down")
    elif example.record is not None:
        known = example.record
        answer = Record("A source", TODAY, 9000, known.title, known.surnames, (known.year,))
    elif example.citations is not None:
        answer = Record("A source", TODAY, example.citations)
    asked = wanted(found)
    answers = {query: (answer,) for query in (*asked.judged, *asked.ranked) if query.identifier}
    reach = {200: Reach.ALIVE, 404: Reach.DEAD}.get(example.status, Reach.UNVERIFIED)
    return Evidence(answers, dict.fromkeys(asked.urls, Reached(reach, f"it answered HTTP {example.status}")))


def companion_of(example: Example) -> Companion | None:
    if example.companion is None:
        return None
    after = read_bibliography("\n".join(example.companion))
    return Companion("papers.bib", None if example.before is None else after, after)


def report_on(example: Example, policy: Policy = MOST_CITED) -> Report:
    if example.cap is not None:
        policy = replace(policy, cap=example.cap)
    after = text_of(example.after)
    headings = tuple(line for line in example.after if line.startswith("#"))
    before = text_of(headings if example.before is None else example.before)
    found = read_change(before, before, after, policy)
    assert not isinstance(found, Unreadable), found.reason
    found = replace(found, companion=companion_of(example))
    return evaluate(found, policy, evidence_of(example, found), "", TODAY)


def introduced(rule: str, report: Report) -> list[Finding]:
    return [finding for finding in report.findings if finding.introduced and finding.rule == rule]


@pytest.mark.parametrize(
    ("rule", "example"),
    [pytest.param(rule, example, id=f"{rule}-{example.code}") for rule, example in EXAMPLES],
)
def test_example_holds(rule: str, example: Example) -> None:
    """A bad example yields its code, a good one nothing of its rule."""
    codes = [finding.code for finding in introduced(rule, report_on(example))]
    if example.code is None:
        assert codes == []
    else:
        assert example.code in codes


@pytest.mark.parametrize(
    ("rule", "example"),
    [
        pytest.param(rule, example, id=f"{rule}-{example.code}")
        for rule, example in EXAMPLES
        if rule in ENTRY_RULES and example.code
    ],
)
def test_fix_mends_what_it_is_offered_for(rule: str, example: Example) -> None:
    """The corrected lines of a bad example, pasted, take the finding away and bring no other."""
    report = report_on(example)
    before = {finding.code for finding in report.introduced if finding.rule in ENTRY_RULES}
    fixes = [finding.fix for finding in introduced(rule, report) if finding.code == example.code]
    if not fixes or fixes[0] is None:
        assert example.code in {
            "authors-missing", "author-no-initial", "missing-link", "empty-url", "same-url-other-entry",
            "html-not-pdf", "raw-ip", "wrong-paper", "dead", "unreachable",
        }  # fmt: skip
        return
    lines = text_of(example.after).split("\n")
    fix = fixes[0]
    lines[fix.line - 1 : fix.end_line] = [] if fix.text is None else fix.text.split("\n")
    mended = report_on(replace(example, after=tuple(lines)))
    after = {finding.code for finding in mended.introduced if finding.rule in ENTRY_RULES}
    assert example.code not in after
    assert after <= before


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_a_page_with_both_kinds_of_example(rule: str) -> None:
    """A rule's page begins with a sentence and holds a bad and a good example."""
    examples = list(examples_of(RULES[rule]))
    assert page_of(RULES[rule]).split("\n")[0].endswith(".")
    assert any(example.code for example in examples)
    assert any(example.code is None for example in examples)
