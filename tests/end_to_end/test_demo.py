"""`make demo` does what it says."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests import demo
from tests.bot.processes import wait_until
from tests.demo import EXPECTED
from tests.service import living_processes

PROXIES = dict.fromkeys(("HTTP_PROXY", "https_proxy", "ALL_PROXY"), "http://127.0.0.1:9")
"""Nobody listens on the discard port."""


def test_the_demo_shows_four_pull_requests_and_leaves_nothing(tmp_path: Path) -> None:
    """It exits with 0 and removes what it wrote, whatever proxy, locale and encoding the caller has."""
    # PostgreSQL's socket needs a short path.
    with tempfile.TemporaryDirectory(prefix="demo-") as folder:
        foreign = {"LANG": "xx_XX.UTF-8", "LC_ALL": "xx_XX.UTF-8", "PYTHONIOENCODING": "latin-1"}
        done = subprocess.run(
            [sys.executable, "-m", "tests.demo"],
            env=os.environ | {"TMPDIR": folder, "HOME": str(tmp_path)} | PROXIES | foreign,
            capture_output=True, text=True, encoding="latin-1", timeout=110, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        assert list(Path(folder).iterdir()) == []
    for number, expected in enumerate(EXPECTED, 1):
        assert f"#{number}  " in done.stdout
        assert f"check:   {expected.conclusion} - " in done.stdout
    assert done.stdout.count("<!-- papergate:report v1 -->") == 3
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("words", "file"),
    [("the bot", "*"), ("the bot", "*/*/data/postgres/PG_VERSION"), ("#1  ", "*")],
    ids=["at first", "while the database starts", "while it shows the results"],
)
def test_two_interrupts_leave_neither_a_folder_nor_a_process(words: str, file: str) -> None:
    """The first Ctrl-C cleans up, and the second does not cut that short."""
    with tempfile.TemporaryDirectory(prefix="demo-") as folder:
        command = [sys.executable, "-m", "tests.demo"]
        environment = os.environ | {"TMPDIR": folder}
        with subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True
        ) as demo:
            assert demo.stdout is not None
            assert any(words in line for line in demo.stdout)
            wait_until(lambda: any(Path(folder).glob(file)))
            for _ in range(2):  # a terminal sends it to the whole group
                os.killpg(demo.pid, signal.SIGINT)
            demo.stdout.read()
            assert demo.wait(60) == 130
        assert [process for process in living_processes() if process.mentions(folder)] == []
        assert list(Path(folder).iterdir()) == []


def test_a_killed_demo_leaves_no_process() -> None:
    """The bot notices that whoever started it is gone, also while it starts."""
    with tempfile.TemporaryDirectory(prefix="demo-") as folder:
        with subprocess.Popen(
            [sys.executable, "-m", "tests.demo"],
            env=os.environ | {"TMPDIR": folder},
            stdout=subprocess.DEVNULL,
        ) as demo:
            wait_until(lambda: any(Path(folder).glob("*/*/data/postgres/PG_VERSION")))
            demo.kill()
        wait_until(lambda: not any(process.mentions(folder) for process in living_processes()))


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
