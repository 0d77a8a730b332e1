"""``papergate policy check`` and ``show``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import cli
from tests.paths import DOCS


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty directory."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".github").mkdir()
    return tmp_path


def run(*arguments: str | Path, text: str | None = None) -> Result:
    return CliRunner().invoke(cli, ["policy", *map(str, arguments)], input=text)


def write(folder: Path, text: str) -> None:
    (folder / ".github" / "papergate.yml").write_text(text)


def test_a_policy_that_can_be_used_passes(folder: Path) -> None:
    """Without FILE it is that of the working directory; a byte order mark does no harm."""
    write(folder, "\ufefflist: docs/list.md\n")
    result = run("check")
    assert (result.exit_code, result.stdout) == (
        0,
        ".github/papergate.yml: can be used; the list is docs/list.md\n",
    )


def test_each_problem_is_a_line_with_its_place() -> None:
    """All of them are named at once, and the exit status is 1."""
    result = run("check", "-", text="list: README.md\ncup: 3\nevidence_days: 0\n")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "-:3: evidence_days: expected 1 or more",
        "-:2: cup: no such key; did you mean cap?",
    ]


def test_hostile_keys_are_only_text() -> None:
    """They paint nothing and start no workflow command."""
    result = run("check", "-", text='"\\e]0;owned\\a ##[error]x": 1\n')
    assert result.exit_code == 1
    assert not set(result.stdout) & {"\x1b", "\x07"}
    assert "##[" not in result.stdout


@pytest.mark.parametrize("content", [None, b"\xff"])
def test_a_file_that_cannot_be_read_is_a_usage_error(folder: Path, content: bytes | None) -> None:
    """The status is 2 and nothing is printed on standard output."""
    if content:
        (folder / "policy.yml").write_bytes(content)
    result = run("check", "policy.yml")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.count("\n") >= 1


def test_show_names_what_holds(folder: Path) -> None:
    """What the file says replaces the preset's value; the rest is shown too."""
    write(folder, "cap: 90\nthresholds: {2015: 210}\nseverities: {order: off}\n")
    result = run("show")
    lines = result.stdout.splitlines()
    assert result.stderr.endswith(".github/papergate.yml\n")
    assert lines[:4] == [
        "List: README.md",
        "Preset: most-cited",
        "Limit of the counted sections: 90 papers",
        "BibTeX file: top100papers.bib",
    ]
    assert "Minimum citations by year: 2012: 800, 2013: 600, 2014: 400, 2015: 210, 2016: 60" in lines
    assert "  order: off" in lines
    assert "  new (papers of the last 6 months):" in lines


def test_show_names_the_forms_of_a_list() -> None:
    """Each with what it means for a new entry."""
    text = run("show", "--config", DOCS / "lists" / "Awesome-LLM.yml").stdout
    assert "  [{title}]({url})<< - {text}>> (right, and the one that others are corrected to)" in text
    assert "Repeats: one entry for a paper in a section, known by its link and title" in text
    assert "Order within a section: by date, newest last" in text


def test_show_has_every_field_in_json() -> None:
    """As the code names them."""
    policy = json.loads(run("show", "--preset", "most-cited", "--format", "json").stdout)
    assert (policy["path"], policy["cap"], policy["thresholds"]["2015"]) == ("README.md", 100, 200)
    assert policy["repeats"] == {"within": "list", "by": [["title"], ["link"]]}
