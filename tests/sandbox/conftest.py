"""A sandbox held against GitHub's description, and PyGithub as the client that asks it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from github import Auth, Github, GithubIntegration

from tests.sandbox import Sandbox
from tests.sandbox.contract import load_contract
from tests.sandbox.receiver import Receiver

if TYPE_CHECKING:
    from collections.abc import Iterator

    from github.Repository import Repository

LIST = "curator/list"
README = "# Papers\n\n- one\n- two\n- three\n"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A sandbox with one repository; at the end nothing may have broken GitHub's contract."""
    with Sandbox(contract=load_contract()) as made:
        made.create_repository(LIST, {"README.md": README, "docs/read me.md": "x\n"})
        yield made
        made.webhooks.settle()
        assert made.violations == []


@pytest.fixture
def integration(sandbox: Sandbox) -> Iterator[GithubIntegration]:
    """PyGithub, signed in as the App."""
    auth = Auth.AppAuth(sandbox.app.id, sandbox.app.private_key)
    with GithubIntegration(
        auth=auth,
        base_url=sandbox.url,
        seconds_between_requests=None,
        seconds_between_writes=None,
        retry=None,
    ) as made:
        yield made


@pytest.fixture
def github(integration: GithubIntegration) -> Iterator[Github]:
    """PyGithub, signed in as the installation."""
    number = integration.get_repo_installation("curator", "list").id
    with integration.get_github_for_installation(number) as made:
        yield made


@pytest.fixture
def repository(github: Github) -> Repository:
    """The repository, as the App's installation sees it."""
    return github.get_repo(LIST)


@pytest.fixture
def receiver(sandbox: Sandbox) -> Iterator[Receiver]:
    """A real web server that takes the App's webhooks."""
    with Receiver() as made:
        sandbox.webhooks.url = made.url
        yield made
