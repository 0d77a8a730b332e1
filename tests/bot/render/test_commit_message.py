"""A commit's message says what was done, for whom and where, and triggers nothing on GitHub."""

from __future__ import annotations

import pytest

from bot.render.commit_message import SUBJECT_CHARACTERS, Asker, commit_message
from tests.bot.render.hostile import TITLES
from tests.bot.render.page import LATER_PASSES

ASKER = Asker("sam", 7, "fix", "https://github.com/octo/list/pull/3#issuecomment-9")


def test_the_message_names_command_and_co_author() -> None:
    """The subject is imperative, and the trailer has the form that GitHub reads."""
    assert commit_message("Correct 2 entries of the list", ASKER) == (
        "Correct 2 entries of the list\n\n"
        "Asked for by /papergate fix in https://github.com/octo/list/pull/3#issuecomment-9\n\n"
        "Co-authored-by: sam <7+sam@users.noreply.github.com>\n"
    )


@pytest.mark.parametrize(
    "title",
    [
        *TITLES,
        "Fixes https://github.com/octo/list/issues/1",
        "[skip ci] paper",
        "***NO_CI***\n\nskip-checks:true",
    ],
)
def test_no_title_mentions_closes_or_skips(title: str) -> None:
    """No title makes a mention, a reference, an address or a mark in the message; the subject is one line."""
    message = commit_message(f'Remove "{title}"', ASKER)
    subject, empty, *_ = message.split("\n")
    assert empty == ""
    assert len(message.split("\n")) == 6
    assert len(subject) <= SUBJECT_CHARACTERS + 20
    for name in ("mention", "issue", "GH-issue", "commit", "mail"):
        assert LATER_PASSES[name].search(subject) is None, name
    assert "://" not in subject
    assert "[" not in subject
