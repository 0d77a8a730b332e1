"""`python -m tests.fault_matrix`: every request the bot makes to GitHub fails in every way, once each.

The requests are those recorded while each story below runs undisturbed, so a new request is covered without a
change here. A cell is one request of one story and one fault: afterwards the right check and exactly one
comment must be there within `HEAL_SECONDS` of the end of the fault. Prints the cells that fail and writes the
table in docs/reliability.md; ends with status 1 if a cell failed.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.end_to_end.papers import CLEAN, WITHOUT_YEAR, appended
from tests.end_to_end.place import Place, Stage
from tests.sandbox import Sandbox
from tests.sandbox.contract import find_operation
from tests.service import QUICK, Service

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from tests.sandbox.faults import Fault
    from tests.sandbox.log import Exchange
    from tests.sandbox.model import Pull

HEAL_SECONDS = 10.0
HANG_SECONDS = 20.0
"""A hanging request has to be given up first."""
PATIENCE_SECONDS = 45.0
"""After that a cell counts as never healed."""
QUIET_SECONDS = 60.0
"""For a story without a fault; the machine may be busy."""
CONCURRENT = 8
"""Cells at a time: most of them wait for the bot to try again."""
PAGE = Path(__file__).parents[1] / "docs" / "reliability.md"
BEGIN, END = (
    "<!-- fault matrix: written by python -m tests.fault_matrix -->",
    "<!-- end of the fault matrix -->",
)
EAGER = {"PAPERGATE_SPREAD_SECONDS": "0.1", "PAPERGATE_MERGE_GROUP_PATIENCE_SECONDS": "2"}


@dataclass(frozen=True)
class Kind:
    """A way to fail. ``lasts`` is in seconds; ``fault`` holds the arguments of `Faults.add`."""

    name: str
    fault: Mapping[str, Any]
    lasts: float = 0.0
    limit: float = HEAL_SECONDS


KINDS = (
    Kind("404 once", {"status": 404}),
    Kind("404 for 3 s", {"status": 404, "seconds": 3.0}, lasts=3.0),
    Kind("403 once", {"status": 403}),
    Kind("422 once", {"status": 422}),
    Kind("500 once", {"status": 500}),
    Kind("502 for 3 s", {"status": 502, "seconds": 3.0}, lasts=3.0),
    Kind("429 with retry-after: 1", {"status": 429, "headers": {"Retry-After": "1"}}, lasts=1.0),
    Kind("connection reset before the effect", {"drop": True}),
    Kind("connection reset after the effect", {"drop": True, "after": True}),
    Kind("truncated body", {"cut": True}),
    Kind("hang", {"drop": True, "delay": 120.0}, limit=HANG_SECONDS),
)


@dataclass(frozen=True, order=True)
class Call:
    """A request of a story: its method and its path as GitHub's description has it."""

    story: str
    method: str
    template: str


@dataclass
class Cell:
    """One call that fails in one way, and what came of it."""

    call: Call
    kind: Kind
    seconds: float | None = None
    """From the end of the fault until all was right; None if it never was."""
    shown: set[str] = field(default_factory=set)
    """What the check showed until then."""
    wrong: str = ""
    """What is wrong at the end."""
    tried: bool = True
    """False if the request was not made this time, so that nothing failed."""

    @property
    def passed(self) -> bool:
        """Return True if it healed in time."""
        healed = not self.tried or (self.seconds is not None and self.seconds <= self.kind.limit)
        return healed and not self.wrong


class Story:
    """Something people do: `prepare` runs without a fault, `act` with one."""

    name = ""
    alone = False
    """True if nothing else may run at the same time."""

    def __init__(self, place: Place) -> None:
        self.place = place

    def prepare(self) -> None:
        """Make the repository and what has to be there before."""
        self.place.create()

    def act(self) -> None:
        """Do what the bot has to react to."""
        raise NotImplementedError

    def wrong(self) -> str:
        """Return what is not as it should be, "" if all is right."""
        raise NotImplementedError

    def shown(self) -> str:
        """Return what the check shows now."""
        raise NotImplementedError


