"""What is published names the commands that the list's policy gives to its readers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.files.policy_file import read_policy
from bot.render.audience import Audience
from bot.service.rendering import Rendered, render
from rules.context import Question
from rules.evaluate import evaluate, read_change
from tests.bot.render.samples import JUDGED
from tests.end_to_end.papers import MERGED, README, WITHOUT_LINK, WITHOUT_YEAR, appended

AUDIENCE = Audience(3, "newcomer", suggests=True, commits=True)


def rendered(policy_text: str, head: str, audience: Audience | None = AUDIENCE) -> Rendered:
    """Return what is published about a change of the list to ``head``."""
    policy = read_policy(f"preset: most-cited\n{policy_text}")
    found = read_change(README, README, head, policy)
    report = evaluate(found, policy, None, Question(date(2026, 11, 25)))
    return render(found, report, JUDGED, policy, audience)


def body_of(policy_text: str, audience: Audience = AUDIENCE) -> str:
    """Return the comment on a change with an error, by a policy."""
    comment = rendered(policy_text, appended(WITHOUT_LINK), audience).comment
    assert comment is not None
    return comment.body


def test_maintainers_settle_and_authors_check_again_by_default() -> None:
    """The usual roles apply where the policy names none."""
    body = body_of("")
    assert "Maintainers: `/waive " in body
    assert "`/recheck`, maintainers also `/waive`" in body


@pytest.mark.parametrize(
    ("policy_text", "said"),
    [
        ("command_roles: {waive: [author]}\n", "Author: `/waive "),
        ("command_roles: {waive: [author, admin]}\n", "Author and maintainers: `/waive "),
        ("command_roles: {waive: [maintain]}\n", "Maintainers: `/waive "),
        ("bare_commands: false\n", "Maintainers: `/papergate waive "),
    ],
)
def test_the_policy_decides_who_may_use_a_command(policy_text: str, said: str) -> None:
    """The comment names the roles and the prefix of the list's own policy."""
    assert said in body_of(policy_text)


def test_fix_is_named_only_where_the_app_may_commit() -> None:
    """On a fork, or without the permission, nobody is sent to a command that cannot commit."""
    head = appended(MERGED, WITHOUT_YEAR)
    for commits in (True, False):
        comment = rendered("", head, replace(AUDIENCE, commits=commits)).comment
        assert comment is not None
        assert ("`/fix`" in comment.body) is commits


def test_clicks_are_promised_only_where_there_are_suggestions() -> None:
    """A policy without suggestions, and a draft, get the corrected lines to copy."""
    head = appended(MERGED)
    draft = replace(AUDIENCE, suggests=False)
    for policy_text, audience, clicks in (
        ("", AUDIENCE, True),
        ("suggestions: false\n", AUDIENCE, False),
        ("", draft, False),
    ):
        comment = rendered(policy_text, head, audience).comment
        assert comment is not None
        assert ("Files changed" in comment.body) is clicks


def test_a_merge_group_has_no_comment() -> None:
    """Nobody can give a command there."""
    made = rendered("", appended(WITHOUT_LINK), None)
    assert made.comment is None
    assert "/waive" not in (made.output.text or "")
