"""Measure ``papergate check`` against awesome-lint on the same list, in turn, in one run: ``make bench``.

Both are timed as whole processes. Exit 1 when the ratio of the medians or the memory is over its limit,
2 when one of them did not do its work.
"""

from __future__ import annotations

import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from tests.paths import ROOT

LIST = ROOT / "tests" / "data" / "list" / "README.md"
NPM = ROOT / ".cache" / "npm-bench"
PACKAGE = "awesome-lint@2.3.0"
CLI = NPM / "node_modules" / "awesome-lint" / "cli.js"

ROUNDS = 11
RATIO = 0.25
MEMORY = 80_000_000
SECONDS = 170


class BenchError(Exception):
    """A command did not do what is measured."""


@dataclass(frozen=True)
class Run:
    """One process: wall time in seconds, peak resident memory in bytes, what it printed."""

    seconds: float
    memory: int
    output: str


def main() -> int:
    """Measure and print; return the exit status."""
    signal.signal(signal.SIGALRM, _too_long)
    signal.alarm(SECONDS)
    try:
        with tempfile.TemporaryDirectory() as folder:
            papergate, awesome = measure(Path(folder))
    except BenchError as error:
        sys.stderr.write(f"bench: {error}\n")
        return 2
    return report(papergate, awesome)


def measure(folder: Path) -> tuple[list[Run], list[Run]]:
    """Return the runs of Papergate and of awesome-lint, taken in turn after one of each to warm up."""
    install()
    base = prepare(folder)
    check = [
        str(Path(sys.executable).with_name("papergate")), "check", "--offline", "--format", "json",
        "--base", str(base), "--head", "README.md",
    ]  # fmt: skip
    lint = ["node", str(CLI), "README.md"]
    papergate, awesome = [], []
    for _ in range(ROUNDS + 1):
        papergate.append(checked_run(check, folder))
        awesome.append(linted_run(lint, folder))
    return papergate[1:], awesome[1:]


def install() -> None:
    """Fetch awesome-lint, once."""
    if CLI.exists():
        return
    NPM.mkdir(parents=True, exist_ok=True)
    options = ["--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts"]
    subprocess.run(["npm", "install", *options, "--prefix", str(NPM), PACKAGE], check=True)


def prepare(folder: Path) -> Path:
    """Put the list in a Git repository, as awesome-lint wants it; return the list with one paper less.

    Without a remote awesome-lint asks nobody anything.
    """
    lines = LIST.read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / "README.md").write_text("".join(lines), encoding="utf-8")
    first = next(number for number, line in enumerate(lines) if line.startswith("- **") and "[[pdf]]" in line)
    base = folder / "base.md"
    base.write_text("".join(lines[:first] + lines[first + 1 :]), encoding="utf-8")
    for arguments in (
        ["init", "--quiet"],
        ["add", "README.md"],
        ["-c", "user.name=bench", "-c", "user.email=bench@example.org", "commit", "--quiet", "-m", "List"],
    ):
        subprocess.run(["git", *arguments], cwd=folder, check=True)
    return base


def checked_run(command: Sequence[str], folder: Path) -> Run:
    """Run Papergate; raises BenchError when it does not report the one added paper."""
    run = timed_run(command, folder)
    try:
        added = json.loads(run.output)["changes"]["added"]
    except (ValueError, KeyError) as error:
        raise BenchError("papergate check gave no report") from error
    if len(added) != 1:
        raise BenchError(f"papergate check saw {len(added)} added papers, expected 1")
    return run


def linted_run(command: Sequence[str], folder: Path) -> Run:
    """Run awesome-lint; raises BenchError when it did not lint the list."""
    run = timed_run(command, folder)
    if "README.md" not in run.output:
        raise BenchError("awesome-lint gave no report on README.md")
    return run


def timed_run(command: Sequence[str], folder: Path) -> Run:
    """Run ``command`` to its end; its findings may make it exit 1."""
    with tempfile.TemporaryFile() as output:
        started = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=subprocess.STDOUT)
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            process.kill()
            process.wait()
            raise
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read().decode(errors="replace")
    if process.returncode not in {0, 1}:
        raise BenchError(f"{Path(command[0]).name} ended with {process.returncode}: {text[-300:]}")
    return Run(seconds, usage.ru_maxrss * 1024, text)  # Linux counts in KiB


def report(papergate: list[Run], awesome: list[Run]) -> int:
    """Print the figures; return 1 when one is over its limit."""
    ours, theirs = (statistics.median(run.seconds for run in runs) for runs in (papergate, awesome))
    memory, their_memory = (max(run.memory for run in runs) for runs in (papergate, awesome))
    ratio = ours / theirs
    sys.stdout.write(
        f"medians of {ROUNDS} runs each, in turn, on {LIST.name} ({LIST.stat().st_size} bytes)\n"
        f"papergate check  {ours * 1000:7.0f} ms  {memory / 1e6:6.1f} MB\n"
        f"awesome-lint     {theirs * 1000:7.0f} ms  {their_memory / 1e6:6.1f} MB\n"
        f"ratio            {ratio:7.3f}     (at most {RATIO}, and at most {MEMORY / 1e6:.0f} MB)\n"
    )
    return int(ratio > RATIO or memory > MEMORY)


def _too_long(_signum: int, _frame: FrameType | None) -> None:
    raise BenchError(f"not done after {SECONDS} s")


if __name__ == "__main__":
    sys.exit(main())
