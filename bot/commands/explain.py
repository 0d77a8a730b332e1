"""``papergate explain``."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

import click

from rules.rule import Code, Rule
from rules.rule_table import NAMES, RULES
from rules.sentences import nearest

_WIDTH = 88  # characters a line, for a terminal or a log


@click.command("explain")
@click.argument("name", metavar="RULE[/CODE]")
def command(name: str) -> None:
    """Say what a rule, or one of its codes, is for and how to fix what it reports."""
    rule_name, _, code_name = name.partition("/")
    if name not in NAMES:
        raise click.UsageError(f"no such rule: {name}{_meant(name)}")
    rule = RULES[rule_name]
    codes = [rule.code(code_name)] if code_name else rule.codes
    click.echo("\n".join([f"{name}: {rule.summary}", "", *_table(codes), "", *_advice(rule)]))


def _table(codes: Iterable[Code]) -> Iterator[str]:
    for code in codes:
        other = f" ({code.otherwise.value} {code.when})" if code.otherwise else ""
        yield f"  {code.name}: {code.severity.value}{other}"
        yield f"    {code.summary}"


def _advice(rule: Rule) -> Iterator[str]:
    yield from textwrap.wrap(f"Why. {rule.why}", _WIDTH)
    yield ""
    yield from textwrap.wrap(f"How to fix. {rule.how}", _WIDTH)


def _meant(name: str) -> str:
    """Return what was probably meant, or which rules there are, as the end of a sentence."""
    near = nearest(name, NAMES)
    return f"; did you mean {near}?" if near else f"; there are {', '.join(RULES)}"
