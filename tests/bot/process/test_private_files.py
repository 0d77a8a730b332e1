"""Tests of ``bot.process.private_files``: nobody else can plant or redirect what is read or written."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from bot.evidence.cache import FileCache
from bot.evidence.rate_limit import FileRateLimit
from bot.process.private_files import read_private, replace_private
from tests.bot.evidence.answers import RESNET, SOURCE, known


def test_what_is_written_is_read(tmp_path: Path) -> None:
    """In a directory and a file that only the user may read."""
    path = tmp_path / "new" / "cache" / "file"
    replace_private(path, b"first")
    replace_private(path, b"second")
    assert read_private(path) == b"second"
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["file"]


@pytest.mark.parametrize("mode", [0o720, 0o702, 0o777])
def test_a_directory_that_others_may_write_to_is_not_used(tmp_path: Path, mode: int) -> None:
    """The message says what to do."""
    tmp_path.chmod(mode)
    with pytest.raises(PermissionError, match="chmod 700"):
        replace_private(tmp_path / "file", b"")


def test_a_directory_of_another_user_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They could change its files."""
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    with pytest.raises(PermissionError):
        read_private(tmp_path / "file")


def test_a_directory_that_is_a_link_is_not_used(tmp_path: Path) -> None:
    """Neither read nor written."""
    (tmp_path / "target").mkdir(0o700)
    (tmp_path / "link").symlink_to("target")
    with pytest.raises(OSError, match="link"):
        replace_private(tmp_path / "link" / "file", b"")
    assert list((tmp_path / "target").iterdir()) == []


@pytest.mark.timeout(10)
def test_a_pipe_is_not_read(tmp_path: Path) -> None:
    """It would never end."""
    os.mkfifo(tmp_path / "file")
    with pytest.raises(OSError, match="not a regular file"):
        read_private(tmp_path / "file")


@pytest.mark.attack("A committed link in the place of a state file")
@pytest.mark.parametrize("target", ["answers.json", "rate_limit.json"])
def test_a_link_in_the_place_of_a_state_file_is_not_followed(tmp_path: Path, target: str) -> None:
    """The file that it leads to keeps its content."""
    precious = tmp_path / "precious"
    precious.write_text("keep me")
    state = tmp_path / "state"
    state.mkdir(0o700)
    (state / target).symlink_to(precious)
    FileRateLimit(state).reserve("arXiv", 3)
    FileCache(state).put(SOURCE, {RESNET: known()})
    assert FileCache(state).get(SOURCE, [RESNET]) in ({}, {RESNET: known()})
    assert precious.read_text() == "keep me"


def test_a_reservation_in_the_far_future_is_not_believed(tmp_path: Path) -> None:
    """A clock that was set back must not silence a source for years."""
    (tmp_path / "rate_limit.json").write_text('{"arXiv": 1e12}')
    assert FileRateLimit(tmp_path).reserve("arXiv", 3) == 0
