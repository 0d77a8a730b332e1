"""What ``fix``, ``remove`` and ``move`` do where they cannot simply commit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar, TypeVarTuple

import pytest
from sqlalchemy import Engine

from bot.database.decisions import DecisionStore, PullStatus
from bot.database.identity import PullKey
from bot.github.app import App as Client
from bot.github.publish import publish_comment
from bot.process.isolation import InProcess, Isolation, TooHard
from bot.render.comment import MARKER, Comment
from bot.render.removals_marker import carried, digest_of, mark
from bot.service.change_check import ChangeChecker
from bot.service.edit_commands import EditCommands
from bot.slash.actions import Actor, CommandContext, CommandResult, Done, Refused
from bot.slash.arguments import Title
from bot.slash.commands import Command, Fix, Move, Remove
from bot.slash.roles import WRITERS, CommandPolicy
from rules.editing.edits import move, remove
from rules.papers.evidence import Evidence
from rules.report.report import Removal, Report, Tally, Verdict
from tests.end_to_end.papers import CLEAN, MERGED, README, WITHOUT_YEAR, appended, topped
from tests.sandbox import Pull, Sandbox
from tests.sandbox.app import WRITING_PERMISSIONS, App
from tests.sandbox.contract import load_contract

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

LIST = "curator/list"
POLICY = "preset: most-cited\ncap: 2\nseverities: {companion: off, record: off, citations: off}\n"
NUMBER_ONE = Remove(1)
SECTION = "Understanding / Generalization / Transfer"


class Short(InProcess):
    """Reads and judges, but has no time left for edits."""

    def run(self, function: Callable[[*Ts], T], /, *args: *Ts) -> T:
        if function in {move, remove}:
            raise TooHard("it takes too long")
        return super().run(function, *args)


def edit_commands(isolation: Isolation, database: Engine) -> EditCommands:
    checker = ChangeChecker(isolation, lambda _: Evidence())
    return EditCommands(checker, isolation, DecisionStore(database))


@dataclass
class Stage:
    """A GitHub whose App may commit, and the three commands as somebody gives them on it."""

    sandbox: Sandbox
    edits: EditCommands
    client: Client

    def opened(self, readme: str, policy: str | None = POLICY) -> Pull:
        files: dict[str, str | bytes | None] = {"README.md": README}
        if policy is not None:
            files[".github/papergate.yml"] = policy
        self.sandbox.create_repository(LIST, files)
        return self.sandbox.open_pull(LIST, {"README.md": readme}, author="curator", from_fork=False)

    def asked(self, pull: Pull, command: Command, written_at: datetime | None = None) -> CommandResult:
        installation = self.sandbox.install(LIST).id
        with self.client.repository(installation, LIST) as repository:
            context = CommandContext(
                repository=repository,
                pull=PullKey(self.sandbox.state.repositories[LIST].id, pull.number),
                actor=Actor("meg", 5, "https://github.com/curator/list/pull/1#issuecomment-9"),
                roles=WRITERS,
                policy=CommandPolicy(),
                report=None,
                status=PullStatus(None, None, {}),
                bot_id=self.client.identity(installation).bot_id,
                written_at=written_at or datetime.now(UTC),
            )
            return self.edits.actions[type(command)](context, command)

    def says(self, pull: Pull, body: str) -> None:
        """Make the App's comment say this."""
        installation = self.sandbox.install(LIST).id
        with self.client.repository(installation, LIST) as repository:
            identity = self.client.identity(installation)
            publish_comment(repository, pull.number, Comment(f"{MARKER}\n{body}", speaks=True), identity)

    def is_untouched(self, pull: Pull) -> bool:
        return self.sandbox.pull(pull).head_sha == pull.head_sha


@pytest.fixture
def stage(database: Engine) -> Iterator[Stage]:
    """Return a GitHub that is held to its own description."""
    with Sandbox(app=App(permissions=WRITING_PERMISSIONS), contract=load_contract()) as sandbox:
        client = Client(sandbox.app.id, sandbox.app.private_key, api_url=sandbox.url, timeout=5)
        yield Stage(sandbox, edit_commands(InProcess(), database), client)
        assert sandbox.violations == []


def why(outcome: CommandResult) -> str:
    assert isinstance(outcome, Refused), outcome
    return outcome.why


