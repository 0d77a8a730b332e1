"""The Makefile: what it lists, which Python it takes, and what it says at once when something is missing."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.paths import ROOT

if TYPE_CHECKING:
    from pathlib import Path

TOOLS = ("make", "sh", "awk", "tr", "expr", "getconf", "rm")
"""What the Makefile itself is made of."""
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = re.findall(r"^([a-z]+):.*## ", MAKEFILE, re.MULTILINE)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a folder with the Makefile in it and a `bin` that holds the least there can be."""
    (tmp_path / "bin").mkdir()
    for name in TOOLS:
        found = shutil.which(name)
        assert found is not None, name
        (tmp_path / "bin" / name).symlink_to(found)
    (tmp_path / "Makefile").write_text(MAKEFILE, encoding="utf-8")
    for name in ("pyproject.toml", "requirements-dev.txt"):
        (tmp_path / name).touch()
    return tmp_path


def install(project: Path, name: str, command: str = "exit 0") -> str:
    """Put a program into the project's `bin` and return its path."""
    program = project / "bin" / name
    program.write_text(f"#!{shutil.which('sh')}\n{command}\n")
    program.chmod(0o755)
    return str(program)


def make(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", *arguments],
        cwd=project,
        env={"PATH": str(project / "bin")},
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )


def test_bare_make_lists_every_target(project: Path) -> None:
    """`make` and `make help` are the same, and each target that is meant for people has its line."""
    shown = make(project).stdout
    assert shown == make(project, "help").stdout
    assert re.findall(r"^([a-z]+) +\S", shown, re.MULTILINE) == TARGETS
    phony = re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)
    assert phony is not None
    assert {name for name in phony[1].split() if not name.startswith("need-")} == set(TARGETS)


def test_without_a_python_one_sentence_says_what_to_do(project: Path) -> None:
    """A `python3` that is too old, or that cannot make an environment, is none."""
    install(project, "python3", "exit 1")
    done = make(project, "setup")
    assert done.returncode == 2
    assert done.stderr.startswith(
        "Install Python 3.11, 3.12, 3.13 or 3.14 with its venv module, or name one: make "
    )


def test_the_first_python_that_fits_is_taken(project: Path) -> None:
    """One that is found but does not work, as a version manager leaves it, is passed over."""
    install(project, "python3.14", "exit 127")
    fits = install(project, "python3.13")
    install(project, "python3.11")
    assert f"{fits} -m venv " in make(project, "--dry-run", "setup").stdout


@pytest.mark.parametrize("older", ["3.10", "3.11", "3.14", "3.15"])
def test_a_python_fits_by_its_version(project: Path, older: str) -> None:
    """From 3.11 on, and as far as the packages have wheels."""
    version = tuple(map(int, older.split(".")))
    pretend = f"import sys; sys.version_info = {version}; exec(sys.argv[1])"
    install(project, "python3", f'shift; exec "{sys.executable}" -c "{pretend}" "$@"')
    assert (make(project, "setup").stderr.startswith("Install Python")) == (older in {"3.10", "3.15"})


def test_python_overrides(project: Path) -> None:
    """The interpreter that is named is used, and an environment of another one is not kept."""
    install(project, "python3.13")
    ready = project / ".venv" / ".ready"
    ready.parent.mkdir()
    ready.touch()
    assert "-m venv" not in make(project, "--dry-run", "setup").stdout
    assert (
        f"{sys.executable} -m venv " in make(project, "--dry-run", "setup", f"PYTHON={sys.executable}").stdout
    )


@pytest.mark.parametrize("target", ["demo", "test", "quick", "bench", "load", "chaos"])
def test_a_missing_git_is_named_at_once(project: Path, target: str) -> None:
    """Before anything is installed."""
    done = make(project, target)
    assert done.returncode == 2
    assert done.stderr.startswith("git is missing: install Git, then run make again.\n")
    assert not (project / ".venv").exists()


@pytest.mark.parametrize("target", ["test", "quick", "bench"])
def test_a_missing_npm_is_named_at_once(project: Path, target: str) -> None:
    """The tests need it for GitHub's description of its API."""
    install(project, "git")
    done = make(project, target)
    assert done.returncode == 2
    assert done.stderr.startswith(
        "npm is missing: install Node.js with npm (for the tests only), then run make again.\n"
    )
    assert not (project / ".venv").exists()
