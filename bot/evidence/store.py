"""Answers kept in the database, for the server."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import Engine, select
from sqlalchemy.dialects.postgresql import insert

from bot.database.tables import citation
from bot.evidence.contracts import Fetched
from bot.evidence.rows import Row, fetched_of, row_of
from rules.identifiers import Identifier

_KEY = ("source", "identifier")


class DatabaseStore:
    """A store in the ``citation`` table, shared by every worker. An SQLAlchemyError passes through."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def get(self, source: str, identifiers: Collection[Identifier]) -> Mapping[Identifier, Fetched]:
        """Return the kept answers of ``source``, however old; an identifier without one is absent."""
        by_name = {str(identifier): identifier for identifier in identifiers}
        query = select(citation).where(citation.c.source == source, citation.c.identifier.in_(by_name))
        with self._engine.connect() as connection:
            rows = [Row.model_validate(dict(row)) for row in connection.execute(query).mappings()]
        return {by_name[row.identifier]: fetched_of(row) for row in rows}

    def put(self, source: str, answers: Mapping[Identifier, Fetched]) -> None:
        """Keep ``answers`` of ``source`` in place of earlier ones."""
        if not answers:
            return
        # Always in one order, so that two workers that keep the same papers cannot deadlock.
        rows = [
            row_of(source, identifier, answers[identifier]).model_dump() for identifier in sorted(answers)
        ]
        statement = insert(citation).values(rows)
        changed = {
            column.name: statement.excluded[column.name]
            for column in citation.columns
            if column.name not in _KEY
        }
        with self._engine.begin() as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=_KEY, set_=changed))
