"""`make load`: a burst of webhook deliveries, how fast they are answered and done, and that none is lost.

Prints the figures; ends with status 1 when a delivery was not taken or was answered too late for GitHub, or a
pull request did not get what it should.
"""

from __future__ import annotations

import argparse
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from statistics import quantiles
from typing import TYPE_CHECKING

from tests.end_to_end.papers import CLEAN, README, WITHOUT_YEAR, appended
from tests.sandbox import Sandbox, events
from tests.script import run_script, say
from tests.service import Service

if TYPE_CHECKING:
    from tests.sandbox.model import Json, Pull

OWNERS = 15
PULLS_EACH = 12
AT_ONCE = 16
"""Deliveries under way at a time."""
DONE_SECONDS = 240.0
ANSWER_SECONDS = 10.0
"""GitHub waits no longer, https://docs.github.com/en/webhooks/using-webhooks/best-practices-for-using-webhooks."""


@dataclass
class Burst:
    """When each delivery was sent and answered, and when each pull request's check came."""

    sandbox: Sandbox
    sent: dict[str, float] = field(default_factory=dict)
    answers: list[float] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    checked: dict[str, float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def deliver(self, pull: Pull, payload: Json) -> None:
        """Deliver one event of a pull request and note how long the answer took."""
        with self._lock:
            self.sent.setdefault(pull.head_sha, time.monotonic())
        start = time.monotonic()
        made = self.sandbox.webhooks.deliver("pull_request", payload)
        with self._lock:
            self.answers.append(time.monotonic() - start)
            if made.status != 202:
                self.refused.append(f"#{pull.number} of {pull.repository}: {made.status or made.error}")

    def note_checks(self, wanted: int) -> bool:
        """Note the check runs that are new; return whether all the wanted ones are there."""
        now = time.monotonic()
        for run in list(self.sandbox.state.check_runs.values()):
            self.checked.setdefault(run.head_sha, now)
        return len(self.checked) >= wanted


def main() -> int:
    """Run the burst; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__)
    parser.add_argument("--owners", type=int, default=OWNERS, help="accounts with one list each")
    parser.add_argument("--pulls", type=int, default=PULLS_EACH, help="pull requests to each list")
    options = parser.parse_args()
    with Sandbox() as sandbox, Service(sandbox.environment()) as bot:
        pulls = _open(sandbox, options.owners, options.pulls)
        sandbox.webhooks.url = bot.webhook_url
        burst = _run(sandbox, pulls)
        lost = _lost(burst, pulls)
    _report(burst, pulls, lost)
    return 1 if lost or burst.refused or max(burst.answers) > ANSWER_SECONDS else 0


def _open(sandbox: Sandbox, owners: int, pulls: int) -> list[Pull]:
    """Open the pull requests, every other one with a fault, before the bot gets any event."""
    opened = []
    for owner in range(owners):
        name = f"owner-{owner}/papers"
        sandbox.create_repository(
            name, {"README.md": README, ".github/papergate.yml": "preset: most-cited\n"}
        )
        for number in range(pulls):
            files = {"README.md": appended(WITHOUT_YEAR if number % 2 else CLEAN)}
            opened.append(
                sandbox.open_pull(name, files, title=f"Paper {number}", author=f"contributor-{number}")
            )
    return opened


def _run(sandbox: Sandbox, pulls: list[Pull]) -> Burst:
    """Deliver two events of every pull request as fast as the web takes them, and wait for the checks."""
    burst = Burst(sandbox)
    with sandbox.state.lock:
        payloads = [
            (pull, events.pull_request(sandbox.state, pull, action, pull.author, **more))
            for action, more in (("opened", {}), ("edited", {"changes": {"title": {"from": "Paper"}}}))
            for pull in pulls
        ]
    with ThreadPoolExecutor(AT_ONCE) as senders:
        watching = senders.submit(
            sandbox.log.wait_until, lambda: burst.note_checks(len(pulls)), timeout=DONE_SECONDS
        )
        for sending in [senders.submit(burst.deliver, *item) for item in payloads]:
            sending.result()
        watching.result()
    wanted = sum(_conclusion(pull) == "failure" for pull in pulls)
    sandbox.log.wait_until(lambda: len(sandbox.state.comments) >= wanted, timeout=DONE_SECONDS)
    return burst


def _conclusion(pull: Pull) -> str:
    return "failure" if int(pull.title.split()[1]) % 2 else "success"


def _lost(burst: Burst, pulls: list[Pull]) -> list[str]:
    lost = []
    for pull in pulls:
        found = [run.conclusion for run in burst.sandbox.check_runs(pull.repository, pull.head_sha)]
        comments = len(burst.sandbox.bot_comments(pull))
        wanted = _conclusion(pull)
        if found != [wanted] or comments != (wanted == "failure"):
            lost.append(f"#{pull.number} of {pull.repository}: checks {found}, {comments} comments")
    return lost


def _report(burst: Burst, pulls: list[Pull], lost: list[str]) -> None:
    done = [burst.checked[pull.head_sha] - burst.sent[pull.head_sha] for pull in pulls]
    seconds = max(burst.checked.values()) - min(burst.sent.values())
    say(
        f"{len(burst.answers)} deliveries for {len(pulls)} pull requests, {AT_ONCE} at a time",
        f"webhook answers:    {_figures(burst.answers)}",
        f"delivery to check:  {_figures(done)}",
        f"all checks there after {seconds:.1f} s ({len(pulls) / seconds:.1f} pull requests a second)",
        f"not taken: {len(burst.refused)}   without the right check and comment: {len(lost)}",
        *burst.refused,
        *lost,
    )


def _figures(seconds: list[float]) -> str:
    cuts = quantiles(seconds, n=20, method="inclusive")
    p50, p95, worst = cuts[9] * 1000, cuts[18] * 1000, max(seconds) * 1000
    return f"p50 {p50:,.0f} ms, p95 {p95:,.0f} ms, longest {worst:,.0f} ms"


if __name__ == "__main__":
    run_script("load", main)
