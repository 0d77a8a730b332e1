"""Connections to PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from pydantic import SecretStr


def open_database(url: SecretStr, *, connections: int = 5) -> Engine:
    """Return an engine for a ``postgresql://`` URL, which connects when first used.

    It holds at most ``connections``. Waits are kept well below the 10 s in which GitHub wants an answer.
    """
    return create_engine(
        url.get_secret_value().replace("postgresql://", "postgresql+psycopg://", 1),
        pool_size=connections,
        max_overflow=0,
        pool_timeout=4,
        pool_pre_ping=True,
        hide_parameters=True,  # they hold titles and reasons of private lists, and errors are logged
        connect_args={"connect_timeout": 4},
    )


_NEXT_STEPS = (
    ("password authentication failed", "check user and password in DATABASE_URL"),
    ("no password supplied", "write user:password@ into DATABASE_URL"),
    ("permission denied for schema", "let the user create tables: GRANT ALL ON SCHEMA public TO it"),
    ("permission denied", "give the user of DATABASE_URL the rights on its tables"),
    ("does not exist", "create the database, role or table, or correct DATABASE_URL"),
    ("resolve host", "check the host in DATABASE_URL"),
    ("too many clients", "raise max_connections of PostgreSQL, or run fewer processes"),
)


def next_step(error: DBAPIError) -> str:
    """Return one line about an error of the database: what to do, then PostgreSQL's own first line.

    PostgreSQL's line names users, databases and hosts; it never holds the password of a URL that
    `bot.settings` has checked.
    """
    why = (str(error.orig).strip().splitlines() or [""])[0]
    step = next((step for part, step in _NEXT_STEPS if part in why), "check that PostgreSQL runs and answers")
    return f"{step}: {why}"


def driver_connection(connection: Connection) -> psycopg.Connection[tuple[object, ...]]:
    """Return psycopg's connection under SQLAlchemy's: the same session and the same transaction.

    Raises `TypeError` when the engine was built for another driver.
    """
    driver = connection.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise TypeError("the database must be reached through psycopg 3")
    return driver
