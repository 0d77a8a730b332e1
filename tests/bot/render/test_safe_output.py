"""No output holds a workflow command or a character that a terminal obeys."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.render.safe_output import as_json_text, no_commands

COMMANDS = (
    "::set-output name=verdict::pass",
    "  ::stop-commands::token",
    "\t\u3000::error::forged",
    "a title ##[set-output name=verdict;]pass",
    "####[error]x",
    ":::::warning::x",
)


def is_command(line: str) -> bool:
    """Say whether the runner takes this line for a command, as its source does."""
    return line.lstrip().startswith("::") or "##[" in line


@pytest.mark.parametrize("command", COMMANDS)
def test_workflow_commands_are_broken(command: str) -> None:
    """At the start of any line, with white space before it, and in the old form anywhere."""
    text = f"before\n{command}\nafter"
    assert not any(map(is_command, no_commands(text).splitlines()))
    assert re.sub(r"\s", "", no_commands(text)) == re.sub(r"\s", "", text)


@given(st.text(alphabet=":#[ \n\u2028a"))
def test_no_text_holds_a_command(text: str) -> None:
    """Whatever is printed; lines end at a line feed only."""
    assert not any(map(is_command, no_commands(text).split("\n")))


def test_ordinary_text_stays_as_it_is() -> None:
    """URLs, scope operators and headings are no commands."""
    text = "# A list\n- **std::move** (2015), A. B [[pdf]](https://a.example/#x)\n"
    assert no_commands(text) == text


@given(st.dictionaries(st.text(), st.lists(st.text())))
def test_json_is_read_back_unchanged(value: object) -> None:
    """Although nothing that a terminal or a runner obeys is in it."""
    text = as_json_text(value)
    assert json.loads(text) == value
    assert not any(map(is_command, text.split("\n")))
    assert not set(text) & {
        chr(code) for code in (*range(10), *range(11, 32), *range(0x7F, 0xA0), 0x202E, 0xAD)
    }


def test_json_keeps_letters() -> None:
    """Only hidden characters are escaped, those beyond U+FFFF as a pair."""
    assert as_json_text("Größe 日本 \u202e\x9b\U000e0001##[") == (
        '"Größe 日本 \\u202e\\u009b\\udb40\\udc01\\u0023#["\n'
    )
