"""A GitHub held to its own description, an App that speaks to it, and a list with a pull request."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from github.Repository import Repository

from bot.github.app import App, Identity
from tests.sandbox import Pull, Sandbox
from tests.sandbox.contract import load_contract

LIST = "curator/list"
POLICY = "preset: most-cited\n"
README = "# List\n\n- one\n"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A sandbox with a list; whatever was said to it has to fit GitHub's description."""
    with Sandbox(contract=load_contract()) as running:
        running.create_repository(LIST, {"README.md": README, ".github/papergate.yml": POLICY})
        yield running
        assert running.violations == []


@pytest.fixture
def installation(sandbox: Sandbox) -> int:
    """The App's installation on the list."""
    return sandbox.install(LIST).id


@pytest.fixture
def app(sandbox: Sandbox) -> App:
    """The App."""
    return App(sandbox.app.id, sandbox.app.private_key, api_url=sandbox.url, timeout=5)


@pytest.fixture
def repository(app: App, installation: int) -> Iterator[Repository]:
    """The list as the App sees it."""
    with app.repository(installation, LIST) as opened:
        yield opened


@pytest.fixture
def identity(app: App, installation: int) -> Identity:
    """Who the App is."""
    return app.identity(installation)


@pytest.fixture
def pull(sandbox: Sandbox) -> Pull:
    """A pull request from a fork."""
    return sandbox.open_pull(LIST, {"README.md": README + "- two\n"}, author="ann")
