"""Repositories by id, on a real PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from bot.database import audit_log, repositories
from bot.database.identity import PullKey, RepositoryRef
from bot.database.tables import BY_REPOSITORY, audit, metadata
from bot.jobs import pull_state

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

LIST = RepositoryRef(70, 7, "owner/list")


@pytest.fixture
def connection(database: Engine) -> Iterator[Connection]:
    with database.begin() as connection:
        repositories.keep(connection, LIST)
        yield connection


def test_a_rename_or_transfer_changes_name_and_installation_only(connection: Connection) -> None:
    """The id stays, and with it everything that is kept about the repository."""
    moved = RepositoryRef(70, 8, "other/papers")
    repositories.keep(connection, moved)
    assert repositories.find(connection, 70) == moved
    assert repositories.id_of(connection, "owner/list") is None
    assert repositories.id_of(connection, "Other/Papers") == 70


def test_a_new_repository_under_an_old_name_is_another_one(connection: Connection) -> None:
    """The name leads to the one seen last."""
    repositories.keep(connection, replace(LIST, id=71))
    assert repositories.find(connection, 70) == LIST
    assert repositories.find(connection, 71) == replace(LIST, id=71)


def test_an_unknown_repository_is_not_found(connection: Connection) -> None:
    """By id or by name."""
    assert repositories.find(connection, 1) is None
    assert repositories.id_of(connection, "owner/unknown") is None


def test_a_repository_without_access_is_not_found_until_it_is_seen_again(connection: Connection) -> None:
    """The installation was suspended, or no longer covers the repository."""
    repositories.stop_installation(connection, 7)
    assert repositories.find(connection, 70) is None
    repositories.keep(connection, LIST)
    assert repositories.find(connection, 70) == LIST
    repositories.stop(connection, [70], 7)
    assert repositories.find(connection, 70) is None


def test_the_former_installation_of_a_transferred_repository_stops_nothing(connection: Connection) -> None:
    """Its events may arrive after the transfer."""
    moved = replace(LIST, installation_id=8)
    repositories.keep(connection, moved)
    repositories.stop(connection, [70], 7)
    repositories.stop_installation(connection, 7)
    repositories.remove_installation(connection, 7)
    assert repositories.find(connection, 70) == moved


def test_a_deleted_installation_takes_all_its_data_with_it(connection: Connection) -> None:
    """The audit log too; other installations keep theirs."""
    repositories.keep(connection, RepositoryRef(71, 8, "other/list"))
    for repository_id in (70, 71):
        pull = PullKey(repository_id, 1)
        pull_state.request(connection, pull)
        audit_log.write(connection, pull, "meg", "waive", {})
    repositories.remove_installation(connection, 7)
    assert repositories.find(connection, 70) is None
    for table in BY_REPOSITORY:
        gone = select(func.count()).select_from(table).where(table.c.repository_id == 70)
        assert connection.execute(gone).scalar_one() == 0, table.name
    assert connection.execute(select(audit.c.repository_id)).scalars().all() == [71]


def test_every_table_with_a_repository_is_cleared() -> None:
    """A new table must not be forgotten."""
    with_repository = {table.name for table in metadata.tables.values() if "repository_id" in table.c}
    assert with_repository == {table.name for table in BY_REPOSITORY}
