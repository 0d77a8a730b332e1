"""The page about commands names each command as it is written, and who may use it."""

from __future__ import annotations

import re

from bot.slash.commands import COMMANDS
from bot.slash.roles import USUAL, WRITERS, Role
from tests.paths import DOCS

WHO = {
    WRITERS: "write and above",
    WRITERS | {Role.AUTHOR}: "the author, and write and above",
}


def test_each_command_has_a_row_with_its_usage_and_roles() -> None:
    """The table has no other command and no other order."""
    page = (DOCS / "commands.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(.+?)` \| (.+?) \| ", page, re.MULTILINE)
    assert [(usage.replace(r"\|", "|"), who) for usage, who in rows] == [
        (command.USAGE, WHO[USUAL[command.NAME]]) for command in COMMANDS
    ]
