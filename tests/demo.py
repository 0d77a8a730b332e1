"""`make demo`: four pull requests on a stand-in for GitHub, and what the bot reports on each.

Everything but GitHub and Semantic Scholar is real: the bot with its web server, worker and PostgreSQL, the
signed webhooks, git, and three pull requests of a list's history. Exits with status 1 when a result differs
from what is expected.
"""

from __future__ import annotations

import os
import signal
import time
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
from tests.script import run_script, say
from tests.service import Service

if TYPE_CHECKING:
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
    with Sandbox() as sandbox:
        say("Starting GitHub's stand-in, then the bot: web, worker and PostgreSQL ...")
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
    say("", "=" * WIDTH, f"#{pull.number}  {pull.title}  [{expected.what}, by {pull.author}]", "=" * WIDTH)
    say(f"check:   {run.conclusion} - {run.output.title}")
    say(f"         {len(run.output.annotations)} annotations on lines of README.md")
    if not comments:
        say("comment: none, because there is nothing to act on")
    for comment in comments:
        say(f"comment: by {comment.author}", "-" * WIDTH, comment.body.rstrip("\n"), "-" * WIDTH)


def _conclude(problems: list[str], seconds: float) -> None:
    say("", "=" * WIDTH)
    if problems:
        say("Not as expected:", *(f"- {problem}" for problem in problems))
        return
    say(
        f"All as expected after {seconds:.1f} s: four pull requests arrived by signed webhook. Each got its",
        "check, and those with something to fix got one comment, shown above as GitHub stores it.",
        "The papers' citation counts are real (Epoch AI, CC BY 4.0).",
        "",
        "Next:  KEEP=1 make demo                   the same, and it stays up for you to try things",
        "       .venv/bin/papergate check --help   the same checks on files, without GitHub",
    )


def _stay(sandbox: Sandbox, bot: Service) -> None:
    say("", f"Staying up. GitHub's stand-in: {sandbox.url}   bot: {bot.url} (/healthz, /readyz)")
    token = sandbox.installation_token("curator/awesome-deep-learning-papers")
    say(
        "Query it like GitHub's API, for example:",
        f"  curl -H 'Authorization: Bearer {token}' \\",
        f"    {sandbox.url}/repos/curator/awesome-deep-learning-papers/issues/2/comments",
        "Ctrl-C stops everything.",
    )
    try:
        signal.pause()
    except SystemExit:
        say("")


if __name__ == "__main__":
    run_script("demo", main)
