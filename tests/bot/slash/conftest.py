"""A pull request on a GitHub held to its own description, and a bot that runs the commands given on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from bot.database import decisions as ledger
from bot.database.decisions import Decision, Entry, Origin, Place
from bot.github.app import App
from bot.jobs.handlers import CommandRef
from bot.slash.parse import digest
from bot.slash.run import Commands
from bot.slash.target import Matter
from rules.papers.titles import key
from tests.sandbox import Pull, Sandbox
from tests.sandbox.contract import load_contract

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bot.slash.commands import Command, Target, Title
    from tests.sandbox.model import Comment

LIST = "curator/list"
README = "# List\n\n- one\n"
MAINTAINER, AUTHOR = "meg", "ann"


@dataclass(frozen=True)
class Report:
    """A subject that knows these matters."""

    found: tuple[Matter, ...] = (
        Matter("link", "dead", "f1", "A Title"),
        Matter("citations", "below", "f2", "B Title"),
    )
    line: int = 71

    def findings(self, rule: str, target: Target | None) -> tuple[Matter, ...]:
        named = [one for one in self.found if rule in {one.rule, f"{one.rule}/{one.code}"}]
        if target is None:
            return tuple(named)
        title = getattr(target, "text", "A Title" if getattr(target, "number", 0) == self.line else "")
        return tuple(one for one in named if key(one.title or "") == key(title))

    def pending(self, title: Title | None) -> tuple[Matter, ...]:
        return self.findings("citations", title)

    def counts(self, title: Title) -> tuple[Matter, ...]:
        return self.findings("citations", title)


@dataclass
class Bot:
    """The bot, asked as a job asks it."""

    sandbox: Sandbox
    pull: Pull
    database: Engine
    app: App
    installation: int
    report: Report = field(default_factory=Report)

    @property
    def place(self) -> Place:
        return Place(LIST, self.pull.number)

    def hears(self, comment: Comment, *, commands: Commands | None = None) -> bool:
        """Return whether it wants another look after a comment that was announced as given here."""
        ref = CommandRef(
            self.installation, LIST, self.pull.number, comment.id, comment.author, digest(comment.body)
        )
        commands = commands or Commands(self.database, subject=lambda *_: self.report)
        bot_id = self.app.identity(self.installation).bot_id
        with self.app.repository(self.installation, LIST) as repository:
            return commands.run(repository, ref, bot_id=bot_id)

    def presses(self, command: Command, *, by: str) -> bool:
        """Return whether it wants another look after somebody pressed the button of a command."""
        user_id = self.sandbox.state.account(by).id
        origin = Origin(by, user_id, "https://github.com/curator/list/runs/3")
        commands = Commands(self.database, subject=lambda *_: self.report)
        bot_id = self.app.identity(self.installation).bot_id
        with self.app.repository(self.installation, LIST) as repository:
            return commands.press(repository, self.place, origin, command, press_id=3, bot_id=bot_id)

    def told(self, body: str, by: str) -> Comment:
        """Return a comment by somebody, after the bot has heard it."""
        comment = self.sandbox.comment(self.pull, body, by=by)
        self.hears(comment)
        return comment

    def reactions(self, comment: Comment) -> list[str]:
        return [reaction.content for reaction in self.sandbox.reactions(comment)]

    def replies(self) -> list[str]:
        """Return what it answered, without its marks."""
        return [item.body.rpartition("\n\n<!--")[0] for item in self.sandbox.bot_comments(self.pull)]

    def decisions(self) -> tuple[Decision, ...]:
        with self.database.connect() as connection:
            return ledger.decisions(connection, self.place)

    def log(self) -> list[Entry]:
        with self.database.connect() as connection:
            return list(ledger.history(connection, self.place))


@pytest.fixture
def bot(database: Engine) -> Iterator[Bot]:
    """Return the bot on a fresh pull request; whatever was said to GitHub has to fit its description."""
    with Sandbox(contract=load_contract()) as sandbox:
        sandbox.create_repository(LIST, {"README.md": README})
        sandbox.set_permission(LIST, MAINTAINER, "write")
        pull = sandbox.open_pull(LIST, {"README.md": README + "- two\n"}, author=AUTHOR)
        app = App(sandbox.app.id, sandbox.app.private_key, api_url=sandbox.url, timeout=5)
        yield Bot(sandbox, pull, database, app, sandbox.install(LIST).id)
        assert sandbox.violations == []
