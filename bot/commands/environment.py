"""Settings, logging and the database of the long-running commands."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import click
import structlog
from sqlalchemy.exc import OperationalError

from bot.database.engine import open_database
from bot.database.schema import is_current
from bot.process.logging import configure_logging
from bot.settings import Settings, SettingsError, load_settings, unknown_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import SecretStr
    from sqlalchemy import Engine


log = structlog.stdlib.get_logger(__name__)


class ConfigurationError(click.ClickException):
    """A setting is missing or invalid; exit status 2."""

    exit_code = 2


def prepare() -> Settings:
    """Set up logging and return the settings.

    Raises `ConfigurationError`, which names every missing or invalid setting.
    """
    try:
        settings = load_settings()
    except SettingsError as error:
        raise ConfigurationError(str(error)) from None
    configure_logging(secrets=settings.secrets())
    for warning in unknown_names():
        log.warning("unknown setting", reason=warning)
    return settings


def open_current_database(settings: Settings, *, connections: int) -> Engine:
    """Return the database. Raises click.ClickException when it does not answer or is not migrated."""
    database = open_database(database_url(settings), connections=connections)
    with database_errors():
        if not is_current(database):
            raise click.ClickException("run `papergate migrate`: the database schema is not of this version")
    return database


@contextmanager
def database_errors() -> Iterator[None]:
    """Turn the error of a database that does not answer into click.ClickException with one line."""
    try:
        yield
    except OperationalError as error:
        raise click.ClickException(f"the database does not answer: {error.orig}") from error


def database_url(settings: Settings) -> SecretStr:
    """Return the database URL. Raises `ConfigurationError` when none is set."""
    if settings.database_url is None:
        raise ConfigurationError(
            "settings: DATABASE_URL is missing (only `papergate serve --with-worker` starts its own database)"
        )
    return settings.database_url
