"""Commands find what they are about in the evaluation of the pull request."""

from __future__ import annotations

from datetime import date

from bot.process.isolation import InProcess
from bot.service.command_targets import PullTargets
from bot.service.pipeline import Evaluation, Pipeline, Texts
from bot.slash.arguments import LineNumber, Title
from rules.context import ListChange, Question
from rules.decisions import fingerprint_of_entry
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


def targets(*lines: str) -> PullTargets:
    return PullTargets(lambda: evaluated(*lines))


def test_a_rule_is_found_by_name_or_with_its_code() -> None:
    """``format`` and ``format/missing-year`` name the same gating finding."""
    found = targets(BAD)
    (target,) = found.findings("format", None)
    assert (target.rule, target.title) == ("format/missing-year", "A paper without its year")
    assert found.findings("format/missing-year", None) == (target,)
    assert found.findings("format/not-bold", None) == ()
    assert found.findings("order", None) == ()


def test_a_target_narrows_what_is_found() -> None:
    """A title, in any case, or a line of the head."""
    found = targets(FEW, BAD)
    assert [target.title for target in found.findings("format", LineNumber(5))] == [
        "A paper without its year"
    ]
    assert found.findings("format", LineNumber(4)) == ()
    assert len(found.findings("format", Title("a paper WITHOUT its year"))) == 1
    assert found.findings("format", Title("Another paper")) == ()


def test_what_waits_for_a_decision_is_pending() -> None:
    """Errors do not wait: they are fixed or waived."""
    assert [target.rule for target in targets(FEW, BAD).pending(Title("A paper cited seldom"))] == [
        "citations/below-threshold"
    ]
    assert targets(FEW).pending(Title("Another paper")) == ()


def test_counts_are_those_of_entries_the_change_touches() -> None:
    """An attestation is bound to the entry as it reads."""
    evaluation = evaluated(FEW)
    (target,) = PullTargets(lambda: evaluation).counts(Title("A paper cited seldom"))
    assert isinstance(evaluation.found, ListChange)
    (entry,) = evaluation.found.head.entries
    assert (target.rule, target.fingerprint) == ("citations", fingerprint_of_entry(entry))


def test_without_a_report_nothing_is_found() -> None:
    """There is no policy, or the change adds nothing."""
    for found in (PullTargets(lambda: None), targets()):
        assert found.findings("format", None) == ()
        assert found.pending(None) == ()
        assert found.counts(Title("A")) == ()
