"""The sandbox as a program of its own."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path


def test_it_serves_the_real_pull_requests_until_told_to_stop(tmp_path: Path) -> None:
    """It prints where it is and what it serves, keeps the key in its file alone, and ends by itself."""
    key = tmp_path / "key.pem"
    command = [sys.executable, "-m", "tests.sandbox", "--key-file", str(key)]
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        lines = [process.stdout.readline() for _ in range(10)]
        process.send_signal(signal.SIGTERM)
        rest, errors = process.communicate(timeout=20)
    shown = "".join(lines) + rest
    assert (process.returncode, errors) == (0, "")
    assert "PAPERGATE_GITHUB_API_URL=http://127.0.0.1:" in shown
    assert "#5: feat: add a paper" in shown
    assert "PRIVATE KEY" not in shown
    assert (key.read_text().startswith("-----BEGIN"), key.stat().st_mode & 0o777) == (True, 0o600)
