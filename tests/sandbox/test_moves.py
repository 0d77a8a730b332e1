"""Renamed and transferred repositories, suspended and deleted installations, reviews of people."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests

from tests.sandbox import Pull, Sandbox
from tests.sandbox.app import EVENTS, App
from tests.sandbox.conftest import LIST
from tests.sandbox.contract import load_contract
from tests.sandbox.receiver import Receiver

NEW = "curator/papers"
PATHS = ("/rate_limit", "/app", "/repos/no/body")


def ask(
    sandbox: Sandbox, path: str, token: str, method: str = "GET", body: object = None
) -> requests.Response:
    """Make a request without following redirects."""
    return requests.request(
        method,
        sandbox.url + path,
        headers={"Authorization": f"Bearer {token}"},
        json=body,
        timeout=10,
        allow_redirects=False,
    )


@pytest.fixture
def pull(sandbox: Sandbox) -> Pull:
    """Return a pull request from a fork."""
    return sandbox.open_pull(LIST, {"docs/a.md": "a\n"})


def test_former_name_redirects_a_read_with_its_query(sandbox: Sandbox, pull: Pull) -> None:
    """301 leads to the same path below the repository's id."""
    token = sandbox.installation_token(LIST)
    moved = sandbox.rename_repository(LIST, "papers")
    answer = ask(sandbox, f"/repos/{LIST}/pulls/{pull.number}/files?per_page=1", token)
    target = f"{sandbox.url}/repositories/{moved.id}/pulls/{pull.number}/files?per_page=1"
    assert (answer.status_code, answer.headers["Location"], answer.json()["url"]) == (301, target, target)
    assert ask(sandbox, target.removeprefix(sandbox.url), token).json()[0]["filename"] == "docs/a.md"


def test_former_name_redirects_a_write_without_effect(sandbox: Sandbox, pull: Pull) -> None:
    """307 leads to the new address, and nothing is written."""
    token = sandbox.installation_token(LIST)
    moved = sandbox.rename_repository(LIST, "papers")
    path = f"issues/{pull.number}/comments"
    answer = ask(sandbox, f"/repos/{LIST}/{path}", token, "POST", {"body": "hello"})
    assert answer.status_code == 307
    assert answer.headers["Location"] == f"{sandbox.url}/repositories/{moved.id}/{path}"
    assert sandbox.comments(sandbox.pull(pull)) == []


def test_former_name_belongs_to_the_next_repository_that_takes_it(sandbox: Sandbox) -> None:
    """The redirect ends; both are found by their ids."""
    token = sandbox.installation_token(LIST)
    moved = sandbox.rename_repository(LIST, "papers")
    taken = sandbox.create_repository(LIST, {"README.md": "another list\n"})
    assert ask(sandbox, f"/repos/{LIST}", token).json()["id"] == taken.id
    assert ask(sandbox, f"/repositories/{moved.id}", token).json()["full_name"] == NEW
    assert ask(sandbox, "/repositories/999999", token).status_code == 404


def test_pull_requests_checks_and_comments_follow_a_rename(sandbox: Sandbox, pull: Pull) -> None:
    """Numbers go on where they were."""
    sandbox.comment(pull, "hello", by="ann")
    sandbox.rename_repository(LIST, "papers")
    moved = sandbox.pull(pull)
    assert (moved.repository, moved.number) == (NEW, pull.number)
    assert [item.body for item in sandbox.comments(moved)] == ["hello"]
    assert sandbox.open_pull(NEW, {"docs/b.md": "b\n"}).number == pull.number + 1


def test_transferred_repository_leaves_its_installation(sandbox: Sandbox, pull: Pull) -> None:
    """The new owner's installation covers it, and the old token may not write any more."""
    token = sandbox.installation_token(LIST)
    before = sandbox.install(LIST)
    moved = sandbox.transfer_repository(LIST, "new-owner")
    after = sandbox.state.installation_for(moved.full_name)
    assert after is not None
    assert after.id != before.id
    path = f"/repositories/{moved.id}/issues/{pull.number}/comments"
    assert ask(sandbox, path, token, "POST", {"body": "hello"}).status_code == 403
    assert (
        ask(sandbox, path, sandbox.installation_token(moved.full_name), "POST", {"body": "hello"}).status_code
        == 201
    )


def test_suspended_installation_is_refused_until_it_is_not(sandbox: Sandbox) -> None:
    """Its tokens are answered 403."""
    token = sandbox.installation_token(LIST)
    sandbox.suspend(LIST)
    answer = ask(sandbox, f"/repos/{LIST}/pulls", token)
    assert (answer.status_code, answer.json()["message"]) == (403, "This installation has been suspended")
    sandbox.unsuspend(LIST)
    assert ask(sandbox, f"/repos/{LIST}/pulls", token).status_code == 200


def test_deleted_installation_has_no_token(sandbox: Sandbox) -> None:
    """Its tokens are bad credentials."""
    token = sandbox.installation_token(LIST)
    sandbox.uninstall(LIST)
    assert ask(sandbox, f"/repos/{LIST}/pulls", token).status_code == 401
    assert sandbox.state.installation_for(LIST) is None


def test_every_answer_has_a_request_id(sandbox: Sandbox) -> None:
    """Each has another one, errors and faults included."""
    sandbox.faults.add("GET", "/rate_limit$", status=502)
    answers = [requests.get(f"{sandbox.url}{path}", timeout=10) for path in PATHS]
    assert [item.status_code for item in answers] == [502, 401, 401]
    assert len({item.headers["X-GitHub-Request-Id"] for item in answers}) == 3


@pytest.fixture
def subscribed() -> Iterator[tuple[Sandbox, Receiver]]:
    """Return a sandbox whose App is subscribed to everything, and its receiver."""
    app = App(events=EVENTS)
    with (
        Receiver() as receiver,
        Sandbox(app=app, contract=load_contract(), webhook_url=receiver.url) as running,
    ):
        running.create_repository(LIST, {"README.md": "list\n"})
        yield running, receiver
        assert running.violations == []


def test_installation_and_repository_events_are_sent(subscribed: tuple[Sandbox, Receiver]) -> None:
    """Each change is announced, by GitHub's own schema."""
    sandbox, _ = subscribed
    pull = sandbox.open_pull(LIST, {"docs/a.md": "a\n"})
    before = len(sandbox.webhooks.deliveries)
    sandbox.submit_review(pull, "/recheck", by="ann")
    sandbox.suspend(LIST)
    sandbox.unsuspend(LIST)
    sandbox.rename_repository(LIST, "papers")
    sandbox.create_repository(LIST, {"README.md": "x"}, install=False)
    sandbox.remove_from_installation(NEW)
    sandbox.install(NEW)
    sandbox.uninstall(NEW)
    assert [(item.event, item.action) for item in sandbox.webhooks.deliveries[before:]] == [
        ("pull_request_review", "submitted"),
        ("installation", "suspend"),
        ("installation", "unsuspend"),
        ("repository", "renamed"),
        ("installation_repositories", "removed"),
        ("installation_repositories", "added"),
        ("installation", "deleted"),
    ]
    assert sandbox.reviews(sandbox.pull(pull))[0].body == "/recheck"
