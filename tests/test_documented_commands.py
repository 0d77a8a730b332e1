"""Every command that a page shows in a console block works as shown."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.paths import DATA, DOCS, ROOT

PROGRAMS = Path(sys.executable).parent
LIST = DATA / "list" / "README.md"
HELD = 1
"""The status of `papergate check` and `audit` when something is reported."""

COVERED = {
    "make setup": "whoever runs this test has run it",
    "make test": "it runs this test",
    "make quick": "it runs a part of these tests again",
    "make demo": "tests/end_to_end/test_demo.py",
    "make lock": "it needs a package index; the lock job of continuous integration",
    "UPGRADE=1 make lock": "it takes whatever was released since",
    "make docs": "tests/test_docs.py",
    "make dist": "tests/test_packaging.py builds both",
    ".venv/bin/ruff check .": "`make test` runs it",
    ".venv/bin/ruff format .": "`make test` runs it with --check; without, it would change the sources",
    ".venv/bin/mypy": "`make test` runs it",
    ".venv/bin/lint-imports": "`make test` runs it",
    "papergate serve --with-worker": "tests/test_packaging.py and all of tests/end_to_end",
}
"""Commands that are not run here, and why: they take long, change the sources, or do not end."""


def shown() -> dict[str, str]:
    """Return each command of a console block, and the page that shows it."""
    found = {}
    for page in sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")]):
        for block in re.findall(r"^```console\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S):
            for line in block.splitlines():
                if line.startswith("$ "):
                    command = re.sub(r"\s+#.*", "", line.removeprefix("$ ")).strip()
                    found[command] = page.relative_to(ROOT).as_posix()
    return found


SHOWN = shown()


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder as a reader has it: a list in a git repository, with one more entry than its `main`."""
    folder = tmp_path_factory.mktemp("workspace")
    text = LIST.read_text(encoding="utf-8")
    first = next(
        line for line in text.splitlines(keepends=True) if line.startswith("- **") and "[[pdf]]" in line
    )
    for name, content in (("old", text.replace(first, "", 1)), ("new", text)):
        (folder / name).mkdir()
        (folder / name / "README.md").write_text(content, encoding="utf-8")
    shutil.copy(folder / "old" / "README.md", folder / "README.md")
    git = ("git", "-c", "user.name=reader", "-c", "user.email=reader@example.org")
    for arguments in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-q", "-m", "A list"]):
        subprocess.run([*git, *arguments], cwd=folder, check=True)
    shutil.copy(folder / "new" / "README.md", folder / "README.md")
    return folder


@pytest.mark.parametrize("command", sorted(SHOWN.keys() - COVERED.keys()))
def test_a_shown_command_works(command: str, workspace: Path) -> None:
    """It ends without an error; only a check of a list may report something."""
    for_developers = SHOWN[command] == "CONTRIBUTING.md"
    done = subprocess.run(
        ["bash", "-c", command.replace(".venv/bin/", f"{PROGRAMS}/")],
        cwd=ROOT if for_developers else workspace,
        env={
            "HOME": str(workspace),
            "PATH": f"{PROGRAMS}:{os.environ['PATH']}",
            # Nothing leaves this machine; the sources are all down.
            "PAPERGATE_FOLLOW_LINKS": "false",
            **{
                f"PAPERGATE_{name}_URL": "http://127.0.0.1:9"
                for name in ("SEMANTIC_SCHOLAR", "OPENALEX", "CROSSREF", "ARXIV")
            },
        },
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    allowed = {0, HELD} if re.search(r"papergate (check|audit)\b", command) else {0}
    assert done.returncode in allowed, done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_what_is_not_run_here_is_still_shown() -> None:
    """The table above has no command that no page shows, and its reasons name tests that exist."""
    assert COVERED.keys() - SHOWN.keys() == set()
    for reason in COVERED.values():
        for path in re.findall(r"tests/[\w/]+(?:\.py)?", reason):
            assert (ROOT / path).exists(), reason
