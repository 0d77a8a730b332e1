"""The examples in the rules' docstrings hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from rules.bibliography.matching import Companion
from rules.context import ListChange, Question
from rules.evaluate import Unreadable, evaluate, read_change, wanted
from rules.papers.evidence import Answer, Evidence, Reach, Reached, Record, Unanswered, Unknown
from rules.policy.forms import FormLine, ListForms, Numbers
from rules.policy.policy import Policy
from rules.policy.presets import MOST_CITED
from rules.report.report import Report
from rules.rule import Rule
from rules.rule_table import RULES
from tests.rules.bib import read_bib
from tests.rules.examples import Example, examples_of

TODAY = date(2026, 11, 24)
FIRST_SECTION = "### Optimization / Training Techniques"
ENTRY_RULES = {"format", "link"}
EXAMPLES = [(rule, example) for rule in RULES.values() for example in examples_of(rule)]
# What no corrected line can supply: it would have to be made up.
WITHOUT_FIX = {
    "format/authors-missing", "format/author-no-initial", "link/missing-link",
    "format/not-an-entry", "format/numbering", "format/tag-malformed",
    "link/empty-url", "link/same-url-other-entry", "link/html-not-pdf", "link/raw-ip", "link/wrong-paper",
    "link/dead", "link/unreachable",
}  # fmt: skip


def text_of(lines: tuple[str, ...]) -> str:
    headed = lines if lines[0].startswith(("#", "* [")) else (FIRST_SECTION, *lines)
    month = f"{TODAY:%y%m}"
    return "\n\n".join(["# A list", "\n".join(headed)]).replace("{this-month}", month) + "\n"


def evidence_of(example: Example, found: ListChange) -> Evidence:
    answer: Answer = Unknown("A source", TODAY)
    if example.down:
        answer = Unanswered("A source", "it is down")
    elif example.record is not None:
        known = example.record
        answer = Record("A source", TODAY, example.citations, known.title, known.surnames, (known.year,))
    elif example.citations is not None:
        answer = Record("A source", TODAY, example.citations)
    asked = wanted(found)
    queries = [query for query in (*asked.full, *asked.count_only) if example.knows(query)]
    reach = {200: Reach.ALIVE, 404: Reach.DEAD}.get(example.status, Reach.UNVERIFIED)
    reached = dict.fromkeys(asked.urls, Reached(reach, f"it answered HTTP {example.status}"))
    return Evidence(dict.fromkeys(queries, (answer,)), reached)


def companion_of(example: Example) -> Companion | None:
    if example.companion is None:
        return None
    after = read_bib("\n".join(example.companion))
    return Companion("papers.bib", None if example.before is None else after, after)


def report_on(example: Example, policy: Policy = MOST_CITED) -> Report:
    if example.cap is not None:
        policy = replace(policy, cap=example.cap)
    if example.form is not None:
        forms = ListForms((FormLine(example.form),), numbers=Numbers.COUNTING)
        policy = Policy("numbered", (), forms=forms, order=None)
    after = text_of(example.after)
    headings = tuple(line for line in after.split("\n") if line.startswith("#"))
    before = text_of(headings if example.before is None else example.before)
    found = read_change(before, before, after, policy)
    assert not isinstance(found, Unreadable), found.reason
    found = replace(found, companion=companion_of(example))
    return evaluate(found, policy, evidence_of(example, found), Question(TODAY))


def said(report: Report) -> set[str]:
    return {f"{finding.rule}/{finding.code}" for finding in report.findings}


@pytest.mark.parametrize(
    ("rule", "example"),
    [pytest.param(rule, example, id=f"{rule.name}-{example.code}") for rule, example in EXAMPLES],
)
def test_example_reports_what_it_shows_and_nothing_else(rule: Rule, example: Example) -> None:
    """A bad example yields its code, with the severity that the rule declares, and a good one nothing."""
    report = report_on(example)
    shown = {f"{rule.name}/{example.code}"} if example.code else set()
    assert said(report) == shown | set(example.also)
    if example.code:
        expected = example.severity or rule.code(example.code).severity.value
        found = [item for item in report.findings if (item.rule, item.code) == (rule.name, example.code)]
        assert {item.severity.value for item in found} == {expected}


@pytest.mark.parametrize(
    ("rule", "example"),
    [
        pytest.param(rule, example, id=f"{rule.name}-{example.code}")
        for rule, example in EXAMPLES
        if rule.name in ENTRY_RULES and f"{rule.name}/{example.code}" not in WITHOUT_FIX and example.code
    ],
)
def test_fix_makes_an_example_good(rule: Rule, example: Example) -> None:
    """The corrected lines of a bad example leave nothing to report."""
    report = report_on(example)
    assert rule.name in {finding.rule for finding in report.findings}
    (fix,) = {finding.fix for finding in report.findings if finding.code == example.code}
    assert fix is not None
    lines = text_of(example.after).split("\n")
    lines[fix.line - 1 : fix.end_line] = [] if fix.text is None else fix.text.split("\n")
    assert said(report_on(replace(example, before=None, after=tuple(lines[:-1])))) == set()


@pytest.mark.parametrize("name", sorted(WITHOUT_FIX))
def test_no_fix_is_made_up(name: str) -> None:
    """Where the entry lacks what the list asks for, no corrected line is offered."""
    examples = [example for rule, example in EXAMPLES if f"{rule.name}/{example.code}" == name]
    assert examples
    for example in examples:
        assert all(finding.fix is None for finding in report_on(example).findings)


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.name)
def test_every_code_has_an_example(rule: Rule) -> None:
    """A rule has a good example, and a bad one of each code; a list that cannot be read has none to show."""
    examples = list(examples_of(rule))
    codes = {code.name for code in rule.codes}
    if rule.name == "structure":
        codes.remove("unreadable")
    assert {example.code for example in examples if example.code} == codes
    assert any(example.code is None for example in examples)


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.name)
def test_every_rule_describes_itself(rule: Rule) -> None:
    """Each text is a sentence, each code is declared once, and a second severity says when it is used."""
    texts = [rule.summary, rule.why, rule.how, *(code.summary for code in rule.codes)]
    assert all(text[0].isupper() or text[0] == "`" for text in texts)
    assert all(text.endswith((".", '."')) for text in texts)
    names = [code.name for code in rule.codes]
    assert len(names) == len(set(names))
    assert all(bool(code.otherwise) == bool(code.when) for code in rule.codes)
