"""Connections to PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
from sqlalchemy import Connection, Engine, create_engine

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


def driver_connection(connection: Connection) -> psycopg.Connection[tuple[object, ...]]:
    """Return psycopg's connection under SQLAlchemy's: the same session and the same transaction.

    Raises `TypeError` when the engine was built for another driver.
    """
    driver = connection.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise TypeError("the database must be reached through psycopg 3")
    return driver
