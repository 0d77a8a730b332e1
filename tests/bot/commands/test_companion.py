"""The BibTeX file beside a list, for ``check`` and ``audit``."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import cli
from tests.paths import DATA

LIST = DATA / "list"
BIB = "top100papers.bib"
SECTION = "### Optimization / Training Techniques\n"
RESNET = "- **Deep residual learning for image recognition**"
NEW = "- **Mask R-CNN** (2016), K. He et al. [[pdf]](https://arxiv.org/pdf/1703.06870)\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with the list and its BibTeX file."""
    for name in ("README.md", BIB):
        shutil.copy(LIST / name, tmp_path)
    return tmp_path


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(argument) for argument in (*arguments, "--offline")])


def companion_codes(result: Result) -> list[str]:
    """Return the codes of the introduced findings of the rule `companion`, in order."""
    findings = json.loads(result.stdout)["findings"]
    return [item["code"] for item in findings if item["rule"] == "companion" and item["introduced"]]


def add_paper(file: Path, to: Path) -> Path:
    to.write_text(file.read_text().replace(RESNET, NEW + RESNET))
    return to


def test_audit_reads_the_file_beside_the_list(folder: Path) -> None:
    """The real list and its file differ in nine places; without the file nothing is compared."""
    audit = ("audit", folder / "README.md", "--format", "json")
    assert companion_codes(run(*audit)) == [
        *["surplus"] * 3, "differing", "differing", "missing", "missing", "differing", "differing",
    ]  # fmt: skip
    (folder / BIB).rename(folder / "other.bib")
    assert companion_codes(run(*audit)) == []
    assert len(companion_codes(run(*audit, "--companion", folder / "other.bib"))) == 9


def test_check_of_two_files_uses_the_file_beside_them(folder: Path) -> None:
    """The added paper has no entry; the report offers one."""
    head = add_paper(folder / "README.md", folder / "head.md")
    check = ("check", "--base", folder / "README.md", "--head", head)
    assert companion_codes(run(*check, "--format", "json")) == ["missing"]
    text = run(*check).stdout
    assert "warning companion/missing" in text
    assert "  + @article{he2016mask," in text


def test_check_of_a_repository_compares_with_the_merge_base(folder: Path) -> None:
    """A paper added together with its entry has no finding, committed or not."""
    git = ("git", "-C", str(folder), "-c", "user.name=a", "-c", "user.email=a@example.org")
    for arguments in (("init", "-q", "-b", "main"), ("add", "."), ("commit", "-qm", "A list")):
        subprocess.run([*git, *arguments], check=True)
    add_paper(folder / "README.md", folder / "README.md")
    check = ("check", "--base-ref", "main", folder / "README.md", "--format", "json")
    assert companion_codes(run(*check)) == ["missing"]
    with (folder / BIB).open("a") as file:
        file.write("@misc{he2016mask, title={Mask R-CNN}, author={He, K. and others}, year={2016}}\n")
    assert companion_codes(run(*check)) == []


def test_a_missing_bibtex_file_is_a_usage_error(folder: Path) -> None:
    """Only when the user names it; the policy's may be missing."""
    result = run("audit", folder / "README.md", "--companion", folder / "none.bib")
    assert result.exit_code == 2
    assert "none.bib: No such file" in result.output
