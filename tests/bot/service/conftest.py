"""A GitHub with one list, as the tests of the services share it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.database.identity import RepositoryRef
from bot.github.app import App
from tests.sandbox import Pull, Sandbox
from tests.sandbox.contract import load_contract

LIST = "curator/list"
POLICY_PATH = ".github/papergate.yml"
POLICY = "preset: most-cited\n"
README = "# List\n\n### Old Papers\n"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(contract=load_contract()) as running:
        running.create_repository(LIST, {"README.md": README, POLICY_PATH: POLICY})
        yield running
        assert running.violations == []


@pytest.fixture
def pull(sandbox: Sandbox) -> Pull:
    return sandbox.open_pull(LIST, {"README.md": README + "- two\n"}, author="ann")


@pytest.fixture
def app(sandbox: Sandbox) -> App:
    return App(sandbox.app.id, sandbox.app.private_key, api_url=sandbox.url, timeout=5)


def ref_of(sandbox: Sandbox, full_name: str = LIST) -> RepositoryRef:
    """Return a repository as an event names it."""
    return RepositoryRef(sandbox.state.repositories[full_name].id, sandbox.install(full_name).id, full_name)


def gone(sandbox: Sandbox) -> RepositoryRef:
    """Return a repository that does not exist any more."""
    return RepositoryRef(999, sandbox.install(LIST).id, "curator/gone")
