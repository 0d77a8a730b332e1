"""The App authenticates itself and requests no more tokens than it needs."""

from __future__ import annotations

import logging
import threading
from datetime import UTC, datetime, timedelta

import jwt
import pytest

from bot.github.app import App
from bot.github.errors import GitHubRefused, GitHubUnavailable
from tests.bot.github.conftest import LIST
from tests.sandbox import Sandbox
from tests.sandbox.app import PERMISSIONS, WRITING_PERMISSIONS, key_pair

TOKENS = r"/access_tokens$"


def read(app: App, installation: int) -> str:
    """Ask for something through a new client."""
    with app.repository(installation, LIST) as repository:
        return repository.default_branch


def test_identity_is_asked_for_once(sandbox: Sandbox, app: App, installation: int) -> None:
    """The id under which the App comments is that of its bot user."""
    identity = app.identity(installation)
    assert app.identity(installation) is identity
    assert identity.app_id == sandbox.app.id
    assert identity.slug == "papergate"
    assert identity.bot_id == sandbox.state.account("papergate[bot]").id
    assert len(sandbox.log.find("GET", "^/app$")) == 1


def test_the_token_says_whether_the_app_may_commit(sandbox: Sandbox, installation: int) -> None:
    """The owner of the list decides it, and no request is made but the one for the token."""
    for permissions, allowed in ((PERMISSIONS, False), (WRITING_PERMISSIONS, True)):
        sandbox.grant(LIST, permissions)
        app = App(sandbox.app.id, sandbox.app.private_key, api_url=sandbox.url, timeout=5)
        assert app.may_commit(installation) is allowed
        read(app, installation)
    assert len(sandbox.log.find("POST", TOKENS)) == 2


def test_json_web_token_tolerates_clock_drift(sandbox: Sandbox) -> None:
    """It is issued one minute in the past, and it expires before GitHub's limit of ten minutes."""
    signed = App(sandbox.app.id, sandbox.app.private_key)._auth.token
    claims = jwt.decode(signed, sandbox.app.public_key, algorithms=["RS256"])
    now = datetime.now(UTC).timestamp()
    assert claims["iss"] == str(sandbox.app.id)
    assert now - 70 < claims["iat"] <= now - 59
    assert claims["exp"] <= now + 540


def test_token_is_renewed_before_it_expires(sandbox: Sandbox, installation: int) -> None:
    """One token serves for most of an hour; the next is requested five minutes early."""
    start = datetime.now(UTC)
    time = start
    app = App(sandbox.app.id, sandbox.app.private_key, api_url=sandbox.url, now=lambda: time)
    read(app, installation)
    time = start + timedelta(minutes=54)
    read(app, installation)
    assert len(sandbox.log.find("POST", TOKENS)) == 1
    time = start + timedelta(minutes=56)
    read(app, installation)
    assert len(sandbox.log.find("POST", TOKENS)) == 2


def test_threads_share_one_token(sandbox: Sandbox, app: App, installation: int) -> None:
    """Eight jobs that start at once request one token, and their requests do not mix."""
    got: list[str] = []
    threads = [threading.Thread(target=lambda: got.append(read(app, installation))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == ["master"] * 8
    assert len(sandbox.log.find("POST", TOKENS)) == 1


def test_revoked_token_is_replaced(sandbox: Sandbox, app: App, installation: int) -> None:
    """When GitHub answers 401, a new token is requested and the request is repeated."""
    read(app, installation)
    sandbox.state.tokens.clear()
    assert read(app, installation) == "master"
    assert len(sandbox.log.find("POST", TOKENS)) == 2


def test_credentials_refused_over_and_over_are_no_endless_loop(
    sandbox: Sandbox, app: App, installation: int
) -> None:
    """A second refusal in a row is final."""
    sandbox.faults.add(
        "GET", f"^/repos/{LIST}$", status=401, body='{"message": "Bad credentials"}', times=None
    )
    with pytest.raises(GitHubRefused, match="Bad credentials"):
        read(app, installation)
    assert len(sandbox.log.find("GET", f"^/repos/{LIST}$")) == 2


def test_wrong_key_is_explained(sandbox: Sandbox, installation: int) -> None:
    """The message says that the App's id and key do not belong together."""
    key_pair.cache_clear()
    app = App(sandbox.app.id, key_pair()[0], api_url=sandbox.url)
    with pytest.raises(GitHubRefused, match="id and private key belong together"):
        read(app, installation)


def test_unknown_installation_is_refused(app: App) -> None:
    """The message says to check the installation."""
    with pytest.raises(GitHubRefused, match="installed") as refusal:
        read(app, 1)
    assert refusal.value.status == 404


def test_no_token_is_logged(
    sandbox: Sandbox, app: App, installation: int, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither the token nor the key appears at any log level."""
    with caplog.at_level(logging.DEBUG):
        read(app, installation)
    said = caplog.text
    assert sandbox.state.tokens
    assert not [value for value in sandbox.state.tokens if value in said]
    assert "PRIVATE KEY" not in said


def test_unreachable_github_is_unavailable(sandbox: Sandbox) -> None:
    """A refused connection can be tried again later."""
    with Sandbox() as gone:
        address = gone.url
    app = App(sandbox.app.id, sandbox.app.private_key, api_url=address, timeout=1)
    with pytest.raises(GitHubUnavailable, match="cannot be reached"):
        app.identity(1)
