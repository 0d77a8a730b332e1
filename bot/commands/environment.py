"""What the long-running commands share: settings, logs, the database's URL."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import click
from sqlalchemy.exc import OperationalError

from bot.database.engine import open_database
from bot.database.schema import is_current
from bot.process.logging import configure_logging
from bot.settings import Settings, SettingsError, load_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import SecretStr
    from sqlalchemy import Engine


class ConfigurationError(click.ClickException):
    """The environment does not allow the command to run; exit status 2."""

    exit_code = 2


def prepare() -> Settings:
    """Return the settings, with logging set up.

    Raises `ConfigurationError`, which names every missing or invalid setting.
    """
    try:
        settings = load_settings()
    except SettingsError as error:
        raise ConfigurationError(str(error)) from None
    configure_logging(secrets=settings.secrets())
    return settings


def open_current_database(settings: Settings, *, connections: int) -> Engine:
    """Return the database; raises `click.ClickException` when it does not answer or is not migrated."""
    database = open_database(database_url(settings), connections=connections)
    with database_errors():
        if not is_current(database):
            raise click.ClickException("the database's schema is not this version's; run `papergate migrate`")
    return database


@contextmanager
def database_errors() -> Iterator[None]:
    """Turn a database that does not answer into one line: `click.ClickException`."""
    try:
        yield
    except OperationalError as error:
        raise click.ClickException(f"the database does not answer: {error.orig}") from error


def database_url(settings: Settings) -> SecretStr:
    """Return the database's URL; raises `ConfigurationError` when there is none."""
    if settings.database_url is None:
        raise ConfigurationError(
            "settings: DATABASE_URL is missing (only `papergate serve --with-worker` brings its own)"
        )
    return settings.database_url
