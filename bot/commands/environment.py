"""What the long-running commands share: settings, logs, the database's URL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bot.logging import configure_logging
from bot.settings import Settings, SettingsError, load_settings

if TYPE_CHECKING:
    from pydantic import SecretStr


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


def database_url(settings: Settings) -> SecretStr:
    """Return the database's URL; raises `ConfigurationError` when there is none."""
    if settings.database_url is None:
        raise ConfigurationError(
            "settings: DATABASE_URL is missing (only `papergate serve --with-worker` brings its own)"
        )
    return settings.database_url
