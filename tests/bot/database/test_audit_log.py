"""The audit log on a real PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from bot.database import audit_log, repositories
from bot.database.identity import PullKey, RepositoryRef

if TYPE_CHECKING:
    from sqlalchemy import Engine

PULL = PullKey(70, 7)


def test_the_audit_log_is_read_in_order(database: Engine) -> None:
    """Each pull request has its own."""
    with database.begin() as connection:
        audit_log.write(connection, PULL, "meg", "waive", {"rule": "link", "line": 3}, comment_url="u")
        audit_log.write(connection, replace(PULL, number=8), "meg", "fix", {})
        audit_log.write(connection, PULL, "ann", "recheck", {})
        found = list(audit_log.history(connection, PULL))
    assert [(one.actor, one.action, one.detail, one.comment_url) for one in found] == [
        ("meg", "waive", {"rule": "link", "line": 3}, "u"),
        ("ann", "recheck", {}, None),
    ]


@pytest.mark.parametrize(
    "statement", ["UPDATE audit SET actor = 'nobody'", "DELETE FROM audit", "TRUNCATE audit"]
)
def test_the_audit_log_cannot_be_changed(database: Engine, statement: str) -> None:
    """The database itself refuses."""
    with database.begin() as connection:
        repositories.keep(connection, RepositoryRef(PULL.repository_id, 7, "owner/list"))
        audit_log.write(connection, PULL, "meg", "waive", {})
    with pytest.raises(ProgrammingError, match="append-only"), database.begin() as connection:
        connection.execute(text(statement))
    with database.connect() as connection:
        assert [one.actor for one in audit_log.history(connection, PULL)] == ["meg"]
