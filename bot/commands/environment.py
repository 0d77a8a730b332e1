"""Settings, logging and the database of the long-running commands."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import click
import structlog
from pydantic import SecretStr
from sqlalchemy.exc import OperationalError, ProgrammingError

from bot.database.engine import next_step, open_database
from bot.database.schema import is_current
from bot.process.logging import configure_logging
from bot.settings import (
    Settings,
    SettingsError,
    load_database_url,
    load_service_settings,
    load_settings,
    unknown_names,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

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


def prepare_database() -> SecretStr:
    """Set up logging and return the database URL: DATABASE_URL, else that of the embedded database.

    Raises `ConfigurationError` where neither is there. No other setting is needed.
    """
    from bot.database.embedded import url_of_running

    try:
        url = load_database_url()
        running = None if url else url_of_running(load_service_settings().database_dir)
    except SettingsError as error:
        raise ConfigurationError(str(error)) from None
    if url is None and running is None:
        raise ConfigurationError(
            "settings: set DATABASE_URL, or start `papergate serve --with-worker`, which has its own database"
        )
    found = url or SecretStr(running or "")
    configure_logging(secrets=[found.get_secret_value()])
    return found


def open_current_database(url: SecretStr, *, connections: int) -> Engine:
    """Return the database. Raises click.ClickException when it does not answer or is not migrated."""
    database = open_database(url, connections=connections)
    with database_errors():
        if not is_current(database):
            raise click.ClickException("run `papergate migrate`: the database schema is not of this version")
    return database


@contextmanager
def database_errors() -> Iterator[None]:
    """Turn an error of the database into click.ClickException: one line with the next step."""
    try:
        yield
    except (OperationalError, ProgrammingError) as error:
        raise click.ClickException(next_step(error)) from None  # the cause would show the whole statement


def database_url(settings: Settings) -> SecretStr:
    """Return the database URL. Raises `ConfigurationError` when none is set."""
    if settings.database_url is None:
        raise ConfigurationError(
            "settings: DATABASE_URL is missing (only `papergate serve --with-worker` starts its own database)"
        )
    return settings.database_url
