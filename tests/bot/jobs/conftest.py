"""What the tests of the workers share: the script of the recording handlers, and what they did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from bot.database import repositories
from bot.database.identity import PullKey, RepositoryRef
from bot.jobs.queue import enqueue
from tests.bot.jobs.recording import TABLES

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Engine

    from bot.jobs.handlers import Work
    from bot.settings import Settings


REPOSITORY = RepositoryRef(70, 7, "owner/list")


@dataclass(frozen=True)
class Run:
    """One call of ``evaluate``."""

    at: datetime
    ended: datetime | None


@dataclass(frozen=True)
class Stage:
    """The database as the tests use it."""

    database: Engine

    def ask(self, work: Work) -> None:
        """Enqueue work, as a delivery does."""
        with self.database.begin() as connection:
            enqueue(connection, work)

    def tell(self, number: int, *results: str, held: bool = False) -> None:
        """Script what the evaluations of a pull request do; while ``held`` they wait."""
        with self.database.begin() as connection:
            connection.execute(
                text("""
                    INSERT INTO script VALUES (:number, :held, :results)
                    ON CONFLICT (number) DO UPDATE SET held = excluded.held, results = excluded.results
                """),
                {"number": number, "held": held, "results": list(results)},
            )

    def runs(self, number: int = 1) -> list[Run]:
        """Return the evaluations of a pull request so far, oldest first."""
        with self.database.connect() as connection:
            rows = connection.execute(
                text("SELECT at, ended FROM run WHERE number = :number ORDER BY at"), {"number": number}
            )
            return [Run(row.at, row.ended) for row in rows]

    def holds(self) -> list[str]:
        """Return the reasons of the held checks so far."""
        with self.database.connect() as connection:
            return list(connection.execute(text("SELECT reason FROM hold")).scalars())

    def unfinished(self) -> int:
        """Return the number of jobs that wait or run."""
        return self._count("procrastinate_jobs WHERE status IN ('todo', 'doing')")

    def unsettled(self) -> int:
        """Return the number of pull requests that are due for another evaluation."""
        return self._count("pull_request WHERE retry_at IS NOT NULL OR done < wanted")

    def attempts(self, number: int = 1) -> int:
        """Return the evaluations of a pull request since the final one."""
        with self.database.connect() as connection:
            found: int = connection.execute(
                text("SELECT attempts FROM pull_request WHERE number = :number"), {"number": number}
            ).scalar_one()
        return found

    def verdict(self, number: int = 1) -> str | None:
        """Return the last outcome recorded for a pull request."""
        with self.database.connect() as connection:
            found: str | None = connection.execute(
                text("SELECT verdict FROM pull_request WHERE number = :number"), {"number": number}
            ).scalar_one()
        return found

    def _count(self, what: str) -> int:
        with self.database.connect() as connection:
            found: int = connection.execute(text(f"SELECT count(*) FROM {what}")).scalar_one()  # noqa: S608 - own text
        return found


@pytest.fixture
def stage(settings: Settings, database: Engine) -> Stage:
    assert settings.database_url is not None
    with database.begin() as connection:
        connection.exec_driver_sql(TABLES)
        repositories.keep(connection, REPOSITORY)
    return Stage(database)


PULL = PullKey(REPOSITORY.id, 1)
