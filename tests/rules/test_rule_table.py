"""The table of rules: which codes there are, and how severe each usually is."""

from __future__ import annotations

import pytest

from rules.rule_table import NAMES, RULES

E, D, U, W = "error", "decision", "unverified", "warning"
SEVERITIES = {
    "citations": {
        "below-threshold": D, "too-new": D, "before-thresholds": D, "no-threshold": D, "unknown": D,
        "no-identifier": D, "unanswered": U,
    },
    "companion": {"missing": W, "surplus": W, "differing": W, "unreadable": W},
    "count": {"over-limit": E},
    "duplicate": {"exact": E, "same-id": E, "near": W},
    "format": {
        "missing-year": E, "year-malformed": E, "year-misplaced": E, "authors-missing": E, "not-bold": E,
        "bold-outside-top": E, "comma-before-link": W, "et-al": W, "author-full-name": W,
        "author-no-initial": W, "author-initial-dot": W, "three-authors": W, "period-after-authors": W,
        "no-comma-after-year": W, "double-space": W, "marker": W, "trailing-space": W, "tag-malformed": W,
        "text-after-link": W, "not-an-entry": E, "off-form": W, "numbering": W,
    },
    "link": {
        "missing-link": E, "empty-url": E, "empty-label": E, "space-between": E, "broken-markup": E,
        "split-line": E, "same-url-other-entry": E, "arxiv-abs": W, "html-not-pdf": W, "raw-ip": W,
        "tracking": W, "url-space": W, "no-scheme": W, "wrong-paper": W, "brackets": W, "dead": E,
        "unreachable": W,
    },
    "order": {"not-newest-first": W},
    "placement": {"pre-2012": W, "wrong-year-section": W, "not-new": W, "year-subgroup": W},
    "record": {
        "other-paper": E, "authors-differ": E, "other-title": D, "title-differs": W, "author-slip": W,
        "first-author": W, "year-differs": W,
    },
    "structure": {
        "section-added": E, "section-removed": E, "section-renamed": E, "section-repeated": E,
        "toc-anchor-broken": W, "criteria-changed": D, "merge-conflict": E, "unreadable": E,
    },
}  # fmt: skip


@pytest.mark.parametrize("name", RULES)
def test_each_code_has_its_severity(name: str) -> None:
    """Whether a finding holds the merge is the product: no severity changes by accident."""
    declared = {code.name: code.severity.value for code in RULES[name].codes}
    assert declared == SEVERITIES[name]


def test_a_second_severity_is_declared() -> None:
    """Three codes have one: each is weaker or, once nobody answers for days, a question for a maintainer."""
    others = {
        f"{rule.name}/{code.name}": code.otherwise.value
        for rule in RULES.values()
        for code in rule.codes
        if code.otherwise
    }
    assert others == {
        "citations/unanswered": "decision",
        "count/over-limit": "warning",
        "structure/section-renamed": "warning",
    }


def test_a_policy_can_name_every_rule_and_code() -> None:
    """Each rule by its name, each code as rule/code."""
    for rule, codes in SEVERITIES.items():
        assert rule in NAMES
        assert {f"{rule}/{code}" for code in codes} <= set(NAMES)


def test_an_undeclared_code_is_refused() -> None:
    """A rule cannot report what its table does not have."""
    with pytest.raises(KeyError, match="count/other"):
        RULES["count"].finding("other", "message")
