"""Answers kept in the database, for the server."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import Engine, select
from sqlalchemy.dialects.postgresql import insert

from bot.database.tables import answer
from bot.evidence.contracts import Fetched
from bot.evidence.rows import Row, fetched_of, row_of

_KEY = ("source", "name")


class DatabaseStore:
    """A store in the ``answer`` table, shared by every worker. An SQLAlchemyError passes through."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def get(self, source: str, names: Collection[str]) -> Mapping[str, Fetched]:
        """Return the kept answers of ``source``, however old; a name without one is absent."""
        query = select(answer).where(answer.c.source == source, answer.c.name.in_(names))
        with self._engine.connect() as connection:
            rows = [Row.model_validate(dict(row)) for row in connection.execute(query).mappings()]
        return {row.name: fetched_of(row) for row in rows}

    def put(self, source: str, answers: Mapping[str, Fetched]) -> None:
        """Keep ``answers`` of ``source`` in place of earlier ones."""
        if not answers:
            return
        # Always in one order, so that two workers that keep the same papers cannot deadlock.
        rows = [row_of(source, name, answers[name]).model_dump() for name in sorted(answers)]
        statement = insert(answer).values(rows)
        changed = {
            column.name: statement.excluded[column.name]
            for column in answer.columns
            if column.name not in _KEY
        }
        with self._engine.begin() as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=_KEY, set_=changed))
