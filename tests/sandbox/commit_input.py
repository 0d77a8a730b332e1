"""Who made a commit the App asks for, and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from tests.sandbox.git import Signature
from tests.sandbox.http import invalid

if TYPE_CHECKING:
    from tests.sandbox.model import Json
    from tests.sandbox.state import State


def signatures(state: State, body: Json) -> tuple[Signature, Signature]:
    """Return author and committer: the bot and GitHub unless the request names them.

    As REST, "Create or update file contents", says: a committer without an author is the author too.

    Raises:
        RefusalError: 422 of a name or address that is missing or cannot stand in a commit.
    """
    bot = state.signature(state.app.bot_login)
    named = _named(body, "committer", bot)
    author = _named(body, "author", bot) or named or bot
    return author, named or replace(state.merge_signature(), when=bot.when)


def _named(body: Json, role: str, bot: Signature) -> Signature | None:
    asked = body.get(role)
    if asked is None:
        return None
    known = asked if isinstance(asked, dict) else {}
    name, email, date = (str(known.get(field) or "").strip() for field in ("name", "email", "date"))
    if not name or not email or any(letter in name + email for letter in "<>\n\0"):
        raise invalid(f"{role} is not valid", resource="Commit", name=role, code="invalid")
    try:
        return Signature(name, email, datetime.fromisoformat(date) if date else bot.when)
    except ValueError as error:
        raise invalid("date is not a timestamp", resource="Commit", name="date", code="invalid") from error
