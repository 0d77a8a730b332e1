"""Who is let in, and as whom."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

import jwt
import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from github import GithubIntegration

from tests.sandbox import App, Sandbox
from tests.sandbox.conftest import LIST, README

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Clock:
    """A clock that a test moves by hand."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def ask(sandbox: Sandbox, path: str, credential: str | None, method: str = "GET") -> requests.Response:
    headers = {"Authorization": f"Bearer {credential}"} if credential else {}
    return requests.request(method, sandbox.url + path, headers=headers, timeout=10)


def app_token(
    sandbox: Sandbox, claims: Mapping[str, object] = MappingProxyType({}), key: str | None = None
) -> str:
    now = int(sandbox.state.now().timestamp())
    whole = {"iss": str(sandbox.app.id), "iat": now - 60, "exp": now + 540} | dict(claims)
    return jwt.encode(whole, key or sandbox.app.private_key, algorithm="RS256")


def strangers_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode()


def test_the_app_sees_itself(integration: GithubIntegration, sandbox: Sandbox) -> None:
    """The App's own token opens its own page, permissions and events included."""
    app = integration.get_app()
    assert (app.id, app.slug) == (sandbox.app.id, "papergate")
    assert app.permissions["checks"] == "write"
    assert "pull_request" in app.events


def test_the_app_lists_its_installations(integration: GithubIntegration, sandbox: Sandbox) -> None:
    """Each with its account, and one by one by number."""
    sandbox.create_repository("other/public", {"README.md": "x"})
    numbers = {item.raw_data["account"]["login"]: item.id for item in integration.get_installations()}
    assert numbers.keys() == {"curator", "other"}
    assert integration.get_app_installation(numbers["other"]).id == numbers["other"]


def test_the_client_id_may_stand_for_the_app_id(sandbox: Sandbox) -> None:
    """GitHub takes either as the issuer."""
    assert ask(sandbox, "/app", app_token(sandbox, {"iss": sandbox.app.client_id})).status_code == 200


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"exp": int(NOW.timestamp()) + 700}, "too far in the future"),
        ({"exp": int(NOW.timestamp()) - 1}, "representing the future"),
        ({"exp": None}, "representing the future"),
        ({"iat": int(NOW.timestamp()) + 300}, "'iat'"),
        ({"iat": None}, "'iat'"),
        ({"iss": "7"}, "'iss'"),
    ],
)
def test_a_wrong_claim_is_refused(claims: dict[str, object], reason: str) -> None:
    """Each claim of the App's token is checked, and the refusal says which one failed."""
    with Sandbox(clock=Clock()) as sandbox:
        answer = ask(sandbox, "/app", app_token(sandbox, claims))
    assert answer.status_code == 401
    assert reason in answer.json()["message"]


def test_a_strangers_key_and_garbage_are_refused(sandbox: Sandbox) -> None:
    """A token of another key, and text that is not a token, are answered 401 with GitHub's body."""
    for credential in (app_token(sandbox, key=strangers_key()), "garbage"):
        answer = ask(sandbox, "/app", credential)
        assert answer.status_code == 401
        assert answer.json()["message"] == "A JSON web token could not be decoded"
        assert answer.json()["status"] == "401"


def test_no_credential_is_refused(sandbox: Sandbox) -> None:
    """Nobody reads without a token."""
    assert ask(sandbox, f"/repos/{LIST}", None).json()["message"] == "Requires authentication"


def test_an_installation_token_lasts_an_hour() -> None:
    """The token opens the repository for an hour; a second later it is a bad credential."""
    clock = Clock()
    with Sandbox(clock=clock) as sandbox:
        sandbox.create_repository(LIST, {"README.md": README})
        number = next(iter(sandbox.state.installations))
        given = ask(sandbox, f"/app/installations/{number}/access_tokens", app_token(sandbox), "POST")
        assert given.status_code == 201
        assert given.json()["expires_at"] == "2026-03-01T13:00:00Z"
        token = given.json()["token"]
        clock.now += timedelta(minutes=59, seconds=59)
        assert ask(sandbox, f"/repos/{LIST}", token).status_code == 200
        clock.now += timedelta(seconds=1)
        late = ask(sandbox, f"/repos/{LIST}", token)
    assert (late.status_code, late.json()["message"]) == (401, "Bad credentials")


def test_a_token_is_bound_to_its_installation(sandbox: Sandbox) -> None:
    """Another account's private repository is not there; its public one can be read and not written."""
    sandbox.create_repository("other/private", {"README.md": "x"}, private=True)
    sandbox.create_repository("other/public", {"README.md": "x"})
    token = sandbox.installation_token(LIST)
    assert ask(sandbox, "/repos/other/private", token).status_code == 404
    assert ask(sandbox, "/repos/other/public", token).status_code == 200
    headers = {"Authorization": f"token {token}"}
    run = {"name": "n", "head_sha": sandbox.head("other/public")}
    written = requests.post(
        f"{sandbox.url}/repos/other/public/check-runs", json=run, headers=headers, timeout=10
    )
    assert written.status_code == 403


def test_a_token_lists_the_repositories_it_covers(sandbox: Sandbox) -> None:
    """The installation's repositories come with their count; another account's are not among them."""
    sandbox.create_repository("curator/second", {"README.md": "x"})
    sandbox.create_repository("other/public", {"README.md": "x"})
    listed = ask(sandbox, "/installation/repositories", sandbox.installation_token(LIST)).json()
    assert listed["total_count"] == 2
    assert [item["full_name"] for item in listed["repositories"]] == [LIST, "curator/second"]


def test_a_token_can_be_narrowed_to_some_repositories(sandbox: Sandbox) -> None:
    """A token asked for by repository name and permission has these and no others."""
    sandbox.create_repository("curator/second", {"README.md": "x"}, private=True)
    number = next(iter(sandbox.state.installations))
    given = requests.post(
        f"{sandbox.url}/app/installations/{number}/access_tokens",
        json={"repositories": ["list"], "permissions": {"metadata": "read"}},
        headers={"Authorization": f"Bearer {app_token(sandbox)}"},
        timeout=10,
    ).json()
    assert given["permissions"] == {"metadata": "read"}
    assert ask(sandbox, "/repos/curator/second", given["token"]).status_code == 404
    assert ask(sandbox, f"/repos/{LIST}/pulls", given["token"]).status_code == 403


def test_a_missing_permission_is_refused() -> None:
    """An App that may only read checks cannot write them."""
    with Sandbox(app=App(permissions={"checks": "read", "metadata": "read"})) as sandbox:
        sandbox.create_repository(LIST, {"README.md": README})
        number = next(iter(sandbox.state.installations))
        path = f"/app/installations/{number}/access_tokens"
        token = ask(sandbox, path, app_token(sandbox), "POST").json()["token"]
        answer = ask(sandbox, f"/repos/{LIST}/check-runs", token, "POST")
    assert (answer.status_code, answer.json()["message"]) == (403, "Resource not accessible by integration")


def test_an_unknown_repository_is_not_found(sandbox: Sandbox) -> None:
    """GitHub's 404 body names the documentation and repeats the status."""
    answer = ask(sandbox, "/repos/curator/nothing", sandbox.installation_token(LIST))
    assert answer.json() == {
        "message": "Not Found",
        "documentation_url": "https://docs.github.com/rest",
        "status": "404",
    }
