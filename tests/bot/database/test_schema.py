"""The schema, on a real PostgreSQL."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from pydantic import SecretStr
from sqlalchemy import text

from bot.database.engine import open_database
from bot.database.schema import is_current, migrate
from bot.database.tables import metadata

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine


@pytest.fixture
def empty_database(empty_database_url: SecretStr) -> Iterator[Engine]:
    engine = open_database(empty_database_url)
    yield engine
    engine.dispose()


def test_migrating_an_empty_database_makes_it_current(empty_database: Engine) -> None:
    """An empty database is not current, a migrated one is, and migrating again changes nothing."""
    assert not is_current(empty_database)
    migrate(empty_database)
    assert is_current(empty_database)
    migrate(empty_database)
    assert is_current(empty_database)


def test_migrations_and_tables_agree(database: Engine) -> None:
    """Alembic finds no difference between the migrated database and the tables in code."""

    def is_ours(name: str | None, kind: str, _parents: object) -> bool:
        return kind != "table" or not (name or "").startswith("procrastinate_")

    with database.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": is_ours, "compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_processes_that_migrate_at_once_wait_for_each_other(empty_database: Engine) -> None:
    """Three migrations started together all succeed."""
    with ThreadPoolExecutor(3) as pool:
        for future in [pool.submit(migrate, empty_database) for _ in range(3)]:
            future.result()
    assert is_current(empty_database)


def test_tables_of_procrastinate_that_are_there_already_are_kept(empty_database: Engine) -> None:
    """A database where procrastinate runs already is migrated without touching its tables."""
    with empty_database.begin() as connection:
        connection.execute(text("CREATE TABLE procrastinate_jobs (kept integer)"))
    migrate(empty_database)
    with empty_database.connect() as connection:
        assert connection.execute(text("SELECT kept FROM procrastinate_jobs")).all() == []
