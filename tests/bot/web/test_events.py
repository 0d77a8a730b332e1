"""What deliveries ask for."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from bot.database.identity import PullKey, RepositoryRef
from bot.jobs.handlers import (
    ButtonPress,
    CommandRef,
    ForeignEdit,
    HeadRef,
    MergeGroupDestroyed,
    MergeGroupRef,
    PullRequestEvent,
    PushRef,
    Work,
)
from bot.slash.parse import digest
from bot.web.events import PayloadError, read
from tests.bot.web import payloads
from tests.bot.web.payloads import BASE, COMMENT_URL, HEAD, QUEUE_BRANCH, Payload

REPOSITORY = RepositoryRef(1, 7, "terryum/awesome-papers")
PULL = PullKey(1, 12)
CHANGED = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
GROUP = MergeGroupRef(1, HEAD, BASE, QUEUE_BRANCH)


@pytest.mark.parametrize(
    ("payload", "work"),
    [
        *(
            (
                payloads.pull_request(action),
                PullRequestEvent(PULL, datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), HEAD),
            )
            for action in ("opened", "reopened", "synchronize", "edited", "ready_for_review")
        ),
        (payloads.pull_request("closed"), HeadRef(1, HEAD)),
        (payloads.merge_group(), GROUP),
        (payloads.merge_group("destroyed"), MergeGroupDestroyed(GROUP)),
        (payloads.push(), PushRef(1, "main", BASE, HEAD)),
        (payloads.push("refs/heads/a/b"), PushRef(1, "a/b", BASE, HEAD)),
        (payloads.push(before="0" * 40), PushRef(1, "main", None, HEAD)),
        (payloads.check_run(), HeadRef(1, HEAD)),
        (payloads.press(), ButtonPress(1, HEAD, 3, "fix", "meg", 5)),
        (payloads.check_suite(), HeadRef(1, HEAD)),
        (payloads.comment(), CommandRef(1, 12, 99, "octocat", digest("/recheck"))),
        *(
            (
                payloads.comment(body, action="edited", before=before, editor="meg"),
                ForeignEdit(1, 12, "octocat", "meg", COMMENT_URL),
            )
            for body, before in (("/recheck", ""), ("hello", "/recheck"), ("/waive", "/fix"))
        ),
    ],
)
def test_events_that_matter_ask_for_work(payload: Payload, work: Work) -> None:
    """Each used event yields the reference that its job needs, and the repository under its current name."""
    found = read(payload.event, payload.body)
    assert (found.work, found.repository) == (work, REPOSITORY)


@pytest.mark.parametrize(
    "payload",
    [
        payloads.pull_request("labeled"),
        payloads.push("refs/tags/v1"),
        payloads.push(QUEUE_BRANCH),
        payloads.push(deleted=True, after="0" * 40),
        payloads.check_run("created"),
        payloads.press(kind="Bot"),
        payloads.check_suite("completed"),
        payloads.comment(action="edited"),
        payloads.comment("hello", action="edited", before="hi", editor="meg"),
        payloads.comment(action="edited", kind="Bot", editor="meg"),
        payloads.comment(action="deleted"),
        payloads.comment(author=None),
        payloads.comment(on_pull=False),
        payloads.comment(kind="Bot"),
        payloads.comment("looks good"),
        Payload("ping", {"zen": "Keep it logically awesome.", "hook_id": 1}),
        Payload("installation", {"action": "created", "installation": {"id": 7}}),
        Payload("pull_request", {**payloads.pull_request().fields, "installation": None}),
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
        json.dumps(
            {**payloads.pull_request().fields, "repository": {"id": 2**63, "full_name": "a/b"}}
        ).encode(),
        json.dumps(
            {**payloads.pull_request().fields, "repository": {"id": 1, "full_name": "a/b\0"}}
        ).encode(),
        json.dumps(
            {**payloads.pull_request().fields, "repository": {"id": 1, "full_name": "../../etc"}}
        ).encode(),
    ],
)
def test_other_shapes_are_refused(body: bytes) -> None:
    """What is not JSON, or not a pull request's event, is a typed error that quotes nothing of the body."""
    with pytest.raises(PayloadError) as caught:
        read("pull_request", body)
    assert "twelve" not in str(caught.value)
    assert "etc" not in str(caught.value)
