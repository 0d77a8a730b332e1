"""Slash commands in comments."""

from __future__ import annotations

import time

import pytest

from bot.web.commands import find_command


@pytest.mark.parametrize(
    "body",
    [
        "/recheck",
        "/papergate recheck",
        "Thanks!\n\n/recheck\n",
        "/recheck  \r\nplease",
        "> quoted\n\n/recheck",
        "```\n/other\n```\n/recheck",
        "<!-- note -->\n/recheck",
        "  /recheck",
    ],
)
def test_a_command_on_a_line_of_its_own_is_found(body: str) -> None:
    """Wherever the line stands, with GitHub's line ends or others."""
    assert find_command(body) == "recheck"


@pytest.mark.parametrize(
    "body",
    [
        "",
        "please /recheck",
        "/recheck please",
        "/rechecked",
        "/papergate",
        "/papergate unknown",
        "`/recheck`",
        "> /recheck",
        ">> /recheck",
        "> you can say\n/recheck",
        "    /recheck",
        "\t/recheck",
        "```\n/recheck\n```",
        "```sh\n/recheck\n```",
        "~~~\n/recheck\n~~~",
        "````\n```\n/recheck\n````",
        "```\n~~~\n/recheck\n```",
        "```\nnever closed\n/recheck",
        "<!--\n/recheck\n-->",
        "<!-- never closed\n/recheck",
    ],
)
def test_a_command_that_is_shown_is_not_given(body: str) -> None:
    """Code, quotes, HTML comments, prose and unknown words give no command."""
    assert find_command(body) is None


@pytest.mark.parametrize("piece", ["<!--", "<!---->", "```\n", "> \n", "/papergate \t", " " * 7, "`", "/\n"])
def test_long_hostile_comments_are_read_at_once(piece: str) -> None:
    """A comment of GitHub's greatest length takes no noticeable time, whatever it is made of."""
    body = (piece * 65_536)[:65_536]
    started = time.process_time()
    find_command(body)
    assert time.process_time() - started < 1
