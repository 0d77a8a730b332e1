"""A worker process whose handlers write what they do to one table, and do what another table tells them.

``python -m tests.bot.jobs.recording`` runs it; the tests direct and watch it through the database alone.
"""

from __future__ import annotations

import sys
import threading
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import text

from bot.database.engine import open_database
from bot.database.identity import RepositoryRef
from bot.jobs.handlers import (
    AffectedPulls,
    ButtonPress,
    CommandOutcome,
    CommandRef,
    Handlers,
    MergeGroupRef,
    Outcome,
    OutdatedError,
    PushRef,
    RefusedError,
    TransientError,
)
from bot.jobs.worker import run_worker
from bot.process.parent import stop_with_parent
from bot.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import Engine

TABLES = """
CREATE TABLE run (
    id serial PRIMARY KEY,
    number integer NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended timestamptz
);
CREATE TABLE hold (number integer NOT NULL, reason text NOT NULL);
CREATE TABLE script (number integer PRIMARY KEY, held boolean NOT NULL, results text[] NOT NULL);
"""

LIST = RepositoryRef(70, 7, "owner/list")
MAINTAINER = 5
GROUP = 500
"""The number under which evaluations of merge groups are recorded."""
REDELIVERY = 501
"""The number under which searches for failed deliveries are recorded."""
DEAF = 666
"""The pull request whose evaluation never ends."""

_pause = threading.Event()


@dataclass(frozen=True)
class RecordingPullRequests:
    """Evaluations that follow the script: of ``results`` the n-th run takes the n-th, later runs the last."""

    database: Engine

    def evaluate(
        self,
        repository: RepositoryRef,  # noqa: ARG002 - the protocol's
        number: int,
        event_time: datetime | None,  # noqa: ARG002 - the protocol's
        *,
        patient: bool,  # noqa: ARG002 - the protocol's
    ) -> Outcome:
        with self.database.begin() as connection:
            run = connection.execute(
                text("INSERT INTO run (number) VALUES (:number) RETURNING id"), {"number": number}
            ).scalar_one()
        if number == DEAF:
            threading.Event().wait()
        while self._is_held(number):
            _pause.wait(0.02)
        with self.database.begin() as connection:
            connection.execute(text("UPDATE run SET ended = clock_timestamp() WHERE id = :run"), {"run": run})
            result = connection.execute(
                text("""
                    SELECT results[least(cardinality(results), runs.n)]
                    FROM script, (SELECT count(*) AS n FROM run WHERE number = :number) AS runs
                    WHERE number = :number
                """),
                {"number": number},
            ).scalar()
        match result:
            case "unavailable":
                raise TransientError("the other side is down")
            case "outdated":
                raise OutdatedError("an old answer")
            case "unrelated":
                raise RefusedError("no common commit", lasting=True)
            case "broken":
                raise RuntimeError("a defect")
            case "unverified":
                return Outcome("unverified", retry_at=datetime.now(UTC))
        return Outcome("pass", head="a" * 40, base="b" * 40)

    def hold(self, repository: RepositoryRef, number: int, head: str | None, reason: str) -> None:  # noqa: ARG002 - the protocol's
        with self.database.begin() as connection:
            connection.execute(
                text("INSERT INTO hold VALUES (:number, :reason)"), {"number": number, "reason": reason}
            )

    def _is_held(self, number: int) -> bool:
        with self.database.connect() as connection:
            held = connection.execute(
                text("SELECT held FROM script WHERE number = :number"), {"number": number}
            ).scalar()
        return bool(held)

    def pulls_of_head(self, repository: RepositoryRef, sha: str) -> tuple[int, ...]:
        assert repository == LIST
        return (1, 2) if sha in {"a" * 40, "c" * 40} else ()


class RecordingCommands:
    """Commands of a maintainer ask for an evaluation; a button for one of the pull request of its number."""

    def run_command(self, repository: RepositoryRef, command: CommandRef) -> CommandOutcome:
        return CommandOutcome(again=repository == LIST and command.author_id == MAINTAINER)

    def give_up_command(self, repository: RepositoryRef, command: CommandRef) -> None:
        raise NotImplementedError

    def press_button(self, repository: RepositoryRef, press: ButtonPress) -> tuple[int, ...]:
        return (press.check_run_id,) if repository == LIST else ()


@dataclass(frozen=True)
class RecordingRepository:
    """Work beside pull requests that follows the script too, under numbers of its own."""

    database: Engine

    def evaluate_group(
        self,
        repository: RepositoryRef,
        group: MergeGroupRef,  # noqa: ARG002 - the protocol's
        *,
        ended: Callable[[], bool],
        patient: bool,
    ) -> Outcome:
        said = RecordingPullRequests(self.database).evaluate(repository, GROUP, None, patient=patient)
        if ended():
            return Outcome("ended")
        return replace(said, retry_at=None) if not patient else said

    def hold_group(self, repository: RepositoryRef, group: MergeGroupRef, reason: str) -> None:  # noqa: ARG002 - the protocol's
        RecordingPullRequests(self.database).hold(repository, GROUP, None, reason)

    def affected_pulls(self, repository: RepositoryRef, push: PushRef) -> AffectedPulls:  # noqa: ARG002 - the protocol's
        return AffectedPulls(((1, "a" * 40), (2, "b" * 40), (3, "c" * 40)), by_policy=push.branch == "policy")

    def redeliver(self) -> int:
        RecordingPullRequests(self.database).evaluate(LIST, REDELIVERY, None, patient=True)
        return 1

    def installations(self) -> tuple[int, ...]:
        return (7,)

    def open_pulls(self, installation_id: int) -> Mapping[RepositoryRef, tuple[int, ...]]:
        return {LIST: (4, 5)} if installation_id == LIST.installation_id else {}


if __name__ == "__main__":
    settings = load_settings()
    assert settings.database_url is not None
    if "--with-parent" in sys.argv:
        stop_with_parent()
    database = open_database(settings.database_url)
    repository = RecordingRepository(database)
    run_worker(
        settings,
        database,
        Handlers(RecordingPullRequests(database), RecordingCommands(), repository, repository, repository),
    )
