"""A real PostgreSQL for the whole run, and a fresh database in it for each test that wants one."""

from __future__ import annotations

from itertools import count
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr
from sqlalchemy import make_url, text

from bot.database.engine import open_database
from bot.database.schema import migrate
from bot.settings import Settings
from tests.bot.keys import private_key
from tests.bot.processes import postgres_server
from tests.bot.tcp import Serve, tcp_servers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

TEMPLATE = "papergate_template"
PRIVATE_KEY = private_key()
WEBHOOK_SECRET = "It's a Secret to Everybody"


def _named(url: SecretStr, name: str) -> SecretStr:
    return SecretStr(
        make_url(url.get_secret_value()).set(database=name).render_as_string(hide_password=False)
    )


@pytest.fixture(scope="session")
def postgres() -> Iterator[Engine]:
    """Return an engine on the server's first database; a migrated template stands beside it."""
    # Not in pytest's own folder: another run of pytest may clear that away under the server.
    # In a process of its own, which stops the server even if this one is killed.
    with (
        TemporaryDirectory(prefix="papergate-tests-", ignore_cleanup_errors=True) as folder,
        postgres_server(folder) as address,
    ):
        url = SecretStr(address)
        server_engine = open_database(url).execution_options(isolation_level="AUTOCOMMIT")
        with server_engine.connect() as connection:
            connection.execute(text("ALTER SYSTEM SET fsync = off"))  # nothing here outlives the run
            connection.execute(text("SELECT pg_reload_conf()"))
            connection.execute(text(f"CREATE DATABASE {TEMPLATE}"))
        template = open_database(_named(url, TEMPLATE))
        migrate(template)
        template.dispose()
        yield server_engine
        server_engine.dispose()


_numbers = count(1)


@pytest.fixture
def empty_database_url(postgres: Engine) -> Iterator[SecretStr]:
    """Return the URL of a database without any table."""
    yield from _fresh(postgres, "template1")


@pytest.fixture
def database_url(postgres: Engine) -> Iterator[SecretStr]:
    """Return the URL of a fresh, migrated database."""
    yield from _fresh(postgres, TEMPLATE)


def _fresh(postgres: Engine, template: str) -> Iterator[SecretStr]:
    name = f"test_{next(_numbers)}"
    with postgres.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    yield _named(
        SecretStr(postgres.url.set(drivername="postgresql").render_as_string(hide_password=False)), name
    )
    with postgres.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
def database(database_url: SecretStr) -> Iterator[Engine]:
    """Return an engine on a fresh, migrated database."""
    engine = open_database(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def settings(database_url: SecretStr, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Return settings on a fresh database, quick enough for tests; the environment holds them too."""
    environment = {
        "PAPERGATE_APP_ID": "1",
        "PAPERGATE_PRIVATE_KEY": PRIVATE_KEY,
        "PAPERGATE_WEBHOOK_SECRET": f"an-older-secret,{WEBHOOK_SECRET}",
        "DATABASE_URL": database_url.get_secret_value(),
        "PAPERGATE_SWEEP_SECONDS": "0.1",
        "PAPERGATE_HEARTBEAT_SECONDS": "0.2",
        "PAPERGATE_STALLED_SECONDS": "1",
        "PAPERGATE_RECHECK_FIRST_SECONDS": "0.2",
        "PAPERGATE_STOP_SECONDS": "2",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return Settings()  # type: ignore[call-arg]  # the environment has the arguments


@pytest.fixture
def raw() -> Iterator[Serve]:
    """Return a function that starts a TCP server; it takes the conversation and returns the port."""
    yield from tcp_servers()
