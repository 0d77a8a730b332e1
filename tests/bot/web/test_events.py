"""What deliveries ask for."""

from __future__ import annotations

import json

import pytest

from bot.jobs.handlers import CommandRef, HeadRef, PullRequestRef, Work
from bot.web.events import PayloadError, read
from tests.bot.web import payloads
from tests.bot.web.payloads import HEAD, Payload

REPOSITORY = "terryum/awesome-papers"
PULL = PullRequestRef(7, REPOSITORY, 12)


@pytest.mark.parametrize(
    ("payload", "work"),
    [
        *(
            (payloads.pull_request(action), PULL)
            for action in ("opened", "reopened", "synchronize", "edited", "ready_for_review")
        ),
        (payloads.check_run(), HeadRef(7, REPOSITORY, HEAD)),
        (payloads.check_suite(), HeadRef(7, REPOSITORY, HEAD)),
        (payloads.comment(), CommandRef(7, REPOSITORY, 12, 99, "octocat", "recheck")),
    ],
)
def test_events_that_matter_ask_for_work(payload: Payload, work: Work) -> None:
    """Each used event yields exactly the reference that its job needs."""
    assert read(payload.event, payload.body).work == work


@pytest.mark.parametrize(
    "payload",
    [
        payloads.pull_request("closed"),
        payloads.pull_request("labeled"),
        payloads.check_run("created"),
        payloads.check_suite("completed"),
        payloads.comment(action="edited"),
        payloads.comment(on_pull=False),
        payloads.comment(kind="Bot"),
        payloads.comment("looks good"),
        Payload("ping", {"zen": "Keep it logically awesome.", "hook_id": 1}),
        Payload("installation", {"action": "created", "installation": {"id": 7}}),
        Payload("pull_request", {**payloads.pull_request().fields, "installation": None}),
        Payload(
            "issue_comment",
            {**payloads.comment().fields, "comment": {"id": 9, "body": "/recheck", "user": None}},
        ),
    ],
)
def test_all_other_deliveries_ask_for_nothing(payload: Payload) -> None:
    """Other events, other actions, bots, plain issues and plain talk are no work, and no error."""
    assert read(payload.event, payload.body).work is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"text"',
        b"payload=%7B%7D",
        b"\xff",
        b"[" * 100_000,
        b'{"action": 5}',
        json.dumps({**payloads.pull_request().fields, "number": "twelve"}).encode(),
        json.dumps({**payloads.pull_request().fields, "number": -1}).encode(),
        json.dumps({**payloads.pull_request().fields, "number": 2**31}).encode(),
        json.dumps({**payloads.pull_request().fields, "repository": None}).encode(),
        json.dumps({**payloads.pull_request().fields, "repository": {"full_name": "a/b\0"}}).encode(),
        json.dumps({**payloads.pull_request().fields, "repository": {"full_name": "../../etc"}}).encode(),
    ],
)
def test_other_shapes_are_refused(body: bytes) -> None:
    """What is not JSON, or not a pull request's event, is a typed error that quotes nothing of the body."""
    with pytest.raises(PayloadError) as caught:
        read("pull_request", body)
    assert "twelve" not in str(caught.value)
    assert "etc" not in str(caught.value)