class _PullStory(Story):
    """A story about one pull request."""

    pull: Pull

    def shown(self) -> str:
        runs = self.place.sandbox.check_runs(self.place.name, self.place.sandbox.pull(self.pull).head_sha)
        if not runs:
            return "no check yet"
        return f"{runs[-1].conclusion or runs[-1].status}: {runs[-1].output.title}"

    def _expected(self, conclusion: str, words: str) -> str:
        """Return what differs from a check with this conclusion and exactly one comment with these words."""
        sandbox, head = self.place.sandbox, self.place.sandbox.pull(self.pull).head_sha
        runs = sandbox.check_runs(self.place.name, head)
        found = runs[-1].conclusion if runs else None
        if found != conclusion:
            return f"check {found} instead of {conclusion}"
        bodies = [
            item.body for item in sandbox.bot_comments(self.pull) if "papergate:answer" not in item.body
        ]
        if len(bodies) != 1:
            return f"{len(bodies)} comments"
        if words not in bodies[0]:
            return "the comment is not about this state"
        return "" if head[:7] in bodies[0] else "the comment is about an older head"


class Opened(_PullStory):
    """A pull request with a fault is opened: failed check, comment, suggestion."""

    name = "opened"

    def act(self) -> None:
        self.pull = self.place.open(appended(WITHOUT_YEAR))

    def wrong(self) -> str:
        if problem := self._expected("failure", "format/missing-year"):
            return problem
        return "" if self.place.sandbox.reviews(self.pull) else "no suggestion"


class Pushed(Opened):
    """The author fixes it: the check passes, and the comment says so."""

    name = "pushed"

    def prepare(self) -> None:
        super().prepare()
        super().act()
        _wait(self.wrong_before, QUIET_SECONDS)

    def wrong_before(self) -> str:
        """Return what is missing before the push."""
        return super().wrong()

    def act(self) -> None:
        self.pull = self.place.sandbox.push(self.pull, {"README.md": appended(CLEAN)})

    def wrong(self) -> str:
        return self._expected("success", "papergate:report")


class Waived(Pushed):
    """A maintainer waives the fault: reactions, and the check passes."""

    name = "waived"

    def act(self) -> None:
        words = '/waive format "Spatial transformer network" Its year is disputed'
        self.command = self.place.sandbox.comment(self.pull, words, by=self.place.owner)

    def wrong(self) -> str:
        if problem := self._expected("success", "Its year is disputed"):
            return problem
        reactions = self.place.reactions(self.command)
        return "" if reactions[-1:] == ["rocket"] else f"reactions {reactions}"


class Queued(_PullStory):
    """A merge queue asks about a group."""

    name = "queued"

    def prepare(self) -> None:
        super().prepare()
        self.pull = self.place.open(appended(CLEAN))
        _wait(lambda: "" if self.place.sandbox.check_runs(*self._head()) else "no check", QUIET_SECONDS)

    def act(self) -> None:
        self.group = self.place.sandbox.enqueue(self.pull)

    def wrong(self) -> str:
        runs = self.place.sandbox.check_runs(self.place.name, self.group.head_sha)
        conclusions = [run.conclusion for run in runs]
        return "" if conclusions == ["success"] else f"checks {conclusions}"

    def shown(self) -> str:
        runs = self.place.sandbox.check_runs(self.place.name, self.group.head_sha)
        return (
            f"{runs[-1].conclusion or runs[-1].status}: {runs[-1].output.title}" if runs else "no check yet"
        )

    def _head(self) -> tuple[str, str]:
        return self.place.name, self.place.sandbox.pull(self.pull).head_sha


class Started(Opened):
    """The bot starts: it reads who it is, and where it is installed."""

    name = "started"
    alone = True

    def prepare(self) -> None:
        super().prepare()
        self.place.stage.bot.stop()

    def act(self) -> None:
        self.place.stage.bot.start()
        super().act()


STORIES: tuple[type[Story], ...] = (Opened, Pushed, Waived, Queued, Started)
_numbers = count(1)


