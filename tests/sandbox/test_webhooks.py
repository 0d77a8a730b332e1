"""Webhooks: signed, complete, and repeated under the same number."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.sandbox.conftest import LIST, README
from tests.sandbox.webhooks import sign

if TYPE_CHECKING:
    from github.Repository import Repository

    from tests.sandbox import Sandbox
    from tests.sandbox.receiver import Receiver


def sent(sandbox: Sandbox) -> list[tuple[str, str | None]]:
    sandbox.webhooks.settle()
    return [(item.event, item.action) for item in sandbox.webhooks.deliveries]


def test_the_signature_is_githubs() -> None:
    """The vector of GitHub's documentation."""
    expected = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    assert sign("It's a Secret to Everybody", b"Hello, World!") == expected


def test_a_delivery_carries_githubs_headers(sandbox: Sandbox, receiver: Receiver) -> None:
    """Event, number, signature over the very bytes, and the rest."""
    sandbox.open_pull(LIST, {"docs/a.md": "a\n"}, author="ann")
    got = receiver.received[-1]
    assert got.headers["x-hub-signature-256"] == sign(sandbox.app.webhook_secret, got.body)
    assert got.headers["x-github-event"] == "pull_request"
    assert got.headers["x-github-delivery"] == sandbox.webhooks.deliveries[-1].guid
    assert got.headers["user-agent"].startswith("GitHub-Hookshot/")
    assert got.headers["content-type"] == "application/json"
    assert got.headers["x-github-hook-id"].isdigit()
    assert json.loads(got.body)["installation"]["id"] == next(iter(sandbox.state.installations))


def test_a_redelivery_keeps_number_and_bytes(sandbox: Sandbox, receiver: Receiver) -> None:
    """Two new deliveries differ in their number."""
    sandbox.open_pull(LIST, {"docs/a.md": "a\n"}, author="ann")
    first = sandbox.webhooks.deliveries[-1]
    again = sandbox.webhooks.redeliver(first)
    new = sandbox.webhooks.deliver(first.event, first.payload)
    one, two = receiver.received[-3:-1]
    assert (one.body, one.headers["x-github-delivery"]) == (two.body, two.headers["x-github-delivery"])
    assert again.redelivery
    assert again.guid == first.guid != new.guid


def test_a_delivery_can_be_spoiled(sandbox: Sandbox, receiver: Receiver) -> None:
    """Unsigned, wrongly signed, or no JSON: as it was asked for."""
    sandbox.webhooks.post(b"{not json", event="pull_request")
    assert "x-hub-signature-256" not in receiver.received[-1].headers
    sandbox.webhooks.post(b"x", signature="sha256=00", headers={"Content-Type": "text/plain"})
    assert receiver.received[-1].body == b"x"
    assert receiver.received[-1].headers["x-hub-signature-256"] == "sha256=00"
    assert receiver.received[-1].headers["content-type"] == "text/plain"


def test_a_receiver_that_is_not_there_is_noted(sandbox: Sandbox, receiver: Receiver) -> None:
    """The delivery has no status, and the change is kept."""
    receiver.close()
    pull = sandbox.open_pull(LIST, {"docs/a.md": "a\n"})
    assert (sandbox.webhooks.deliveries[-1].status, sandbox.webhooks.deliveries[-1].error) == (
        None,
        "ConnectionError",
    )
    assert sandbox.pull(pull).state == "open"


def test_a_pull_requests_life_is_told(sandbox: Sandbox, receiver: Receiver) -> None:
    """Each step sends its event, complete by GitHub's own schema, to the App that is subscribed."""
    pull = sandbox.open_pull(LIST, {"docs/a.md": "a\n"}, author="ann", draft=True)
    sandbox.mark_ready(pull)
    before = sandbox.pull(pull).head_sha
    pull = sandbox.push(pull, {"docs/b.md": "b\n"})
    moved = json.loads(receiver.received[-1].body)
    assert (moved["before"], moved["after"]) == (before, pull.head_sha)
    sandbox.edit_pull(pull, title="Better", body="Why", base="master")
    assert json.loads(receiver.received[-1].body)["changes"]["title"] == {"from": "Add a paper"}
    comment = sandbox.comment(pull, "/recheck", by="ann")
    sandbox.edit_comment(comment, "/recheck now", by="curator")
    sandbox.delete_comment(comment)
    sandbox.close_pull(pull)
    sandbox.reopen_pull(pull)
    sandbox.convert_to_draft(pull)
    assert sent(sandbox) == [
        ("pull_request", "opened"),
        ("pull_request", "ready_for_review"),
        ("pull_request", "synchronize"),
        ("pull_request", "edited"),
        ("issue_comment", "created"),
        ("issue_comment", "edited"),
        ("issue_comment", "deleted"),
        ("pull_request", "closed"),
        ("pull_request", "reopened"),
        ("pull_request", "converted_to_draft"),
    ]


