"""``papergate log``, on a real PostgreSQL."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from bot.cli import cli
from bot.database import audit_log, repositories
from bot.database.identity import PullKey, RepositoryRef

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bot.settings import Settings

URL = "https://github.com/owner/list/pull/7#issuecomment-1"


@pytest.fixture(autouse=True)
def logged(settings: Settings, database: Engine) -> None:  # noqa: ARG001 - the settings set the environment
    with database.begin() as connection:
        detail = {"rule": "link", "reason": "a\u202eb\n2026  meg  forged"}
        repositories.keep(connection, RepositoryRef(70, 5, "Owner/List"))
        audit_log.write(connection, PullKey(70, 7), "meg", "waive", detail, comment_url=URL)
        audit_log.write(connection, PullKey(70, 8), "ann", "recheck", {})


def test_text_has_one_line_for_each_entry() -> None:
    """User text can neither break the line nor reverse it."""
    result = CliRunner().invoke(cli, ["log", "owner/list#7"])
    assert result.exit_code == 0
    (line,) = result.output.splitlines()
    assert line.endswith(URL)
    assert "  meg  waive  " in line
    assert "[U+202E]" in line


def test_json_has_every_field() -> None:
    """User text comes back unchanged."""
    result = CliRunner().invoke(cli, ["log", "owner/list#7", "--format", "json"])
    (entry,) = json.loads(result.output)
    assert (entry["actor"], entry["action"], entry["comment_url"]) == ("meg", "waive", URL)
    assert entry["detail"]["reason"] == "a\u202eb\n2026  meg  forged"


@pytest.mark.parametrize(("form", "output"), [("text", ""), ("json", "[]\n")])
def test_a_pull_request_without_commands_has_an_empty_log(form: str, output: str) -> None:
    """The output is empty in both formats."""
    result = CliRunner().invoke(cli, ["log", "owner/list#9", "--format", form])
    assert (result.exit_code, result.output) == (0, output)


@pytest.mark.parametrize("name", ["owner/list", "owner/list#0", "list#7", "owner/list#7x", "o/l/x#7"])
def test_a_malformed_name_is_a_usage_error(name: str) -> None:
    """The message shows the expected form."""
    result = CliRunner().invoke(cli, ["log", name])
    assert result.exit_code == 2
    assert "OWNER/REPO#N" in result.output
