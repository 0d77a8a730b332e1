"""The web process: gunicorn keeps its workers running, `bot.web.worker` receives the requests."""

from __future__ import annotations

import resource
from typing import TYPE_CHECKING, Any

from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]  # gunicorn has no types
from gunicorn.arbiter import Arbiter  # type: ignore[import-untyped]  # gunicorn has no types
from gunicorn.glogging import Logger  # type: ignore[import-untyped]  # gunicorn has no types

from bot.database.engine import open_database
from bot.web.app import create_app
from bot.web.receiver import MOST_CONNECTIONS
from bot.web.worker import DELIVERY_THREADS, PAGE_THREADS, ReceivingWorker

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from pydantic import SecretStr

    from bot.settings import Settings

HUNG_SECONDS = 30
"""A worker process whose event loop does nothing for so long is killed and replaced."""
_FILES = 2 * MOST_CONNECTIONS
# Descriptors of a process: its connections, those to the database, and what Python opens.


class _RootLogger(Logger):  # type: ignore[misc]  # gunicorn has no types
    """Leaves gunicorn's messages to the process's own log."""

    def setup(self, _cfg: object) -> None:
        self.error_log.propagate = True
        self.error_log.setLevel("INFO")


class _Arbiter(Arbiter):  # type: ignore[misc]  # gunicorn has no types
    def handle_hup(self) -> None:
        """Stop, as at SIGTERM: there is nothing to reload, and a terminal that is closed sends this."""
        self.handle_term()


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    def __init__(self, settings: Settings, database_url: SecretStr, on_ready: Callable[[], None]) -> None:
        self.settings = settings
        self._database_url = database_url
        self._on_ready = on_ready
        super().__init__()

    def load_config(self) -> None:
        options: dict[str, Any] = {
            "bind": f"{self.settings.host}:{self.settings.port}",
            "workers": self.settings.web_processes,
            "worker_class": ReceivingWorker,
            "timeout": HUNG_SECONDS,
            "graceful_timeout": int(self.settings.stop_seconds) + 1,
            "logger_class": _RootLogger,
            "control_socket_disable": True,
            "when_ready": lambda _arbiter: self._on_ready(),
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        # Called in each worker process: connections must not be shared across a fork.
        database = open_database(self._database_url, connections=DELIVERY_THREADS + PAGE_THREADS)
        return create_app(self.settings, database)

    def run(self) -> None:
        _Arbiter(self).run()


def run_server(settings: Settings, database_url: SecretStr, on_ready: Callable[[], None]) -> None:
    """Serve until SIGTERM, SIGINT or SIGHUP, then exit the process; ``on_ready`` is called at the open port.

    Exits with status 1 when the port cannot be opened.
    """
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = _FILES if most == resource.RLIM_INFINITY else min(_FILES, most)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(now, files), most))
    _Server(settings, database_url, on_ready).run()
