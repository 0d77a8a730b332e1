"""`make chaos`: parts of the bot are killed and its services fail while pull requests change.

At the end every pull request must have the verdict that the command line gives for the same change while
nothing fails, and exactly one comment, about its newest head. Prints what was done; exits with status 1 when
a pull request has not. The same seed does the same things, though not at the same moments of the bot's work.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from tests.end_to_end.papers import CLEAN, README, WITHOUT_LINK, WITHOUT_YEAR, appended, topped
from tests.sandbox import Sandbox
from tests.script import run_script, say
from tests.service import COMMAND, QUICK, Service

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.sandbox.model import Pull

OWNERS = 6
PULLS_EACH = 3
SECONDS = 75.0
SETTLE_SECONDS = 120.0
PAUSES = (0.1, 0.6)
KILL_EVERY = 9
"""One step in so many kills something; the supervisor restarts ever more slowly what dies often."""
VICTIMS = {
    "worker": "-m bot.commands.worker",
    "web": "-m bot.commands.serve",
    "PostgreSQL": "bin/postgres -D",
    "PostgreSQL's owner": "-m bot.database.embedded",
}
CONCLUSIONS = {
    "fail": "failure",
    "decision": "action_required",
    "unverified": "action_required",
    "pass": "success",
}


def _entry(number: int) -> str:
    return f"- **A cited paper {number}** (2015), A. Author et al. [[pdf]](https://arxiv.org/pdf/1504.{number:05})\n"


@dataclass
class Chaos:
    """The pull requests, what each holds now, and what was done so far."""

    sandbox: Sandbox
    bot: Service
    random: random.Random
    pulls: list[Pull] = field(default_factory=list)
    readmes: dict[tuple[str, int], str] = field(default_factory=dict)
    done: Counter[str] = field(default_factory=Counter)
    _papers: int = 0
    _victims: list[str] = field(default_factory=list)

    def open(self) -> None:
        """Open every pull request with a fault, so that each has a comment from the start."""
        for owner in range(OWNERS):
            name = f"owner-{owner}/papers"
            self.sandbox.create_repository(
                name, {"README.md": README, ".github/papergate.yml": "preset: most-cited\n"}
            )
            for number in range(PULLS_EACH):
                readme = appended(WITHOUT_YEAR)
                pull = self.sandbox.open_pull(name, {"README.md": readme}, author=f"contributor-{number}")
                self.pulls.append(pull)
                self.readmes[pull.key] = readme

    def push(self) -> None:
        """Push another list to one of the pull requests."""
        pull = self.random.choice(self.pulls)
        readme = self.random.choice((self._clean, self._faulty, self._cited, self._uncited))()
        self.readmes[pull.key] = readme
        self.sandbox.push(pull, {"README.md": readme})
        self.done["pushes"] += 1

    def _clean(self) -> str:
        return appended(CLEAN, f"<!-- {self.random.random()} -->\n")

    def _faulty(self) -> str:
        return appended(self.random.choice((WITHOUT_YEAR, WITHOUT_LINK)))

    def _cited(self) -> str:
        """Return a list with a paper whose citations are to be looked up anew."""
        return topped(self._paper(citations=4321))

    def _uncited(self) -> str:
        return topped(self._paper(citations=3))

    def _paper(self, *, citations: int) -> str:
        self._papers += 1
        self.sandbox.scholar.add_arxiv(
            f"1504.{self._papers:05}", f"A cited paper {self._papers}", year=2015, citations=citations
        )
        return _entry(self._papers)

    def fail(self) -> None:
        """Make the next few requests to one of the services go wrong."""
        where, path = self.random.choice((("Semantic Scholar", "^/semantic-scholar"), ("GitHub", "^/repos/")))
        how = self.random.choice(("down", "limited", "hanging", "cut off", "answer lost"))
        faults, times = self.sandbox.faults, self.random.randint(1, 4)
        if how == "down":
            faults.add("*", path, status=503, body="{}", times=times)
        elif how == "limited":
            body = '{"message": "You have exceeded a secondary rate limit."}'
            faults.add("*", path, status=429, headers={"Retry-After": "1"}, body=body, times=times)
        elif how == "hanging":
            faults.add("*", path, delay=self.random.uniform(0.5, 3), times=times)
        elif how == "cut off":
            faults.add("*", path, drop=True, times=times)
        else:
            faults.add("POST", path, drop=True, after=True)
        self.done[f"{where} {how}"] += 1

    def kill(self) -> None:
        """Kill a part of the bot, or all of it and start it again."""
        if not self._victims:
            parts = [*VICTIMS, "everything"]
            self._victims = self.random.sample(parts, k=len(parts))
        victim = self._victims.pop()
        if victim == "everything":
            self.bot.kill()
            self.bot.start()
        else:
            try:
                os.kill(self.bot.find(VICTIMS[victim]), signal.SIGKILL)
            except (LookupError, ProcessLookupError):
                return  # it is still down from the last time
        self.done[f"killed: {victim}"] += 1

    def redeliver(self) -> bool:
        """Deliver again whatever nobody took, as GitHub offers; return whether all was taken by now."""
        taken = {item.guid for item in self.sandbox.webhooks.deliveries if item.status == 202}
        missed = {item.guid: item for item in self.sandbox.webhooks.deliveries if item.guid not in taken}
        answers = [self.sandbox.webhooks.redeliver(item).status for item in missed.values()]
        self.done["redelivered"] += answers.count(202)
        return answers.count(202) == len(answers)

    def wrong(self, expected: dict[str, str]) -> list[str]:
        """Return what is not yet as it should be."""
        found = []
        for pull in map(self.sandbox.pull, self.pulls):
            runs = self.sandbox.check_runs(pull.repository, pull.head_sha)
            conclusion = runs[-1].conclusion if runs else None
            wanted = expected[self.readmes[pull.key]]
            comments = self.sandbox.bot_comments(pull)
            told = len(comments) == 1 and pull.head_sha[:7] in comments[0].body
            if conclusion != wanted or not told:
                said = "which name the newest head" if told else "not one that names the newest head"
                found.append(
                    f"#{pull.number} of {pull.repository}: {conclusion} instead of {wanted}, "
                    f"{len(comments)} comments, {said}"
                )
        return found


@dataclass(frozen=True)
class Outcome:
    """How it ended: what each list was to get, and what was left wrong."""

    expected: dict[str, str]
    settled_seconds: float
    """From the last fault until all was right."""
    jobs_left: int
    jobs_failed: int
    wrong: list[str]

    @property
    def good(self) -> bool:
        """Return whether every result is right and no job is left that could change it."""
        return not self.wrong and not self.jobs_left


def main() -> int:
    """Run the chaos; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=SECONDS, help="how long things go wrong")
    options = parser.parse_args()
    started = time.monotonic()
    with Sandbox() as sandbox, Service(sandbox.environment() | QUICK) as bot:
        sandbox.webhooks.url = bot.webhook_url
        chaos = Chaos(sandbox, bot, random.Random(options.seed))  # noqa: S311 - no secret
        chaos.open()
        expected = _calm(sandbox, chaos.readmes)
        _wait(lambda: not chaos.wrong(expected), SETTLE_SECONDS)
        _rage(chaos, options.seconds)
        outcome = _settle(chaos)
        log = bot.log
    say(f"seed {options.seed}, {time.monotonic() - started:.0f} s in all; done meanwhile:")
    _report(chaos, outcome)
    if not outcome.good:
        say("the end of the bot's log:", log[-20_000:])
    return 0 if outcome.good else 1


