"""Requests are tried again only where that can help, and GitHub's limits are obeyed."""

from __future__ import annotations

import time

import pytest
from github.Repository import Repository

from bot.github import requester
from bot.github.errors import GitHubRefused, GitHubUnavailable
from tests.bot.github.conftest import LIST
from tests.sandbox import Pull, Sandbox

PULL = rf"^/repos/{LIST}/pulls/1$"
COMMENTS = r"/issues/1/comments$"


@pytest.fixture(autouse=True)
def _short_backoff(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requester, "BACKOFF", 0.01)


@pytest.mark.usefixtures("pull")
def test_read_is_tried_again_after_a_fault_of_the_server(sandbox: Sandbox, repository: Repository) -> None:
    """Two failures in a row are got over without anyone noticing."""
    sandbox.faults.add(
        "GET", PULL, status=502, body="<html>bad gateway</html>", headers={"Content-Type": "text/html"}
    )
    sandbox.faults.add("GET", PULL, drop=True)
    assert repository.get_pull(1).state == "open"
    assert len(sandbox.log.find("GET", PULL)) == 3


@pytest.mark.usefixtures("pull")
@pytest.mark.parametrize(
    "fault",
    [
        {"status": 500, "body": "{}"},
        {"drop": True},
        {"status": 200, "body": '{"number": 1, '},
        {"status": 200, "body": "", "headers": {"Content-Type": "text/plain"}},
        {"status": 200, "body": "<p>please log in</p>", "headers": {"Content-Type": "text/html"}},
    ],
)
def test_read_that_keeps_failing_is_unavailable(
    sandbox: Sandbox, repository: Repository, fault: dict[str, object]
) -> None:
    """After three tries it is left for later."""
    sandbox.faults.add("GET", PULL, times=None, **fault)  # type: ignore[arg-type]  # the faults above
    with pytest.raises(GitHubUnavailable):
        repository.get_pull(1).state  # noqa: B018 - the property asks GitHub
    assert len(sandbox.log.find("GET", PULL)) == 3


@pytest.mark.parametrize("fault", [{"status": 502, "body": "{}"}, {"drop": True, "after": True}])
def test_write_is_never_repeated_blindly(
    sandbox: Sandbox, repository: Repository, pull: Pull, fault: dict[str, object]
) -> None:
    """A comment whose answer was lost may be there: it is not written a second time."""
    sandbox.faults.add("POST", COMMENTS, **fault)  # type: ignore[arg-type]  # the two faults above
    with pytest.raises(GitHubUnavailable):
        repository.get_issue(1).create_comment("hello")
    assert len(sandbox.log.find("POST", COMMENTS)) == 1
    assert len(sandbox.comments(pull)) == bool(fault.get("after"))


@pytest.mark.usefixtures("pull")
def test_slow_answer_is_unavailable(sandbox: Sandbox, repository: Repository) -> None:
    """A write that hangs is given up after the time limit, not waited for."""
    repository._requester._Requester__timeout = 1  # type: ignore[attr-defined]  # PyGithub offers no other way
    sandbox.faults.add("POST", COMMENTS, delay=30)
    started = time.monotonic()
    with pytest.raises(GitHubUnavailable):
        repository.get_issue(1).create_comment("hello")
    assert time.monotonic() - started < 10
    sandbox.faults.clear()


@pytest.mark.parametrize(
    ("status", "headers", "message", "least", "most"),
    [
        (403, {"Retry-After": "37"}, "You have exceeded a secondary rate limit.", 37, 37),
        (
            429,
            {"Retry-After": "5", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "9"},
            "Slow down",
            5,
            5,
        ),
        (403, {"X-RateLimit-Remaining": "0"}, "API rate limit exceeded for installation ID 1.", 100, 121),
        (
            403,
            {},
            "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
            60,
            60,
        ),
    ],
)
def test_rate_limit_says_how_long_to_wait(
    sandbox: Sandbox,
    repository: Repository,
    status: int,
    headers: dict[str, str],
    message: str,
    least: float,
    most: float,
) -> None:
    """Retry-after counts first, then the reset, else a minute; until then nothing more is asked."""
    if headers == {"X-RateLimit-Remaining": "0"}:
        headers = {**headers, "X-RateLimit-Reset": str(int(time.time()) + 120)}
    sandbox.faults.add("GET", PULL, status=status, headers=headers, body=f'{{"message": "{message}"}}')
    with pytest.raises(GitHubUnavailable) as limited:
        repository.get_pull(1).state  # noqa: B018 - the property asks GitHub
    assert limited.value.retry_after is not None
    assert least <= limited.value.retry_after <= most
    sandbox.log.clear()
    with pytest.raises(GitHubUnavailable, match="asked to wait"):
        repository.get_issue(1).create_comment("hello")
    assert sandbox.log.find() == []


def test_missing_permission_is_refused_with_a_hint(sandbox: Sandbox, repository: Repository) -> None:
    """Who can mend it is told what to look at; asking again would not help."""
    sandbox.faults.add("GET", PULL, status=403, body='{"message": "Resource not accessible by integration"}')
    with pytest.raises(GitHubRefused, match="permissions are accepted") as refusal:
        repository.get_pull(1).state  # noqa: B018 - the property asks GitHub
    assert refusal.value.status == 403
    assert len(sandbox.log.find("GET", PULL)) == 1


def test_first_error_code_is_kept(sandbox: Sandbox, repository: Repository) -> None:
    """What GitHub says in code can be acted on."""
    body = '{"message": "Validation Failed", "errors": [{"code": "too_large"}]}'
    sandbox.faults.add("GET", PULL, status=422, body=body)
    with pytest.raises(GitHubRefused) as refusal:
        repository.get_pull(1).state  # noqa: B018 - the property asks GitHub
    assert (refusal.value.status, refusal.value.code) == (422, "too_large")
