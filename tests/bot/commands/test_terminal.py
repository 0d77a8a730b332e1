"""Colours and width of the output."""

from __future__ import annotations

import os
import pty
import struct
import subprocess
import sys
import termios
from fcntl import ioctl
from pathlib import Path

import pytest

from tests.bot.commands.hosted import LIST, with_paper

COMMAND = [
    sys.executable,
    "-c",
    "from bot.cli import main; main()",
    "check",
    "--offline",
    "--preset",
    "most-cited",
]


@pytest.fixture
def command(tmp_path: Path) -> list[str]:
    (tmp_path / "base.md").write_text(LIST)
    (tmp_path / "head.md").write_text(with_paper(LIST))
    return [*COMMAND, "--base", str(tmp_path / "base.md"), "--head", str(tmp_path / "head.md")]


def variables(**given: str) -> dict[str, str]:
    others = {"NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES"}
    kept = {name: value for name, value in os.environ.items() if name not in others}
    return {**kept, "TERM": "xterm", **given}


@pytest.mark.parametrize(
    ("given", "is_coloured"),
    [
        ({}, False),
        ({"FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": "0"}, False),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ({"FORCE_COLOR": "1", "NO_COLOR": ""}, True),
    ],
)
def test_colour_of_a_pipe_is_asked_for(command: list[str], given: dict[str, str], is_coloured: bool) -> None:
    """NO_COLOR wins; an empty variable does not count."""
    done = subprocess.run(command, env=variables(**given), capture_output=True, check=False)
    assert done.returncode == 1
    assert (b"\x1b[" in done.stdout) is is_coloured


@pytest.mark.parametrize(
    ("given", "is_coloured"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)]
)
def test_a_terminal_is_coloured_and_never_too_wide(
    command: list[str], given: dict[str, str], is_coloured: bool
) -> None:
    """The output fits its columns."""
    leader, follower = pty.openpty()
    ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 60, 0, 0))
    with subprocess.Popen(command, env=variables(**given), stdout=follower, stderr=subprocess.DEVNULL):
        os.close(follower)
        shown = bytearray()
        try:
            while part := os.read(leader, 4096):
                shown.extend(part)
        except OSError:  # how a terminal says that its last writer is gone
            pass
    os.close(leader)
    assert (b"\x1b[" in shown) is is_coloured
    if not is_coloured:
        report = shown.decode(errors="replace").splitlines()
        assert len(max((line for line in report if line.startswith("  error")), key=len)) <= 60
