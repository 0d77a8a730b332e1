"""The web process under gunicorn, in this very process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]  # gunicorn has no types
from gunicorn.glogging import Logger  # type: ignore[import-untyped]  # gunicorn has no types

from bot.database.engine import open_database
from bot.web.app import create_app

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from pydantic import SecretStr

    from bot.settings import Settings

THREADS = 8


class _RootLogger(Logger):  # type: ignore[misc]  # gunicorn has no types
    """Leaves gunicorn's messages to the process's own log."""

    def setup(self, _cfg: object) -> None:
        self.error_log.propagate = True
        self.error_log.setLevel("INFO")


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    def __init__(self, settings: Settings, database_url: SecretStr, on_ready: Callable[[], None]) -> None:
        self._settings = settings
        self._database_url = database_url
        self._on_ready = on_ready
        super().__init__()

    def load_config(self) -> None:
        options: dict[str, Any] = {
            "bind": f"{self._settings.host}:{self._settings.port}",
            "workers": self._settings.web_processes,
            "worker_class": "gthread",
            "threads": THREADS,
            "graceful_timeout": int(self._settings.stop_seconds),
            "logger_class": _RootLogger,
            "control_socket_disable": True,
            "when_ready": lambda _arbiter: self._on_ready(),
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        # Called in each worker process: connections must not be shared across a fork.
        return create_app(self._settings, open_database(self._database_url, connections=THREADS))


def run_server(settings: Settings, database_url: SecretStr, on_ready: Callable[[], None]) -> None:
    """Serve until SIGTERM or SIGINT, then exit the process; ``on_ready`` is called once the port is open.

    Exits with status 1 when the port cannot be had.
    """
    _Server(settings, database_url, on_ready).run()
