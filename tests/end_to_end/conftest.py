"""One GitHub and one running bot for the whole session, and a repository of its own for each test."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import pytest

from tests.end_to_end.place import Place, Stage
from tests.sandbox import Sandbox
from tests.sandbox.contract import load_contract
from tests.service import QUICK, Service

if TYPE_CHECKING:
    from collections.abc import Iterator

EAGER = {
    "PAPERGATE_SPREAD_SECONDS": "0.1",
    "PAPERGATE_MERGE_GROUP_PATIENCE_SECONDS": "2",
    "PAPERGATE_REDELIVER_SECONDS": "0.5",
}
"""What the bot does from time to time, it does all the time."""


def _stage() -> Iterator[Stage]:
    with Sandbox(contract=load_contract()) as sandbox, Service(sandbox.environment() | QUICK | EAGER) as bot:
        sandbox.webhooks.url = bot.webhook_url
        yield Stage(sandbox, bot)


@pytest.fixture(scope="session")
def stage() -> Iterator[Stage]:
    """Return a GitHub and a running bot that every test shares; at the end it stops without a trace."""
    yield from _stage()


@pytest.fixture(scope="module")
def own_stage() -> Iterator[Stage]:
    """Return a GitHub and a running bot for the tests of one module, which may kill parts of it."""
    yield from _stage()


_numbers = count(1)


def _place(stage: Stage) -> Iterator[Place]:
    # An owner of its own: GitHub's limits, and the bot's pace, are by installation.
    yield Place(stage, f"owner-{next(_numbers)}/papers")
    stage.sandbox.faults.clear()
    stage.sandbox.webhooks.settle()
    # Taken, so that one breach fails one test and not all that follow it.
    assert stage.sandbox.take_violations() == []


@pytest.fixture
def place(stage: Stage) -> Iterator[Place]:
    """Return a repository yet to be created; at the end nothing must have broken GitHub's contract."""
    yield from _place(stage)


@pytest.fixture
def own_place(own_stage: Stage) -> Iterator[Place]:
    """Return a repository yet to be created on the module's own stage; the contract holds there too."""
    yield from _place(own_stage)
