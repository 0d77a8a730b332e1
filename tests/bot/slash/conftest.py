"""A pull request on a GitHub held to its own description, and a bot that runs the commands given on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from bot.database import audit_log, decisions
from bot.database.audit_log import AuditEntry
from bot.database.identity import PullKey
from bot.github.app import App
from bot.slash.actions import REPORT_ACTIONS, Actor
from bot.slash.parse import digest
from bot.slash.roles import CommandPolicy
from bot.slash.run import CommandRunner
from bot.slash.target import Target
from rules.papers.titles import key
from tests.sandbox import Pull, Sandbox
from tests.sandbox.contract import load_contract

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Engine

    from bot.slash.actions import Action
    from bot.slash.arguments import Selector, Title
    from bot.slash.commands import Command
    from rules.report.findings import Decision
    from tests.sandbox.model import Comment

LIST = "curator/list"
README = "# List\n\n- one\n"
MAINTAINER, AUTHOR = "meg", "ann"


@dataclass(frozen=True)
class Report:
    """A report that offers these targets."""

    found: tuple[Target, ...] = (
        Target("link/dead", "f1", "A Title"),
        Target("citations/below", "f2", "B Title"),
    )
    line: int = 71

    def findings(self, rule: str, entry: Selector | None) -> tuple[Target, ...]:
        named = [one for one in self.found if rule in {one.rule, one.rule.partition("/")[0]}]
        if entry is None:
            return tuple(named)
        title = getattr(entry, "text", "A Title" if getattr(entry, "number", 0) == self.line else "")
        return tuple(one for one in named if key(one.title or "") == key(title))

    def pending(self, entry: Title | None) -> tuple[Target, ...]:
        return self.findings("citations", entry)

    def counts(self, title: Title) -> tuple[Target, ...]:
        return self.findings("citations", title)


@dataclass
class Bot:
    """The bot, called as a job calls it."""

    sandbox: Sandbox
    pull: Pull
    database: Engine
    app: App
    installation: int
    report: Report = field(default_factory=Report)

    @property
    def key(self) -> PullKey:
        return PullKey(self.sandbox.state.repositories[LIST].id, self.pull.number)

    def runner(
        self,
        *,
        policy: CommandPolicy | None = None,
        actions: Mapping[type[Command], Action] = REPORT_ACTIONS,
    ) -> CommandRunner:
        return CommandRunner(
            self.database, lambda *_: policy or CommandPolicy(), lambda *_: self.report, actions
        )

    def hears(self, comment: Comment, *, runner: CommandRunner | None = None) -> bool:
        """Return whether it wants another evaluation after a comment with the text given here."""
        bot_id = self.app.identity(self.installation).bot_id
        with self.app.repository(self.installation, LIST) as repository:
            return (runner or self.runner()).run(
                repository, self.key, comment.id, digest(comment.body), bot_id=bot_id
            )

    def presses(self, command: Command, *, by: str) -> bool:
        """Return whether it wants another evaluation after somebody pressed the button of a command."""
        user_id = self.sandbox.state.account(by).id
        actor = Actor(by, user_id, "https://github.com/curator/list/runs/3")
        bot_id = self.app.identity(self.installation).bot_id
        with self.app.repository(self.installation, LIST) as repository:
            return self.runner().press(repository, self.key, actor, command, press_id=3, bot_id=bot_id)

    def told(self, body: str, by: str) -> Comment:
        """Return a comment by somebody, after the bot has run it."""
        comment = self.sandbox.comment(self.pull, body, by=by)
        self.hears(comment)
        return comment

    def reactions(self, comment: Comment) -> list[str]:
        return [reaction.content for reaction in self.sandbox.reactions(comment)]

    def replies(self) -> list[str]:
        """Return what it answered, without its marks."""
        return [item.body.rpartition("\n\n<!--")[0] for item in self.sandbox.bot_comments(self.pull)]

    def decisions(self) -> list[Decision]:
        with self.database.connect() as connection:
            return list(decisions.active(connection, self.key).values())

    def log(self) -> list[AuditEntry]:
        with self.database.connect() as connection:
            return list(audit_log.history(connection, self.key))


@pytest.fixture
def bot(database: Engine) -> Iterator[Bot]:
    """Return the bot on a fresh pull request; every request has to fit GitHub's description."""
    with Sandbox(contract=load_contract()) as sandbox:
        sandbox.create_repository(LIST, {"README.md": README})
        sandbox.set_permission(LIST, MAINTAINER, "write")
        pull = sandbox.open_pull(LIST, {"README.md": README + "- two\n"}, author=AUTHOR)
        app = App(sandbox.app.id, sandbox.app.private_key, api_url=sandbox.url, timeout=5)
        yield Bot(sandbox, pull, database, app, sandbox.install(LIST).id)
        assert sandbox.violations == []
