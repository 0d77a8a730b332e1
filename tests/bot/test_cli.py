"""The command line as a process: exit statuses and output on any terminal."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import bot
from tests.paths import DATA

if TYPE_CHECKING:
    from pathlib import Path

LIST = DATA / "list" / "README.md"
BROKEN = """
import sys
import bot.commands.audit as audit
def fail(*_, **__):
    raise ValueError("a secret")
audit.command.callback = fail
sys.argv = ["papergate", *sys.argv[1:]]
from bot.cli import main
main()
"""


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "PAPERGATE_DEBUG"}
    return subprocess.run(
        [sys.executable, *arguments],
        env=environment | variables,
        capture_output=True,
        text=True,
        encoding=variables.get("PYTHONIOENCODING", "utf-8"),
        timeout=60,
        check=False,
    )


def test_the_module_is_the_command() -> None:
    """`python -m bot` needs no installation."""
    done = run("-m", "bot", "--version")
    assert (done.returncode, done.stdout) == (0, f"papergate, version {bot.__version__}\n")


def test_an_unexpected_error_is_status_3_and_one_line() -> None:
    """The line says where it happened and what to do, and quotes nothing that could be a secret."""
    done = run("-c", BROKEN, "audit", str(LIST))
    assert done.returncode == 3
    assert done.stdout == ""
    assert done.stderr.startswith("papergate: unexpected ValueError in bot/cli.py:")
    assert "PAPERGATE_DEBUG=1" in done.stderr
    assert done.stderr.count("\n") == 1
    assert "a secret" not in done.stderr


@pytest.mark.parametrize(
    ("options", "variables"), [(["--debug"], {}), ([], {"PAPERGATE_DEBUG": "1"})], ids=["option", "variable"]
)
def test_debug_shows_the_traceback(options: list[str], variables: dict[str, str]) -> None:
    """The status stays 3."""
    done = run("-c", BROKEN, *options, "audit", str(LIST), **variables)
    assert done.returncode == 3
    assert done.stderr.startswith("Traceback")
    assert done.stderr.endswith("ValueError: a secret\n")


def unescaped(text: str) -> str:
    """Return the text with JSON's escapes, and those alone, resolved."""
    return re.sub(r"(\\u[0-9a-f]{4})+", lambda escape: str(json.loads(f'"{escape[0]}"')), text)


@pytest.mark.parametrize("form", ["text", "json", "markdown", "github"])
def test_output_survives_a_latin_1_terminal(tmp_path: Path, form: str) -> None:
    """Characters that the encoding lacks are escaped; the verdict is the same."""
    head = tmp_path / "README.md"
    first, section, rest = LIST.read_text(encoding="utf-8").partition(
        "### Convolutional Neural Network Models\n"
    )
    assert section
    added = "- **→ café 😀** A. Author [[pdf]](x)\n"
    head.write_text(first + section + added + rest, encoding="utf-8")
    arguments = ["check", "--preset", "most-cited", "--base", str(LIST), "--head", str(head), "--offline"]
    arguments += ["--format", form]
    usual = run("-m", "bot", *arguments)
    done = run("-m", "bot", *arguments, PYTHONIOENCODING="latin-1", LC_ALL="C")
    assert usual.returncode in {0, 1}
    assert done.returncode == usual.returncode
    assert done.stderr == ""
    assert "\\u2192" in done.stdout
    assert unescaped(done.stdout) == unescaped(usual.stdout)
    assert form != "json" or json.loads(done.stdout) == json.loads(usual.stdout)
