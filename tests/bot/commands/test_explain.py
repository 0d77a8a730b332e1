"""``papergate explain`` says what a rule is for, from the table of rules."""

from __future__ import annotations

import subprocess
import sys

import pytest
from click.testing import CliRunner

from bot.cli import cli
from rules.rule_table import NAMES, RULES


def explain(name: str) -> str:
    """Return what the command prints."""
    result = CliRunner().invoke(cli, ["explain", name])
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.parametrize("name", NAMES)
def test_each_rule_and_code_is_explained(name: str) -> None:
    """Summary, severity, reason and remedy are there; of a code, that code alone."""
    rule = RULES[name.partition("/")[0]]
    shown = " ".join(explain(name).split())
    codes = [code for code in rule.codes if name in {rule.name, f"{rule.name}/{code.name}"}]
    for text in (rule.summary, rule.why, rule.how, *(code.summary for code in codes)):
        assert " ".join(text.split()) in shown
    for code in rule.codes:
        assert (f"{code.name}: {code.severity.value}" in shown) == (code in codes)


def test_a_misspelled_name_is_a_usage_error() -> None:
    """It says what was probably meant."""
    result = CliRunner().invoke(cli, ["explain", "format/mising-year"])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "no such rule: format/mising-year; did you mean format/missing-year?" in result.stderr


def test_nothing_depends_on_docstrings() -> None:
    """Python without docstrings and assertions knows the same names, also in a policy."""
    program = (
        "from bot.files.policy_file import read_policy; from rules.rule_table import NAMES;"
        "read_policy('severities: {format/missing-year: warning, structure/unreadable: decision}');"
        "print(len(NAMES))"
    )
    run = subprocess.run(
        [sys.executable, "-OO", "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert run.stdout == f"{len(NAMES)}\n"
