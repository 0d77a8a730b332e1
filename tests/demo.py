"""`make demo`: four pull requests on a stand-in of GitHub, and what the bot says of each.

All but GitHub and Semantic Scholar is real: the bot with its web, worker and PostgreSQL, the signed webhooks,
git, three pull requests of a list's history. Ends with status 1 when something expected did not come.
"""

from __future__ import annotations

import io
import os
import signal
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.sandbox import Sandbox
from tests.sandbox.history import (
    CLEAN,
    FORMAT_FAULTS,
    OVER_THE_CAP,
    create_list,
    open_duplicate,
    open_real_pull,
)
from tests.service import Service, ServiceError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.sandbox.model import CheckRun, Comment, Pull

WIDTH = 100
SECONDS = 60.0
"""How long the bot may take for all of them."""


@dataclass(frozen=True)
class Expected:
    """What the bot is to say of a pull request: `said` are words of its comment, none for no comment."""

    what: str
    conclusion: str
    said: tuple[str, ...] = field(default=())


EXPECTED = (
    Expected("real, clean", "success"),
    Expected("real, format faults", "failure", ("format/", "Corrected lines", "/recheck")),
    Expected(
        "real, makes it 101 papers",
        "failure",
        ("100 → 101 of 100", "Choose one", "SqueezeNet", "6,976", "/remove 1"),
    ),
    Expected("made, a duplicate", "failure", ("is in the list already", "duplicate/exact")),
)


def main() -> int:
    """Run the demo; return the exit status."""
    started = time.monotonic()
    with _own_folder(), Sandbox() as sandbox:
        _say("Starting GitHub's stand-in, then the bot: web, worker and PostgreSQL ...")
        with Service(sandbox.environment()) as bot:
            sandbox.webhooks.url = bot.webhook_url
            pulls = _open(sandbox)
            problems = []
            for expected, pull in zip(EXPECTED, pulls, strict=True):
                run, comments = _answer(sandbox, pull, expected)
                _show(expected, pull, run, comments)
                problems += _differences(expected, pull, run, comments)
            _conclude(problems, time.monotonic() - started)
            if os.environ.get("KEEP") and not problems:
                _stay(sandbox, bot)
    return 1 if problems else 0


@contextmanager
def _own_folder() -> Iterator[None]:
    """Make everything temporary go to one folder, which is removed at the end, however it comes."""
    with tempfile.TemporaryDirectory(prefix="papergate-") as folder:
        usual, tempfile.tempdir = tempfile.tempdir, folder
        try:
            yield
        finally:
            tempfile.tempdir = usual


def _end(number: int, _frame: object) -> None:
    """Exit at the first signal, so that everything is cleaned up, and ignore the next ones meanwhile."""
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: None)
    sys.exit(128 + number)


def _open(sandbox: Sandbox) -> list[Pull]:
    create_list(sandbox)
    real = [open_real_pull(sandbox, number) for number in (CLEAN, FORMAT_FAULTS, OVER_THE_CAP)]
    return [*real, open_duplicate(sandbox)]


def _answer(sandbox: Sandbox, pull: Pull, expected: Expected) -> tuple[CheckRun, list[Comment]]:
    """Return check and comments once they are there; a comment comes after its check."""
    run = sandbox.wait_for_conclusion(pull.repository, pull.head_sha, timeout=SECONDS)
    if expected.said:
        sandbox.log.wait_until(lambda: sandbox.bot_comments(pull), timeout=SECONDS)
    return run, sandbox.bot_comments(pull)


def _differences(expected: Expected, pull: Pull, run: CheckRun, comments: list[Comment]) -> list[str]:
    name = f"#{pull.number} ({expected.what})"
    found = []
    if run.conclusion != expected.conclusion:
        found.append(f"{name}: expected {expected.conclusion}, not {run.conclusion}")
    if len(comments) != bool(expected.said):
        found.append(f"{name}: expected {int(bool(expected.said))} comments, not {len(comments)}")
    text = "".join(comment.body for comment in comments)
    found += [f"{name}: the comment does not say {words!r}" for words in expected.said if words not in text]
    return found


def _show(expected: Expected, pull: Pull, run: CheckRun, comments: list[Comment]) -> None:
    _say("", "=" * WIDTH, f"#{pull.number}  {pull.title}  [{expected.what}, by {pull.author}]", "=" * WIDTH)
    _say(f"check:   {run.conclusion} - {run.output.title}")
    _say(f"         {len(run.output.annotations)} annotations on lines of README.md")
    if not comments:
        _say("comment: none, for there is nothing to say")
    for comment in comments:
        _say(f"comment: by {comment.author}", "-" * WIDTH, comment.body.rstrip("\n"), "-" * WIDTH)


def _conclude(problems: list[str], seconds: float) -> None:
    _say("", "=" * WIDTH)
    if problems:
        _say("Not as expected:", *(f"- {problem}" for problem in problems))
        return
    _say(
        f"All as expected, after {seconds:.1f} s: four pull requests arrived by signed webhook. Each has its",
        "check, and those with something to mend have one comment, above as GitHub would get it.",
        "The papers' citation counts are real ones (Epoch AI, CC BY 4.0).",
        "",
        "Go on:  KEEP=1 make demo                   the same, and stays up to be played with",
        "        .venv/bin/papergate check --help   the same evaluation on files, without GitHub",
    )


def _stay(sandbox: Sandbox, bot: Service) -> None:
    _say("", f"Staying up. GitHub's stand-in: {sandbox.url}   bot: {bot.url} (/healthz, /readyz)")
    token = sandbox.installation_token("curator/awesome-deep-learning-papers")
    _say(
        "Ask as GitHub's API is asked, for example:",
        f"  curl -H 'Authorization: Bearer {token}' \\",
        f"    {sandbox.url}/repos/curator/awesome-deep-learning-papers/issues/2/comments",
        "Ctrl-C ends it all.",
    )
    try:
        signal.pause()
    except SystemExit:
        _say("")


def _say(*lines: str) -> None:
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    signal.signal(signal.SIGINT, _end)
    signal.signal(signal.SIGTERM, _end)
    if isinstance(sys.stdout, io.TextIOWrapper):  # a terminal that is not UTF-8 gets escapes
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        sys.exit(main())
    except (ServiceError, TimeoutError) as error:
        sys.exit(f"make demo: {error}")
