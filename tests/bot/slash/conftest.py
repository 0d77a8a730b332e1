"""A pull request on a GitHub held to its own description, and a bot that runs the commands given on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from bot.database import audit_log, decisions, reports
from bot.database.audit_log import AuditEntry
from bot.database.identity import PullKey
from bot.database.reports import SeenReport, Target
from bot.github.app import App
from bot.slash.actions import REPORT_ACTIONS, Actor
from bot.slash.parse import digest
from bot.slash.run import CommandRunner, CommandText, Ran
from tests.sandbox import Pull, Sandbox
from tests.sandbox.contract import load_contract

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Engine

    from bot.slash.actions import Action
    from bot.slash.commands import Command
    from rules.report.findings import Decision
    from tests.sandbox.model import Comment, Review

LIST = "curator/list"
README = "# List\n\n- one\n"
MAINTAINER, AUTHOR = "meg", "ann"


REPORT = SeenReport(
    "a" * 40,
    "master",
    findings=(
        Target("link/dead", "f1", "A Title", 71, 71),
        Target("citations/below", "f2", "B Title", 72, 72, "decision"),
    ),
    entries=(Target("citations", "f2", "B Title"),),
)


@dataclass
class Bot:
    """The bot, called as a job calls it, after it has published a report."""

    sandbox: Sandbox
    pull: Pull
    database: Engine
    app: App
    installation: int

    @property
    def key(self) -> PullKey:
        return PullKey(self.sandbox.state.repositories[LIST].id, self.pull.number)

    def shows(self, report: SeenReport) -> None:
        """Publish a report, as long ago as a person needs to read it."""
        with self.database.begin() as connection:
            connection.execute(text("UPDATE report SET published_at = published_at - interval '1 minute'"))
            reports.keep(connection, self.key, report)
            connection.execute(
                text(
                    "UPDATE report SET published_at = published_at - interval '2 seconds' "
                    "WHERE id = (SELECT max(id) FROM report)"
                )
            )

    def hears(
        self,
        comment: Comment,
        *,
        actions: Mapping[type[Command], Action] = REPORT_ACTIONS,
        received_at: datetime | None = None,
    ) -> bool:
        """Return whether it wants another evaluation after a comment with the text given here."""
        by_author = comment.author == self.pull.author
        received_at = received_at or datetime.now(UTC)
        told = CommandText("comment", comment.id, digest(comment.body), by_author, received_at)
        return self._runs(told, actions).again

    def answers(self, comment: Comment) -> bool:
        """Return whether the author of a comment sees what came of it."""
        told = CommandText("comment", comment.id, digest(comment.body), False, datetime.now(UTC))
        return self._runs(told, REPORT_ACTIONS).answered

    def reads(self, review: Review) -> bool:
        """Return whether it wants another evaluation after a review."""
        told = CommandText(
            "review", review.id, digest(review.body), review.author == self.pull.author, datetime.now(UTC)
        )
        return self._runs(told, REPORT_ACTIONS).again

    def _runs(self, told: CommandText, actions: Mapping[type[Command], Action]) -> Ran:
        bot_id = self.app.identity(self.installation).bot_id
        with self.app.repository(self.installation, LIST) as repository:
            return CommandRunner(self.database, actions).run(repository, self.key, told, bot_id=bot_id)

    def presses(self, command: Command, *, by: str) -> bool:
        """Return whether it wants another evaluation after somebody pressed the button of a command."""
        user_id = self.sandbox.state.account(by).id
        actor = Actor(by, user_id, "https://github.com/curator/list/runs/3")
        bot_id = self.app.identity(self.installation).bot_id
        with self.app.repository(self.installation, LIST) as repository:
            return CommandRunner(self.database, REPORT_ACTIONS).press(
                repository,
                self.key,
                actor,
                command,
                by_author=by == self.pull.author,
                press_id=3,
                bot_id=bot_id,
            )

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
        bot = Bot(sandbox, pull, database, app, sandbox.install(LIST).id)
        bot.shows(REPORT)
        yield bot
        assert sandbox.violations == []