def suggesting(*titles: str) -> Report:
    """Return a report that suggests to remove these."""
    removals = tuple(Removal(title, SECTION, 1, 2015, None, None, None, "why", None) for title in titles)
    return Report(Verdict.FAIL, "README.md", Tally(), Tally(), removals=removals)


def test_a_command_heard_twice_commits_once(stage: Stage) -> None:
    """The second time it finds its commit at the head."""
    pull = stage.opened(appended(WITHOUT_YEAR))
    assert stage.asked(pull, Fix()) == Done()
    head = stage.sandbox.pull(pull).head_sha
    assert head != pull.head_sha
    assert stage.asked(pull, Fix()) == Done()
    assert stage.sandbox.pull(pull).head_sha == head


def test_a_closed_pull_request_is_left_alone(stage: Stage) -> None:
    """Nothing is committed to what nobody will merge."""
    pull = stage.opened(appended(WITHOUT_YEAR))
    stage.sandbox.close_pull(pull)
    assert why(stage.asked(pull, Fix())) == "Not done: this pull request is not open."
    assert stage.is_untouched(pull)


@pytest.mark.parametrize(
    ("policy", "readme", "said"),
    [
        (None, appended(WITHOUT_YEAR), "there is no usable policy for this list"),
        ("presets: x", appended(WITHOUT_YEAR), "there is no usable policy for this list"),
        (POLICY, "no list at all\n", "the list cannot be read"),
        (POLICY, appended(CLEAN), "no correction is on offer: nothing was changed"),
    ],
)
def test_where_nothing_can_be_fixed_it_says_why(
    stage: Stage, policy: str | None, readme: str, said: str
) -> None:
    """No policy, no list, no fault."""
    pull = stage.opened(readme, policy)
    assert why(stage.asked(pull, Fix())) == f"Not done: {said}."
    assert stage.is_untouched(pull)


@pytest.mark.parametrize("command", [Move(Title("Memory networks"), "Old Papers"), NUMBER_ONE])
def test_a_list_that_meets_a_limit_is_left_alone(stage: Stage, database: Engine, command: Command) -> None:
    """An edit that takes too long is none."""
    pull = stage.opened(topped(MERGED))
    stage.edits = edit_commands(Short(), database)
    assert "the list cannot be read: it takes too long" in why(stage.asked(pull, command))
    assert stage.is_untouched(pull)


def test_a_rule_of_the_branch_makes_a_patch(stage: Stage) -> None:
    """Where a commit is not let in, what it would do can be had all the same."""
    pull = stage.opened(appended(WITHOUT_YEAR))
    refusal = '{"message": "Repository rule violations found"}'
    stage.sandbox.faults.add("PATCH", "/git/refs/", status=422, body=refusal)
    outcome = stage.asked(pull, Fix())
    assert isinstance(outcome, Done)
    assert "a rule of the branch does not let the App commit" in outcome.reply
    assert "```diff" in outcome.reply


def test_a_number_counts_before_any_comment_stands(stage: Stage) -> None:
    """The check shows the suggestions first; a comment that shows nothing else does not forbid it."""
    pull = stage.opened(topped(MERGED))
    assert stage.asked(pull, NUMBER_ONE) == Done()
    assert not stage.is_untouched(pull)


def test_a_number_of_another_list_is_refused(stage: Stage) -> None:
    """The comment shows other suggestions than are true now."""
    pull = stage.opened(topped(MERGED))
    stage.says(pull, mark(suggesting("Another paper")))
    assert "has changed since this was written" in why(stage.asked(pull, NUMBER_ONE))
    assert stage.is_untouched(pull)


def test_a_number_is_of_the_list_that_stood_when_it_was_written(stage: Stage) -> None:
    """A list that changed counts from a second after it did; one that only was shown again always."""
    pull = stage.opened(topped(MERGED))
    now = suggesting(
        "Distilling the knowledge in a neural network", "Visualizing and understanding convolutional networks"
    )
    changed_at = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    stage.says(pull, "an earlier list")
    first = carried(mark(now), mark(suggesting("Another paper")), changed_at)
    again = carried(mark(now), first, changed_at)
    stage.says(pull, again)
    kept = stage.sandbox.bot_comments(pull)[0].body
    assert digest_of(now) in kept
    refused = stage.asked(pull, NUMBER_ONE, changed_at)
    assert "has changed since this was written" in why(refused)
    assert stage.asked(pull, NUMBER_ONE, changed_at + timedelta(seconds=1)) == Done()