class Matrix:
    """The bot and its GitHub, on which cells are tried."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._sandbox = stage.sandbox

    def calls(self, story: type[Story]) -> list[Call]:
        """Run a story without a fault; return the requests about its repository, and for its token.

        Raises:
            TimeoutError: the story does not end as it should even so.
        """
        told = self._story(story)
        told.prepare()
        self._settle(told)
        before = len(self._sandbox.log.find())
        told.act()
        _wait(told.wrong, QUIET_SECONDS)
        self._settle(told)
        made = self._sandbox.log.find()[before:]
        found = {self._call(story.name, item) for item in made if self._is_about(told, item)}
        if story is Opened:
            # The first request for a repository of this owner, and made only then.
            found.add(Call(story.name, "POST", "/app/installations/{installation_id}/access_tokens"))
        return sorted(found)

    def run(self, cells: Sequence[Cell]) -> None:
        """Try the cells, several at a time where they do not disturb each other.

        One that was only late is tried once more by itself: the others make the machine slow.
        """
        stories = {story.name: story for story in STORIES}
        together = [cell for cell in cells if not stories[cell.call.story].alone]
        alone = [cell for cell in cells if stories[cell.call.story].alone]
        with ThreadPoolExecutor(CONCURRENT) as pool:
            list(pool.map(self._try, (stories[cell.call.story] for cell in together), together))
        late = [cell for cell in together if not cell.passed and not cell.wrong]
        for cell in (*late, *alone):
            self._try(stories[cell.call.story], cell)

    def _try(self, story: type[Story], cell: Cell) -> None:
        told = self._story(story)
        told.prepare()
        self._settle(told)  # people read before they write, and the bot has ended by then
        fault = self._sandbox.faults.add(cell.call.method, self._pattern(told, cell.call), **cell.kind.fault)
        try:
            told.act()
            self._watch(cell, told, fault)
        finally:
            self._sandbox.faults.remove(fault)
        if not cell.passed:
            sys.stderr.write(f"{report([cell])}\n")

    def _watch(self, cell: Cell, told: Story, fault: Fault) -> None:
        """Wait until all is right, then make sure that it stays so."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while (wrong := told.wrong()) or self._sandbox.faults.struck_at(fault) is None:
            cell.shown.add(told.shown())
            if time.monotonic() > deadline:
                cell.wrong, cell.tried = wrong, self._sandbox.faults.struck_at(fault) is not None
                return
            time.sleep(0.05)
        struck = self._sandbox.faults.struck_at(fault) or 0.0
        cell.seconds = max(time.monotonic() - struck - cell.kind.lasts, 0.0)
        self._settle(told)
        cell.wrong = told.wrong()

    def _settle(self, told: Story) -> None:
        """Wait until the bot has made no request about the story's repository for a second."""
        quiet, seen = time.monotonic(), -1
        while time.monotonic() - quiet < 1:
            made = sum(self._is_about(told, item) for item in self._sandbox.log.find())
            if made != seen:
                quiet, seen = time.monotonic(), made
            time.sleep(0.1)

    def _story(self, story: type[Story]) -> Story:
        return story(Place(self._stage, f"cell-{next(_numbers)}/papers"))

    def _is_about(self, told: Story, item: Exchange) -> bool:
        if told.alone:
            return item.path.startswith(_OF_THE_APP)
        return item.path.startswith(f"/repos/{told.place.name}/")

    def _call(self, story: str, item: Exchange) -> Call:
        operation = find_operation(item.method, item.path)
        if operation is None:
            raise LookupError(f"GitHub describes no {item.method} {item.path}")
        return Call(story, item.method, operation.template)

    def _pattern(self, told: Story, call: Call) -> str:
        """Return the pattern of a call's paths in the story's repository, or for its installation."""
        if told.alone:
            return "^" + re.sub(r"\{[^}]+\}", "[^/]+", call.template) + "$"
        if call.template.startswith("/app/installations/"):
            with self._sandbox.state.lock:
                installation = self._sandbox.state.installation_for(told.place.name)
            number = installation.id if installation else 0
            return f"^/app/installations/{number}/access_tokens$"
        tail = call.template.removeprefix("/repos/{owner}/{repo}")
        parts = (
            r"[^/]+"
            if part.startswith("{") and part not in _GREEDY
            else ".+"
            if part in _GREEDY
            else re.escape(part)
            for part in re.split(r"(\{[^}]+\})", tail)
        )
        return f"^/repos/{re.escape(told.place.name)}{''.join(parts)}$"