def _settle(chaos: Chaos) -> Outcome:
    """Stop all faults and wait until everything is right or time is up."""
    quiet = time.monotonic()
    chaos.sandbox.faults.clear()
    _wait(chaos.bot.is_ready, SETTLE_SECONDS)
    _wait(chaos.redeliver, SETTLE_SECONDS)
    expected = _calm(chaos.sandbox, chaos.readmes)
    _wait(lambda: not chaos.wrong(expected), SETTLE_SECONDS)
    settled = time.monotonic() - quiet
    _wait(lambda: not _jobs(chaos.bot, "todo", "doing"), SETTLE_SECONDS)  # what comes late may spoil it
    left, failed = _jobs(chaos.bot, "todo", "doing"), _jobs(chaos.bot, "failed")
    return Outcome(expected, settled, left, failed, chaos.wrong(expected))


def _report(chaos: Chaos, outcome: Outcome) -> None:
    wanted = Counter(outcome.expected[readme] for readme in chaos.readmes.values())
    shares = ", ".join(f"{number} {conclusion}" for conclusion, number in wanted.items())
    say(*(f"  {number:4}  {what}" for what, number in sorted(chaos.done.items())))
    say(
        f"{len(chaos.pulls)} pull requests, expected: {shares}",
        f"all right {outcome.settled_seconds:.1f} s after the last fault"
        if outcome.good
        else f"still wrong: {len(outcome.wrong)}",
        f"jobs left: {outcome.jobs_left}, failed: {outcome.jobs_failed}",
        *outcome.wrong,
    )


def _jobs(bot: Service, *statuses: str) -> int:
    """Return how many of the bot's jobs have one of these statuses."""
    with psycopg.connect(bot.database_url) as connection:
        query = "SELECT count(*) FROM procrastinate_jobs WHERE status::text = ANY(%s)"
        (number,) = connection.execute(query, [list(statuses)]).fetchone() or (0,)
    return int(number)


def _rage(chaos: Chaos, seconds: float) -> None:
    """Push, fail and kill, one after the other at random moments, for so long."""
    deadline, step = time.monotonic() + seconds, 0
    while time.monotonic() < deadline:
        step += 1
        if step % KILL_EVERY == 0:
            chaos.kill()
        else:
            chaos.random.choice((chaos.push, chaos.push, chaos.fail))()
        time.sleep(chaos.random.uniform(*PAUSES))


def _calm(sandbox: Sandbox, readmes: dict[tuple[str, int], str]) -> dict[str, str]:
    """Return the conclusion for each list, as the command line gives it while nothing fails."""
    conclusions = {}
    with tempfile.TemporaryDirectory(prefix="papergate-") as folder:
        base, head = Path(folder, "base.md"), Path(folder, "head.md")
        base.write_text(README)
        environment = os.environ | sandbox.environment() | {"PAPERGATE_DATA_DIR": str(Path(folder, "data"))}
        for readme in set(readmes.values()):
            head.write_text(readme)
            command = [str(COMMAND), "check", "--base", str(base), "--head", str(head), "--format", "json"]
            done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
            conclusions[readme] = CONCLUSIONS[json.loads(done.stdout)["verdict"]]
    return conclusions


def _wait(condition: Callable[[], bool], seconds: float) -> None:
    """Wait for a condition, at most so long; the report shows whether it came."""
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.2)


if __name__ == "__main__":
    run_script("chaos", main)
