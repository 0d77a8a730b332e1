"""Tests of ``bot.database.engine``: an error of the database is one line that says what to do."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine, make_url, text
from sqlalchemy.exc import DBAPIError

from bot.database.engine import next_step, open_database


@pytest.mark.parametrize(
    ("change", "step"),
    [
        ({"password": "wr0ng"}, "check user and password in DATABASE_URL: "),
        ({"database": "nowhere"}, "create the database, role or table, or correct DATABASE_URL: "),
        ({"host": "127.0.0.1", "port": 1, "query": {}}, "check that PostgreSQL runs and answers: "),
        ({"host": "nowhere.invalid", "query": {}}, "check the host in DATABASE_URL: "),
    ],
)
def test_an_error_says_what_to_do(database_url: SecretStr, change: dict[str, Any], step: str) -> None:
    """Before PostgreSQL's own words, on one line, without the password."""
    url = make_url(database_url.get_secret_value()).set(**change)
    database = open_database(SecretStr(url.render_as_string(hide_password=False)))
    with pytest.raises(DBAPIError) as caught:
        database.connect()
    message = next_step(caught.value)
    assert message.startswith(step)
    assert "\n" not in message
    assert url.password
    assert url.password not in message


def test_missing_rights_are_named_with_the_statement_that_gives_them(database: Engine) -> None:
    """PostgreSQL 15 and later give nobody the right to create tables in public."""
    with database.connect() as connection:
        connection.execute(text("CREATE ROLE nobody_special"))
        connection.execute(text("SET LOCAL ROLE nobody_special"))
        with pytest.raises(DBAPIError) as caught:
            connection.execute(text("CREATE TABLE public.t ()"))
        connection.rollback()
    assert next_step(caught.value).startswith(
        "let the user create tables: GRANT ALL ON SCHEMA public TO it: "
    )