def test_a_push_to_the_repository_is_told_before_the_pull_request_moves(
    sandbox: Sandbox, receiver: Receiver
) -> None:
    """A branch of the repository itself pushes, opens a suite, and moves its pull request."""
    pull = sandbox.open_pull(LIST, {"docs/a.md": "a\n"}, from_fork=False, author="bob", branch="topic")
    pull = sandbox.push(pull, {"docs/b.md": "b\n"})
    assert sent(sandbox)[1:] == [
        ("push", None),
        ("check_suite", "requested"),
        ("pull_request", "synchronize"),
    ]
    pushed = json.loads(receiver.received[-3].body)
    assert (pushed["ref"], pushed["after"], pushed["forced"]) == ("refs/heads/topic", pull.head_sha, False)
    sandbox.set_branch(LIST, "topic", sandbox.head(LIST))
    assert json.loads(receiver.received[-3].body)["forced"]


def test_a_merge_is_told(sandbox: Sandbox, receiver: Receiver) -> None:
    """The pull request closes as merged, and the base is pushed to."""
    pull = sandbox.open_pull(LIST, {"docs/a.md": "a\n"}, author="ann")
    sandbox.merge(pull, by="curator")
    assert sent(sandbox)[1:] == [("pull_request", "closed"), ("push", None), ("check_suite", "requested")]
    assert json.loads(receiver.received[-3].body)["pull_request"]["merged"]


def test_the_app_hears_of_its_own_deeds_and_of_buttons(
    sandbox: Sandbox, receiver: Receiver, repository: Repository
) -> None:
    """The sender of its comment and check run is the bot; that of a pressed button is a person."""
    pull = sandbox.open_pull(LIST, {"README.md": README + "- four\n"}, author="ann")
    repository.get_pull(pull.number).create_issue_comment("Hello")
    shown: dict[str, Any] = {"title": "t", "summary": "s"}
    button = {"label": "Again", "description": "Once more", "identifier": "again"}
    made = repository.create_check_run(
        "Papergate", pull.head_sha, status="completed", conclusion="failure", output=shown, actions=[button]
    )
    sandbox.webhooks.settle()
    assert {json.loads(item.body)["sender"]["login"] for item in receiver.received[1:]} == {"papergate[bot]"}
    run = sandbox.check_runs(LIST, pull.head_sha)[0]
    assert run.id == made.id
    sandbox.press(run, "again", by="ann")
    pressed = json.loads(receiver.received[-1].body)
    assert (pressed["requested_action"], pressed["sender"]["login"]) == ({"identifier": "again"}, "ann")
    sandbox.rerequest_run(run, by="curator")
    sandbox.rerequest_suite(LIST, pull.head_sha, by="curator")
    assert sent(sandbox)[1:] == [
        ("issue_comment", "created"),
        ("check_run", "created"),
        ("check_run", "completed"),
        ("check_run", "requested_action"),
        ("check_run", "rerequested"),
        ("check_suite", "rerequested"),
    ]


def test_an_installation_is_told(sandbox: Sandbox, receiver: Receiver) -> None:
    """An account's installation is created, then widened; an organization is named."""
    sandbox.create_repository("guild/one", {"README.md": "x"}, owner_type="Organization")
    sandbox.create_repository("guild/two", {"README.md": "x"}, owner_type="Organization")
    sandbox.open_pull("guild/two", {"README.md": "y"})
    assert sent(sandbox) == [
        ("installation", "created"),
        ("installation_repositories", "added"),
        ("pull_request", "opened"),
    ]
    assert json.loads(receiver.received[-1].body)["organization"]["login"] == "guild"


def test_an_event_the_app_is_not_subscribed_to_is_not_sent(sandbox: Sandbox, receiver: Receiver) -> None:
    """Nor anything before there is an address."""
    assert sandbox.webhooks.send("star", {"action": "created"}) is None
    sandbox.webhooks.url = None
    sandbox.open_pull(LIST, {"docs/a.md": "a\n"})
    assert receiver.received == []
