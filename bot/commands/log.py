"""``papergate log``."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Literal

import click

if TYPE_CHECKING:
    from bot.database.audit_log import AuditEntry

_PULL_REQUEST = re.compile(r"([\w.-]{1,100}/[\w.-]{1,100})#([1-9][0-9]{0,8})", re.ASCII)


@click.command("log")
@click.argument("pull_request", metavar="OWNER/REPO#N")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(pull_request: str, form: Literal["text", "json"]) -> None:
    """Print the audit log of a pull request: who gave which command, oldest first."""
    from bot.commands.environment import database_errors, open_current_database, prepare_database
    from bot.database.audit_log import history
    from bot.database.identity import PullKey
    from bot.database.repositories import id_of

    name, number = _read_name(pull_request)
    database = open_current_database(prepare_database(), connections=1)
    with database_errors(), database.connect() as connection:
        repository_id = id_of(connection, name)
        entries = [] if repository_id is None else list(history(connection, PullKey(repository_id, number)))
    database.dispose()
    click.echo(_json(entries) if form == "json" else _text(entries), nl=False)


def _read_name(pull_request: str) -> tuple[str, int]:
    match = _PULL_REQUEST.fullmatch(pull_request)
    if match is None:
        raise click.UsageError("name the pull request as OWNER/REPO#N")
    return match[1], int(match[2])


def _text(entries: list[AuditEntry]) -> str:
    from bot.render.escape import plain
    from bot.render.safe_output import no_commands

    lines = (
        f"{entry.at.isoformat(timespec='seconds')}  {entry.actor}  {entry.action}  "
        f"{plain(json.dumps(entry.detail, ensure_ascii=False))}  {entry.comment_url or ''}".rstrip()
        for entry in entries
    )
    return no_commands("".join(f"{line}\n" for line in lines))


def _json(entries: list[AuditEntry]) -> str:
    from bot.render.safe_output import as_json_text

    return as_json_text(
        [
            {
                "at": entry.at.isoformat(),
                "actor": entry.actor,
                "action": entry.action,
                "detail": entry.detail,
                "comment_url": entry.comment_url,
            }
            for entry in entries
        ]
    )
