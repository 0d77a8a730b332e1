"""All rules. To add one: a file in ``rules/checks`` that declares it, a line here, and its tests."""

from __future__ import annotations

from rules.checks import citations, companion, count, duplicate, link, order, placement, record, structure
from rules.checks import format as format_
from rules.rule import Rule

# In the order in which findings about one line are reported.
RULES: dict[str, Rule] = {
    rule.name: rule
    for rule in (
        structure.RULE,
        count.RULE,
        duplicate.RULE,
        citations.RULE,
        record.RULE,
        placement.RULE,
        link.RULE,
        format_.RULE,
        order.RULE,
        companion.RULE,
    )
}

# What a policy can name: each rule, and each rule/code.
NAMES: tuple[str, ...] = tuple(
    sorted({*RULES, *(f"{rule.name}/{code.name}" for rule in RULES.values() for code in rule.codes)})
)
