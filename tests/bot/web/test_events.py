"""What deliveries ask for."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.database.identity import PullKey, RepositoryRef
from bot.jobs.handlers import (
    ButtonPress,
    CommandRef,
    ForeignEdit,
    HeadRef,
    InstallationActive,
    InstallationDeleted,
    InstallationSuspended,
    MergeGroupDestroyed,
    MergeGroupRef,
    PullRequestEvent,
    PushRef,
    RepositoriesRemoved,
    RepositoryRenamed,
    Work,
)
from bot.slash.parse import digest
from bot.web.events import PayloadError, read
from tests.bot.web import payloads
from tests.bot.web.payloads import BASE, COMMENT_URL, HEAD, QUEUE_BRANCH, Payload

REPOSITORY = RepositoryRef(1, 7, "terryum/awesome-papers")
PULL = PullKey(1, 12)
CHANGED = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
COMMAND = CommandRef(1, 12, "comment", 99, 21, False, False, digest("/recheck"), CHANGED)
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
        (payloads.comment(), replace(COMMAND, stranger=True)),
        (payloads.comment(association="COLLABORATOR"), COMMAND),
        (payloads.comment(opener="octocat"), replace(COMMAND, by_author=True)),
        (payloads.comment(opener=None), replace(COMMAND, stranger=True)),
        (payloads.review(), replace(COMMAND, source="review", comment_id=98, author_id=5)),
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
    ("payload", "work"),
    [
        *(
            (payloads.installation(action), InstallationActive(7))
            for action in ("created", "unsuspend", "new_permissions_accepted")
        ),
        (payloads.installation("suspend"), InstallationSuspended(7)),
        (payloads.installation("deleted"), InstallationDeleted(7)),
        (payloads.installation("added", "installation_repositories"), InstallationActive(7)),
        (
            payloads.installation(
                "removed", "installation_repositories", repositories_removed=[{"id": 3, "name": "x"}]
            ),
            RepositoriesRemoved(7, (3,)),
        ),
    ],
)
def test_installation_events_are_about_no_single_repository(payload: Payload, work: Work) -> None:
    """They start and stop the work on all that an installation covers."""
    found = read(payload.event, payload.body)
    assert (found.work, found.repository) == (work, None)


def test_the_greatest_number_of_a_pull_request_is_read() -> None:
    """One more does not fit the database's column."""
    found = read("pull_request", payloads.pull_request(number=2**31 - 1).body)
    assert found.work == PullRequestEvent(PullKey(1, 2**31 - 1), CHANGED, HEAD)


@pytest.mark.parametrize("action", ["renamed", "transferred"])
def test_a_moved_repository_is_named_anew(action: str) -> None:
    """The delivery keeps its new name."""
    payload = Payload("repository", {**payloads.pull_request(action).fields})
    found = read(payload.event, payload.body)
    assert (found.work, found.repository) == (RepositoryRenamed(1), REPOSITORY)


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
        payloads.review("looks good"),
        payloads.review(None),
        payloads.review(author=None),
        payloads.review(action="edited"),
        Payload("ping", {"zen": "Keep it logically awesome.", "hook_id": 1}),
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
