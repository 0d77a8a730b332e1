"""docs/rules.md, made from the rules and the examples in their docstrings."""

from __future__ import annotations

from collections.abc import Iterator

from rules.rule import Code, Rule
from rules.rule_table import RULES
from tests.rules.examples import Example, examples_of

_LEAD = """# The rules

This page is made from the rules themselves (`make docs`). The examples are tests: each one reports what it
shows and nothing else. An example without a heading is in a top section, and its papers are cited often
enough, unless it says otherwise.

`error`, `decision` and `unverified` hold the merge, `warning` never does. A policy can change the severity of
a rule, or of one of its codes as `rule/code`, under `severities` in `.github/papergate.yml`.
`papergate explain RULE` prints the same words.
"""


def rules_page() -> str:
    """Return the page of all rules, with an anchor ``rule-code`` for each code."""
    rules = sorted(RULES.values(), key=lambda rule: rule.name)
    contents = "\n".join(f"- [{rule.name}](#{rule.name}): {rule.summary}" for rule in rules)
    return "\n".join([_LEAD, contents + "\n", *(_section(rule) for rule in rules)])


def _section(rule: Rule) -> str:
    examples = list(examples_of(rule))
    good = "\n".join(_block(example) for example in examples if example.code is None)
    rows = "\n".join(_row(rule, code) for code in rule.codes)
    codes = "\n".join(_code(rule, code, examples) for code in rule.codes)
    return (
        f"## {rule.name}\n\n{rule.summary}\n\n**Why.** {rule.why}\n\n**How to fix.** {rule.how}\n\n"
        f"| code | severity |\n|---|---|\n{rows}\n\nGood:\n\n{good}\n{codes}"
    )


def _row(rule: Rule, code: Code) -> str:
    return f"| [`{code.name}`](#{rule.name}-{code.name}) | {_severity(code)} |"


def _severity(code: Code) -> str:
    other = f"; {code.otherwise.value} {code.when}" if code.otherwise else ""
    return f"{code.severity.value}{other}"


def _code(rule: Rule, code: Code, examples: list[Example]) -> str:
    bad = "\n".join(_block(example) for example in examples if example.code == code.name)
    anchor = f'<a id="{rule.name}-{code.name}"></a>'
    return f"{anchor}\n\n### {rule.name}/{code.name}\n\n{code.summary}\n" + (f"\n{bad}" if bad else "")


def _block(example: Example) -> str:
    conditions = ", ".join(example.terms)
    lead = f"With {conditions}:\n\n" if conditions else ""
    return f"{lead}```text\n{chr(10).join(_lines(example))}\n```\n"


def _lines(example: Example) -> Iterator[str]:
    if example.before is not None:
        yield from ("Before:", *example.before, "After:")
    yield from example.after
    if example.companion is not None:
        yield from ("Companion:", *example.companion)