_OF_THE_APP = ("/app", "/users/", "/installation/")
_GREEDY = frozenset({"{path}", "{ref}", "{basehead}", "{branch}"})


def recorded(matrix: Matrix, stories: Iterable[type[Story]]) -> list[Call]:
    """Return the calls of the stories. Of a push, only those that opening does not make."""
    calls: list[Call] = []
    for story in stories:
        known = {(call.method, call.template) for call in calls} if story is Pushed else set()
        calls += [call for call in matrix.calls(story) if (call.method, call.template) not in known]
    return calls


def all_cells(calls: Iterable[Call]) -> list[Cell]:
    """Return every call with every kind of fault."""
    return [Cell(call, kind) for call in calls for kind in KINDS]


def sample(calls: Iterable[Call]) -> list[Cell]:
    """Return one cell for each call, each with the next kind of fault; no hang, which takes long."""
    quick = [kind for kind in KINDS if kind.limit == HEAL_SECONDS]
    return [Cell(call, quick[place % len(quick)]) for place, call in enumerate(calls)]


def report(cells: Sequence[Cell]) -> str:
    """Return one line for each cell that failed."""
    return "\n".join(
        f"{cell.call.story}: {cell.call.method} {cell.call.template}, {cell.kind.name}: "
        + (cell.wrong or f"healed after {cell.seconds:.1f} s, limit {cell.kind.limit:.0f} s")
        for cell in cells
        if not cell.passed
    )


def table(cells: Sequence[Cell]) -> str:
    """Return the table of docs/reliability.md: one row for each kind of fault."""
    lines = [
        "| Fault of one request | Requests | Healed in time | Meanwhile the check shows | Longest |",
        "|---|---:|---:|---|---:|",
    ]
    for kind in KINDS:
        tried = [cell for cell in cells if cell.kind is kind and cell.tried]
        shown = sorted({text for cell in tried for text in cell.shown})
        longest = max((cell.seconds for cell in tried if cell.seconds is not None), default=0.0)
        passed = sum(cell.passed for cell in tried)
        lines.append(f"| {kind.name} | {len(tried)} | {passed} | {'; '.join(shown)} | {longest:.1f} s |")
    return "\n".join(lines)


def _write(cells: Sequence[Cell]) -> None:
    """Replace the table in docs/reliability.md."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n\n{table(cells)}\n\n{END}{after}", encoding="utf-8")


def _wait(wrong: Callable[[], str], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while problem := wrong():
        if time.monotonic() > deadline:
            raise TimeoutError(f"without any fault: {problem}")
        time.sleep(0.05)


def main() -> int:
    """Try the whole matrix; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.fault_matrix", description=__doc__)
    parser.add_argument("--story", choices=[story.name for story in STORIES], help="only this one")
    parser.add_argument(
        "--call", default="", help="only calls with these characters, such as POST or /compare"
    )
    parser.add_argument("--kind", default="", help="only kinds of fault with these characters")
    parser.add_argument(
        "--no-restarts", action="store_true", help="leave out the story that restarts the bot"
    )
    options = parser.parse_args()
    started = time.monotonic()
    with Sandbox() as sandbox, Service(sandbox.environment() | QUICK | EAGER) as bot:
        sandbox.webhooks.url = bot.webhook_url
        matrix = Matrix(Stage(sandbox, bot))
        stories = [
            story
            for story in STORIES
            if options.story in {None, story.name} and not (story.alone and options.no_restarts)
        ]
        calls = recorded(matrix, stories)
        cells = [
            cell
            for cell in all_cells(calls)
            if options.call in f"{cell.call.method} {cell.call.template}" and options.kind in cell.kind.name
        ]
        matrix.run(cells)
    failed = report(cells)
    if cells and not (options.story or options.call or options.kind):
        _write(cells)
    passed = sum(cell.passed for cell in cells)
    sys.stdout.write(f"{failed}\n" if failed else "")
    sys.stdout.write(
        f"{passed} of {len(cells)} cells passed, {len(calls)} calls, {time.monotonic() - started:.0f} s\n"
    )
    return 0 if cells and not failed else 1


if __name__ == "__main__":
    sys.exit(main())
