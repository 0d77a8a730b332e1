"""The database's schema: bringing it to the newest revision, and telling whether it is there."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy import Engine

_LOCK = 0x70617065  # any number that only this program uses


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "bot.database:migrations")
    return config


@cache
def _head() -> str | None:
    return ScriptDirectory.from_config(_config()).get_current_head()


def migrate(database: Engine) -> None:
    """Bring the schema to the newest revision, in one transaction; does nothing when it is there already.

    Processes that start at once wait for each other.
    """
    config = _config()
    with database.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def is_current(database: Engine) -> bool:
    """Return whether the schema is at the newest revision this program knows."""
    with database.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == _head()
