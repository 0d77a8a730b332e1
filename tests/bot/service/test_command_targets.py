"""Commands find what they are about in the report of the pull request."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.database.reports import SeenReport
from bot.process.isolation import InProcess
from bot.service.command_targets import seen_report
from bot.service.pipeline import Evaluation, Pipeline, Texts
from bot.slash import targets
from bot.slash.arguments import LineNumber, Title
from bot.slash.roles import CommandPolicy, Role
from bot.slash.run import policy_of
from rules.context import ListChange, Question
from rules.decisions import Content
from rules.papers.evidence import Evidence, EvidenceRequest, Record
from rules.policy.presets import MOST_CITED

TODAY = date(2026, 11, 24)
BASE = "# A list\n\n### Speech / Other Domain\n"
FEW = "- **A paper cited seldom** (2015), A. Author et al. [[pdf]](http://arxiv.org/pdf/1501.00001)\n"
BAD = "- **A paper without its year**, B. Author et al. [[pdf]](http://arxiv.org/pdf/1502.00002)\n"


def ask(wanted: EvidenceRequest) -> Evidence:
    return Evidence({query: (Record("A source", TODAY, 5),) for query in wanted.full})


def evaluated(*lines: str) -> Evaluation:
    texts = Texts(BASE, BASE, BASE + "".join(lines))
    return Pipeline(InProcess(), ask, Question(TODAY)).evaluate(texts, MOST_CITED)


def report_of(*lines: str) -> SeenReport:
    return seen_report("a" * 40, "main", MOST_CITED, evaluated(*lines))


def test_a_rule_is_found_by_name_or_with_its_code() -> None:
    """``format`` and ``format/missing-year`` name the same gating finding."""
    report = report_of(BAD)
    (target,) = targets.findings(report, "format", None)
    assert (target.rule, target.title) == ("format/missing-year", "A paper without its year")
    assert target.fingerprint
    assert targets.findings(report, "format/missing-year", None) == (target,)
    assert targets.findings(report, "format/not-bold", None) == ()
    assert targets.findings(report, "order", None) == ()


def test_an_entry_narrows_what_is_found() -> None:
    """By its title in any case, or by a line of the head."""
    report = report_of(FEW, BAD)
    assert [target.title for target in targets.findings(report, "format", LineNumber(5))] == [
        "A paper without its year"
    ]
    assert targets.findings(report, "format", LineNumber(4)) == ()
    assert len(targets.findings(report, "format", Title("a paper WITHOUT its year"))) == 1
    assert targets.findings(report, "format", Title("Another paper")) == ()


def test_what_waits_for_a_decision_is_pending() -> None:
    """Errors do not wait: they are fixed or waived."""
    report = report_of(FEW, BAD)
    assert [one.rule for one in targets.pending(report, Title("A paper cited seldom"))] == [
        "citations/below-threshold"
    ]
    assert targets.pending(report_of(FEW), Title("Another paper")) == ()
    assert [one.rule for one in targets.others(report, None)] == ["format/missing-year"]


def test_counts_are_those_of_entries_that_the_change_touches() -> None:
    """An attestation is bound to the entry as it reads."""
    evaluation = evaluated(FEW)
    report = seen_report("a" * 40, "main", MOST_CITED, evaluation)
    (target,) = targets.counts(report, Title("A paper cited seldom"))
    assert isinstance(evaluation.found, ListChange)
    (entry,) = evaluation.found.head.entries
    assert (target.rule, target.fingerprint) == ("citations", Content(evaluation.found).entry(entry))


def test_without_an_evaluation_there_is_nothing_to_decide() -> None:
    """There is no policy, or the change adds nothing."""
    for report in (seen_report("a" * 40, "main", None, None), report_of()):
        assert targets.findings(report, "format", None) == ()
        assert targets.pending(report, None) == ()
        assert targets.counts(report, Title("A")) == ()


def test_the_policy_for_commands_is_kept_with_the_report() -> None:
    """Commands are read and allowed by the policy of the report that their author saw."""
    policy = replace(MOST_CITED, bare_commands=False, command_roles={"fix": frozenset({"admin"})})
    report = seen_report("a" * 40, "main", policy, None)
    assert policy_of(report) == CommandPolicy(False, {"fix": frozenset({Role.ADMIN})})
    assert policy_of(None) == CommandPolicy()
