"""``papergate policy init`` drafts a policy and writes the files to start with."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from bot.cli import cli
from bot.files.starter_files import ISSUE_FORM, WORKFLOW
from tests.bot.commands.hosted import LIST
from tests.paths import DOCS

ENTRIES = """# Papers

## Vision

- [A first paper](https://arxiv.org/abs/1501.00001), A. Author, 2015
- [A second paper](https://arxiv.org/abs/1601.00002), B. Author, 2016
- [A third paper](https://arxiv.org/abs/1701.00003), C. Author, 2017
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a repository with a list in a folder."""
    monkeypatch.chdir(tmp_path)
    subprocess.run(["git", "init", "-q"], check=True)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "list.md").write_text(ENTRIES)
    return tmp_path


def run(*arguments: str, text: str | None = None) -> Result:
    return CliRunner().invoke(cli, ["policy", *arguments], input=text)


def test_a_draft_can_be_used_as_it_is(folder: Path) -> None:
    """It names the list from the top of the repository, and its own entries have the form that it found."""
    result = run("init", "docs/list.md", "-o", ".github/papergate.yml")
    assert (result.exit_code, result.stdout) == (0, "")
    assert run("check").stdout == ".github/papergate.yml: can be used; the list is docs/list.md\n"
    audit = CliRunner().invoke(cli, ["audit", str(folder / "docs" / "list.md"), "--offline"])
    assert audit.exit_code == 0
    assert "off-form" not in audit.stdout


def test_a_draft_goes_to_standard_output(folder: Path) -> None:
    """Nothing is written unless it is asked for. The list may come from standard input."""
    for arguments, text in ((["docs/list.md"], None), (["-"], LIST)):
        policy = yaml.safe_load(run("init", *arguments, text=text).stdout)
        assert policy["list"] == ("README.md" if text else "docs/list.md")
        assert policy["entries"]
    assert not (folder / ".github").exists()


def test_the_workflow_and_the_issue_form_go_to_their_places(folder: Path) -> None:
    """At the top of the repository, whatever the working directory is."""
    assert run("init", "docs/list.md", "--workflow", "--issue-form").exit_code == 0
    assert (folder / ".github/workflows/papergate.yml").read_text() == WORKFLOW
    form = folder / ".github/ISSUE_TEMPLATE/suggest-a-paper.yml"
    assert form.read_text() == ISSUE_FORM


@pytest.mark.parametrize("option", ["--workflow", "--issue-form"])
def test_an_existing_file_is_never_overwritten(folder: Path, option: str) -> None:
    """Then nothing is written at all."""
    assert run("init", "docs/list.md", option).exit_code == 0
    result = run("init", "docs/list.md", option, "-o", "policy.yml")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "exists: remove it first" in result.stderr
    assert not (folder / "policy.yml").exists()


def test_the_workflow_is_the_one_of_the_page() -> None:
    """Whoever follows the page and whoever runs the command have the same."""
    page = (DOCS / "action.md").read_text()
    shown = page.split("`.github/workflows/papergate.yml`:\n")[1].split("```yaml\n")[1].split("   ```")[0]
    assert "".join(line.removeprefix("   ") for line in shown.splitlines(keepends=True)) == WORKFLOW


def test_the_files_are_what_github_reads() -> None:
    """The workflow names its events and needs no right but to read; each field of the form has an id."""
    workflow = yaml.safe_load(WORKFLOW)
    assert set(workflow[True]) == {"pull_request", "merge_group"}  # YAML 1.1 takes the key "on" for true
    assert workflow["permissions"] == {"contents": "read"}
    form = yaml.safe_load(ISSUE_FORM)
    assert {"name", "description", "body"} <= set(form)
    identifiers = [field["id"] for field in form["body"]]
    assert len(identifiers) == len(set(identifiers))
    assert all(field["attributes"]["label"] for field in form["body"])


@pytest.mark.parametrize(
    ("text", "reason"), [("", "is empty"), ("# A list\n\nNo item.\n", "holds no entries")]
)
def test_what_is_no_list_is_a_usage_error(text: str, reason: str) -> None:
    """Nothing is drafted from nothing."""
    result = run("init", "-", text=text)
    assert (result.exit_code, result.stdout) == (2, "")
    assert reason in result.stderr
