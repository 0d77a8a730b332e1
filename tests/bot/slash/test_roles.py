"""Who may what: every command, every kind of person, every state of the comment."""

from __future__ import annotations

from itertools import product

import pytest

from bot.jobs.handlers import CommandRef
from bot.slash.commands import COMMANDS, NAMES, Hidden
from bot.slash.parse import digest, parse
from bot.slash.roles import WRITERS, CommandPolicy, Role, described
from bot.web.events import read
from tests.bot.web import payloads

LINES = {
    "recheck": "/recheck",
    "status": "/status",
    "help": "/help",
    "waive": "/waive link why",
    "unwaive": "/unwaive link",
    "accept": "/accept why",
    "attest": '/attest "A" 1 https://x.org',
    "fix": "/fix",
    "remove": "/remove 1",
    "move": '/move "A" "B"',
}
HELD = {
    "author": frozenset({Role.AUTHOR, Role.READ}),
    "reader": frozenset({Role.READ}),
    "triage": frozenset({Role.TRIAGE}),
    "write": frozenset({Role.WRITE}),
    "maintain": frozenset({Role.MAINTAIN}),
    "admin": frozenset({Role.ADMIN}),
    "stranger": frozenset({Role.NONE}),
}
ROBOTS = ("bot", "the App")
STATES = ("created", "edited", "deleted", "quoted", "fenced", "in an HTML comment")
SHOWN = {"quoted": "> {}", "fenced": "```\n{}\n```", "in an HTML comment": "<!--\n{}\n-->"}
ASKING = {"recheck", "status", "help"}


def _may(name: str, person: str) -> bool:
    """Return what is promised, in words of its own."""
    if person in {"write", "maintain", "admin"}:
        return True
    return person == "author" and name in ASKING


def _runs(name: str, person: str, state: str) -> int:
    """Return how many commands would run: announced by the webhook, read, and allowed by the table."""
    body = SHOWN.get(state, "{}").format(LINES[name])
    payload = payloads.comment(
        body,
        action=state if state in {"edited", "deleted"} else "created",
        kind="Bot" if person in ROBOTS else "User",
        author={"bot": "helper[bot]", "the App": "papergate[bot]"}.get(person, "ann"),
        before="before",
    )
    work = read(payload.event, payload.body).work
    if not isinstance(work, CommandRef) or work.digest != digest(body):
        return 0
    held = HELD[person]
    policy = CommandPolicy()
    given = [said.meaning.NAME for said in parse(body) if isinstance(said.meaning, COMMANDS)]
    return sum(policy.allows(one, held) for one in given)


@pytest.mark.parametrize(("person", "state"), tuple(product((*HELD, *ROBOTS), STATES)))
@pytest.mark.parametrize("name", NAMES)
def test_allowed_cells_run_once_and_all_others_not_at_all(name: str, person: str, state: str) -> None:
    """A new comment of somebody who may, in the open, and nothing else."""
    assert _runs(name, person, state) == int(state == "created" and _may(name, person))


@pytest.mark.parametrize("state", SHOWN)
@pytest.mark.parametrize("name", NAMES)
def test_shown_commands_are_known_as_such(name: str, state: str) -> None:
    """So that a hint can say why nothing happened."""
    (said,) = parse(SHOWN[state].format(LINES[name]))
    assert isinstance(said.meaning, Hidden)
    assert said.meaning.name == name


def test_a_policy_changes_single_commands() -> None:
    """Others keep their roles; nobody is a role set too."""
    policy = CommandPolicy(roles={"fix": frozenset({Role.AUTHOR}), "remove": frozenset()})
    assert policy.allows("fix", HELD["author"])
    assert not policy.allows("fix", HELD["admin"])
    assert not any(policy.allows("remove", held) for held in HELD.values())
    assert policy.allows("waive", HELD["write"])


@pytest.mark.parametrize(
    ("roles", "words"),
    [
        (WRITERS, "people who may write to the repository"),
        (WRITERS | {Role.AUTHOR}, "the pull request's author and people who may write to the repository"),
        (frozenset({Role.ADMIN}), "people with the role admin"),
        (frozenset[Role](), "nobody"),
    ],
)
def test_roles_are_told_in_words(roles: frozenset[Role], words: str) -> None:
    """For whoever was refused."""
    assert described(roles) == words
