"""Tests of ``bot.database.postgres_programs``: the wheel's real programs are copied and run."""

from __future__ import annotations

import subprocess
from pathlib import Path

from bot.database.embedded import WHEELS_PROGRAMS
from bot.database.postgres_programs import copied


def test_the_copy_runs_and_everybody_can_reach_it(tmp_path: Path) -> None:
    """Whatever the modes of the original are; a second call takes the same copy."""
    programs = copied(WHEELS_PROGRAMS, tmp_path)
    said = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=True)
    assert said.stdout.startswith("postgres (PostgreSQL)")
    inside = [path for path in tmp_path.rglob("*") if not path.is_symlink()]
    assert all(path.stat().st_mode & 0o005 == 0o005 for path in inside if path.is_dir())
    assert all(path.stat().st_mode & 0o004 for path in inside)
    made = programs.stat().st_ino
    assert copied(WHEELS_PROGRAMS, tmp_path).stat().st_ino == made
