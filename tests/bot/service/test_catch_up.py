"""What is rechecked from time to time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.github.app import App
from bot.service.catch_up import CatchUp
from tests.bot.service.conftest import LIST, README, ref_of
from tests.sandbox import Pull, Sandbox


@pytest.fixture
def catch_up(app: App) -> CatchUp:
    return CatchUp(app, timedelta(0))


def test_every_open_pull_request_of_every_installation_is_found(
    sandbox: Sandbox, catch_up: CatchUp, pull: Pull
) -> None:
    """In all its repositories; closed pull requests are left out."""
    sandbox.create_repository("curator/more", {"README.md": README})
    other = sandbox.open_pull("curator/more", {"README.md": README + "- two\n"})
    sandbox.close_pull(sandbox.open_pull(LIST, {"NOTES.md": "notes\n"}))
    (installation,) = catch_up.installations()
    assert catch_up.open_pulls(installation) == {
        ref_of(sandbox): (pull.number,),
        ref_of(sandbox, "curator/more"): (other.number,),
    }
