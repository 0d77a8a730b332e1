"""The repositories that installations cover, with their current names.

Everything happens on the caller's connection, in the caller's transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.database.identity import RepositoryRef
from bot.database.tables import BY_REPOSITORY, repository

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection


def keep(connection: Connection, seen: RepositoryRef) -> None:
    """Keep a repository as an event or GitHub's list names it; a rename or transfer replaces its name."""
    statement = insert(repository).values(
        id=seen.id, installation_id=seen.installation_id, full_name=seen.full_name
    )
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=[repository.c.id],
            set_={
                "installation_id": statement.excluded.installation_id,
                "full_name": statement.excluded.full_name,
                "active": True,
                "updated_at": func.now(),
            },
        )
    )


def find(connection: Connection, repository_id: int) -> RepositoryRef | None:
    """Return a repository; None where no active installation covers it."""
    row = connection.execute(
        select(repository).where(repository.c.id == repository_id, repository.c.active)
    ).one_or_none()
    return None if row is None else RepositoryRef(row.id, row.installation_id, row.full_name)


def id_of(connection: Connection, full_name: str) -> int | None:
    """Return the id of the repository last seen under a name, in any case; None where none was."""
    found: int | None = connection.execute(
        select(repository.c.id)
        .where(func.lower(repository.c.full_name) == full_name.lower())
        .order_by(repository.c.updated_at.desc())
        .limit(1)
    ).scalar()
    return found


def stop(connection: Connection, repository_ids: Iterable[int], installation_id: int) -> None:
    """Stop the work on repositories that an installation no longer covers."""
    connection.execute(
        update(repository)
        .where(repository.c.id.in_(list(repository_ids)), repository.c.installation_id == installation_id)
        .values(active=False)
    )


def stop_installation(connection: Connection, installation_id: int) -> None:
    """Stop the work on every repository of a suspended installation."""
    connection.execute(
        update(repository).where(repository.c.installation_id == installation_id).values(active=False)
    )


def remove_installation(connection: Connection, installation_id: int) -> None:
    """Delete everything about the repositories of a deleted installation."""
    gone = list(
        connection.execute(
            repository.delete()
            .where(repository.c.installation_id == installation_id)
            .returning(repository.c.id)
        ).scalars()
    )
    for table in BY_REPOSITORY:
        connection.execute(table.delete().where(table.c.repository_id.in_(gone)))
