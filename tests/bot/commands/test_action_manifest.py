"""What ``action.yml`` and ``.pre-commit-hooks.yaml`` run exists, is pinned and takes no text of strangers."""

from __future__ import annotations

import re
import subprocess

import pytest
import yaml
from click.testing import CliRunner

from bot.cli import cli
from tests.paths import ROOT

ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
STEPS = ACTION["runs"]["steps"]
SCRIPTS = [step["run"] for step in STEPS if "run" in step]


@pytest.mark.parametrize("script", SCRIPTS)
def test_scripts_are_valid_and_hold_no_expression(script: str) -> None:
    """An expression in a script would let whoever controls its value run commands."""
    assert "${{" not in script
    subprocess.run(["bash", "-n"], input=script, text=True, check=True)


def test_other_actions_are_pinned_to_a_commit() -> None:
    """A tag can be moved."""
    assert all(re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", step["uses"]) for step in STEPS if "uses" in step)


def test_the_build_tool_is_taken_from_the_lock_with_its_hashes() -> None:
    """The command of the script yields one requirement."""
    (line,) = (line for line in SCRIPTS[0].splitlines() if line.startswith("sed "))
    command = line.split(" > ")[0].replace("$GITHUB_ACTION_PATH", str(ROOT))
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    first, *hashes = done.stdout.splitlines()
    assert first.startswith("setuptools==")
    assert hashes
    assert all("--hash=sha256:" in line for line in hashes)


def test_outputs_are_those_that_the_command_writes() -> None:
    """Verdict and report, from the step that runs the command."""
    assert STEPS[-1]["run"].endswith('papergate" action')
    assert {name: output["value"] for name, output in ACTION["outputs"].items()} == {
        name: f"${{{{ steps.{STEPS[-1]['id']}.outputs.{name} }}}}" for name in ("verdict", "report")
    }


def test_inputs_reach_the_command() -> None:
    """As the environment variable that its option reads."""
    assert STEPS[-1]["env"] == {
        "INPUT_OFFLINE": "${{ inputs.offline }}",
        "INPUT_TOKEN": "${{ inputs.token }}",
    }
    help_text = CliRunner().invoke(cli, ["action", "--help"]).output
    assert "--offline" in help_text


def test_the_hook_runs_a_command_that_exists() -> None:
    """With options that it knows."""
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    name, *arguments = hook["entry"].split()
    assert name == "papergate"
    assert CliRunner().invoke(cli, [*arguments, "--help"]).exit_code == 0
