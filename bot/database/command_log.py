"""Which slash commands have run, so that each runs once.

Everything happens on the caller's connection, in the caller's transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from bot.database.tables import command, refusal

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.database.identity import PullKey


@dataclass(frozen=True, slots=True)
class CommandRun:
    """How a command ended. ``reply`` is Markdown, empty when there is nothing to say."""

    done: bool
    again: bool = False
    """Whether to evaluate the pull request again."""
    reply: str = ""


def find_run(
    connection: Connection, repository_id: int, source: str, comment_id: int, line: int
) -> CommandRun | None:
    """Return how a command of a comment ended, ``None`` when it has not run."""
    row = connection.execute(
        select(command.c.done, command.c.again, command.c.reply).where(
            command.c.repository_id == repository_id,
            command.c.source == source,
            command.c.comment_id == comment_id,
            command.c.line == line,
        )
    ).one_or_none()
    return None if row is None else CommandRun(row.done, row.again, row.reply)


def record_run(
    connection: Connection, repository_id: int, source: str, comment_id: int, line: int, run: CommandRun
) -> bool:
    """Record that a command has run; return False when it had run before, in another transaction too."""
    recorded = connection.execute(
        insert(command)
        .values(
            repository_id=repository_id,
            source=source,
            comment_id=comment_id,
            line=line,
            done=run.done,
            again=run.again,
            reply=run.reply,
        )
        .on_conflict_do_nothing()
        .returning(command.c.line)
    )
    return recorded.first() is not None


def record_refusal(connection: Connection, pull: PullKey, user_id: int) -> bool:
    """Record that a person may not give commands on a pull request; return True the first time."""
    recorded = connection.execute(
        insert(refusal)
        .values(repository_id=pull.repository_id, number=pull.number, user_id=user_id)
        .on_conflict_do_nothing()
        .returning(refusal.c.user_id)
    )
    return recorded.first() is not None
