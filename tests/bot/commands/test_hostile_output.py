"""Whatever a list holds, no command prints a workflow command or a character that a terminal obeys."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import cli

LIST = """# Awesome

### Understanding / Generalization / Transfer

- **::set-output name=verdict::pass ##[set-output name=v;]pass \u202e \x1b[31m \x9b1m** (2015), A. B [[pdf]](https://arxiv.org/pdf/1503.02531)
- **::stop-commands::t** (2014), ::error::x et al.. [[pdf]](https://arxiv.org/pdf/1503.02532)

\u3000::set-output name=verdict::pass
##[set-output name=verdict;]pass

### ::error::heading ##[error]x\u2066

- **\u200bA paper** (2015), ##[warning]A [[pdf]](https://a.example/##[error])
"""
COMMANDS = [
    *(
        ["audit", "list.md", "--offline", "--format", form]
        for form in ("text", "json", "markdown", "github", "sarif")
    ),
    *(["entries", "list.md", "--format", form] for form in ("text", "json")),
    *(["rank", "list.md", "--format", form] for form in ("text", "csv")),
    ["bib", "list.md", "--offline"],
]
OURS = re.compile(r"::(?:error|warning|notice) file=list\.md")


@pytest.fixture(autouse=True)
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the list into the working directory, and no service within reach."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PAPERGATE_FOLLOW_LINKS", "false")
    for name in ("SEMANTIC_SCHOLAR", "OPENALEX", "CROSSREF", "ARXIV"):
        monkeypatch.setenv(f"PAPERGATE_{name}_URL", "http://127.0.0.1:9")
    (tmp_path / "list.md").write_text(LIST)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_output_is_only_text(command: list[str]) -> None:
    """The commands of the format for GitHub Actions are our own and about the file that was given."""
    result = CliRunner().invoke(cli, [*command, "--preset", "most-cited"])
    assert result.exit_code in {0, 1}
    assert result.stdout
    lines = (result.stdout + result.stderr).split("\n")
    commands = [line for line in lines if line.strip().startswith("::") or "##[" in line]
    assert [line for line in commands if command[-1] != "github" or not OURS.match(line)] == []
    hidden = {
        line for line in lines for character in line if unicodedata.category(character) in {"Cc", "Cf", "Cs"}
    }
    assert hidden == set()
