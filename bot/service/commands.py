"""Run the commands that jobs bring: from comments and reviews, and from a check's buttons."""

from __future__ import annotations

from collections.abc import Mapping

from bot.database.identity import PullKey, RepositoryRef
from bot.github.app import App
from bot.github.commits import pulls_of_head
from bot.jobs.handlers import ButtonPress, CommandOutcome, CommandRef
from bot.render.check import FIX, RECHECK
from bot.service.opened import opened
from bot.slash.actions import Actor
from bot.slash.commands import Command, Fix, Recheck
from bot.slash.run import CommandRunner, CommandText

_BUTTONS: Mapping[str, Command] = {RECHECK.identifier: Recheck(), FIX.identifier: Fix()}


class Commands:
    """Runs commands (`bot.jobs.handlers.CommandHandlers`). Safe to share among threads, and to repeat."""

    def __init__(self, app: App, runner: CommandRunner) -> None:
        self._app = app
        self._runner = runner

    def run_command(self, ref: RepositoryRef, command: CommandRef) -> CommandOutcome:
        """Run a comment's commands. Raises TransientError."""
        with opened(self._app, ref) as repository:
            bot_id = self._app.identity(ref.installation_id).bot_id
            pull = PullKey(ref.id, command.number)
            ran = self._runner.run(repository, pull, _text(command), bot_id=bot_id)
            return CommandOutcome(ran.again, ran.answered)

    def give_up_command(self, ref: RepositoryRef, command: CommandRef) -> None:
        """Answer that a comment's commands could not be run. Raises TransientError."""
        with opened(self._app, ref) as repository:
            bot_id = self._app.identity(ref.installation_id).bot_id
            self._runner.give_up(repository, PullKey(ref.id, command.number), _text(command), bot_id=bot_id)

    def press_button(self, ref: RepositoryRef, press: ButtonPress) -> tuple[int, ...]:
        """Run a button's command for each pull request of its commit; return those to evaluate again.

        Raises TransientError.
        """
        command = _BUTTONS.get(press.button)
        if command is None:
            return ()
        with opened(self._app, ref) as repository:
            bot_id = self._app.identity(ref.installation_id).bot_id
            page = repository.get_check_run(press.check_run_id).html_url
            actor = Actor(press.login, press.user_id, page)
            again = []
            for number in pulls_of_head(repository, press.sha):
                author = repository.get_pull(number).user
                if self._runner.press(
                    repository,
                    PullKey(ref.id, number),
                    actor,
                    command,
                    by_author=author is not None and author.id == press.user_id,
                    press_id=press.check_run_id,
                    bot_id=bot_id,
                ):
                    again.append(number)
            return tuple(again)


def _text(command: CommandRef) -> CommandText:
    return CommandText(
        command.source,
        command.comment_id,
        command.digest,
        command.by_author,
        command.received_at or command.written_at,
    )
