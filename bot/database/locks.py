"""Locks that all processes share."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine


@contextmanager
def head_lock(database: Engine, repository_id: int, sha: str) -> Iterator[None]:
    """Serialize updates of one commit's check run, which several pull requests may share."""
    with database.begin() as connection:
        connection.execute(
            text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"),
            {"name": f"{repository_id}@{sha}"},
        )
        yield
