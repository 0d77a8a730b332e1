"""`make demo` does what it says."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests import demo
from tests.demo import EXPECTED

if TYPE_CHECKING:
    import pytest


def test_the_demo_shows_four_pull_requests_and_leaves_nothing(tmp_path: Path) -> None:
    """It ends with status 0, shows every check and comment, and removes whatever it wrote."""
    # PostgreSQL's socket needs a short path.
    with tempfile.TemporaryDirectory(prefix="demo-") as folder:
        done = subprocess.run(
            [sys.executable, "-m", "tests.demo"],
            env=os.environ | {"TMPDIR": folder, "HOME": str(tmp_path)},
            capture_output=True, text=True, timeout=110, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        assert list(Path(folder).iterdir()) == []
    for number, expected in enumerate(EXPECTED, 1):
        assert f"#{number}  " in done.stdout
        assert f"check:   {expected.conclusion} - " in done.stdout
    assert done.stdout.count("<!-- papergate:report v1 -->") == 3
    assert done.stderr == ""


def test_the_demo_fails_when_something_expected_does_not_come(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A wrong conclusion and words that are missing are named, and the status is 1."""
    clean, faults, *rest = EXPECTED
    wrong = demo.Expected(clean.what, "failure"), demo.Expected(faults.what, "failure", ("no such words",))
    monkeypatch.setattr(demo, "EXPECTED", (*wrong, *rest))
    assert demo.main() == 1
    said = capsys.readouterr().out
    assert "#1 (real, clean): expected failure, not success" in said
    assert "#2 (real, format faults): the comment does not say 'no such words'" in said
