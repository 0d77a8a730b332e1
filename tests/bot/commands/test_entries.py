"""``papergate entries`` prints what is read."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from bot.cli import cli
from tests.paths import DATA

LIST = DATA / "list" / "README.md"
TEXT = """# Papers

### New papers

- A paper\u202e ##[error]x (2017), A. Author [[pdf]](https://a.example/1)
- Another paper without a year [[pdf]]()
"""


def run(*arguments: str | Path, text: str | None = None) -> Result:
    command = ["entries", *map(str, arguments), "--preset", "most-cited"]
    return CliRunner().invoke(cli, command, input=text)


def test_json_has_every_entry_of_the_list() -> None:
    """Each with its line, title, year, address and section."""
    entries = json.loads(run(LIST, "--format", "json").stdout)
    assert len(entries) == 238
    assert entries[0] == {
        "line": 72,
        "title": "Distilling the knowledge in a neural network",
        "year": 2015,
        "url": "http://arxiv.org/pdf/1503.02531",
        "section": "Understanding / Generalization / Transfer",
        "form": None,
    }


def test_a_missing_part_is_null_in_json_and_named_in_text() -> None:
    """An entry may lack its year and its address."""
    (_, entry) = json.loads(run("-", "--format", "json", text=TEXT).stdout)
    assert (entry["year"], entry["url"]) == (None, None)
    lines = run("-", text=TEXT).stdout.splitlines()
    assert lines == [
        "New papers",
        "  5: A paper[U+202E] # #[error]x | 2017 | https://a.example/1",
        "  6: Another paper without a year | no year | no address",
        "",
        "-: 2 entries",
    ]


def test_a_missing_file_is_a_usage_error() -> None:
    """The status is 2 and nothing is printed on standard output."""
    result = run("none.md")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "none.md: No such file" in result.stderr
