"""Requests are retried only where that is safe, and GitHub's limits are obeyed."""

from __future__ import annotations

import time

import pytest
from github.Repository import Repository

from bot.github import requester
from bot.github.app import App
from bot.github.errors import GitHubRefused, GitHubUnavailable, RepositoryMoved
from tests.bot.github.conftest import LIST
from tests.sandbox import Pull, Sandbox

PULL = rf"^/repos/{LIST}/pulls/1$"
COMMENTS = r"/issues/1/comments$"


@pytest.fixture(autouse=True)
def _short_backoff(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requester, "BACKOFF", 0.01)


@pytest.mark.usefixtures("pull")
def test_read_is_retried_after_a_server_error(sandbox: Sandbox, repository: Repository) -> None:
    """The caller does not notice two failures in a row."""
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
        {"status": 200, "body": "{}"},
        {"status": 200, "body": "null"},
        {"status": 200, "body": "7"},
        {"status": 200, "body": "[" * 100_000},
        {"status": 204, "body": ""},
        {"status": 302, "body": "", "headers": {"Location": "https://example.org/"}},
        {"status": 304, "body": ""},
        {"cut": True},
    ],
)
def test_read_that_keeps_failing_is_unavailable(
    sandbox: Sandbox, repository: Repository, fault: dict[str, object]
) -> None:
    """After three tries it gives up for now."""
    sandbox.faults.add("GET", PULL, times=None, **fault)  # type: ignore[arg-type]  # the faults above
    with pytest.raises(GitHubUnavailable):
        repository.get_pull(1).state  # noqa: B018 - the property asks GitHub
    assert len(sandbox.log.find("GET", PULL)) == 3


@pytest.mark.parametrize(
    "fault", [{"status": 502, "body": "{}"}, {"drop": True, "after": True}, {"cut": True}]
)
def test_write_is_not_retried(
    sandbox: Sandbox, repository: Repository, pull: Pull, fault: dict[str, object]
) -> None:
    """A comment whose answer was lost may exist, so the client does not write it again."""
    sandbox.faults.add("POST", COMMENTS, **fault)  # type: ignore[arg-type]  # the faults above
    with pytest.raises(GitHubUnavailable):
        repository.get_issue(1).create_comment("hello")
    assert len(sandbox.log.find("POST", COMMENTS)) == 1
    assert len(sandbox.comments(pull)) == (fault.get("after") or fault.get("cut") or 0)


@pytest.mark.usefixtures("pull")
def test_slow_answer_is_unavailable_at_once(sandbox: Sandbox, installation: int) -> None:
    """A hanging server is waited for once, also for a read."""
    app = App(sandbox.app.id, sandbox.app.private_key, api_url=sandbox.url, timeout=1)
    with app.repository(installation, LIST) as repository:
        assert repository.default_branch
        sandbox.faults.add("GET", PULL, delay=30)
        started = time.monotonic()
        with pytest.raises(GitHubUnavailable, match="did not answer") as unavailable:
            repository.get_pull(1).state  # noqa: B018 - the property asks GitHub
        assert time.monotonic() - started < 10
    assert unavailable.value.retry_at is None
    sandbox.faults.clear()
    assert len(sandbox.log.wait_for("GET", PULL)) == 1


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
    """Retry-after counts first, then the reset, else a minute; until then nothing is requested."""
    if headers == {"X-RateLimit-Remaining": "0"}:
        headers = {**headers, "X-RateLimit-Reset": str(int(time.time()) + 120)}
    sandbox.faults.add("GET", PULL, status=status, headers=headers, body=f'{{"message": "{message}"}}')
    with pytest.raises(GitHubUnavailable) as limited:
        repository.get_pull(1).state  # noqa: B018 - the property asks GitHub
    assert limited.value.retry_at is not None
    assert least - 1 <= limited.value.retry_at.timestamp() - time.time() <= most
    sandbox.log.clear()
    with pytest.raises(GitHubUnavailable, match="asked to wait"):
        repository.get_issue(1).create_comment("hello")
    assert sandbox.log.find() == []


def test_missing_permission_is_explained(sandbox: Sandbox, repository: Repository) -> None:
    """The message says what to check, and carries GitHub's request id."""
    sandbox.faults.add("GET", PULL, status=403, body='{"message": "Resource not accessible by integration"}')
    with pytest.raises(GitHubRefused, match="permissions are accepted") as refusal:
        repository.get_pull(1).state  # noqa: B018 - the property asks GitHub
    assert refusal.value.status == 403
    assert refusal.value.why == "Resource not accessible by integration"
    assert refusal.value.request_id
    assert refusal.value.request_id in str(refusal.value)
    assert len(sandbox.log.find("GET", PULL)) == 1


def test_first_error_code_is_kept(sandbox: Sandbox, repository: Repository) -> None:
    """Callers can tell refusals apart by it."""
    body = '{"message": "Validation Failed", "errors": [{"code": "too_large"}]}'
    sandbox.faults.add("GET", PULL, status=422, body=body)
    with pytest.raises(GitHubRefused) as refusal:
        repository.get_pull(1).state  # noqa: B018 - the property asks GitHub
    assert (refusal.value.status, refusal.value.code) == (422, "too_large")


def test_odd_error_bodies_are_refusals(sandbox: Sandbox, repository: Repository) -> None:
    """A refusal without GitHub's usual fields is still one, with its status."""
    for body in ("", "[]", '"no"', '{"message": 7, "errors": ["x"]}', '{"errors": {}}', "<html>"):
        sandbox.faults.add("GET", PULL, status=404, body=body)
        with pytest.raises(GitHubRefused) as refusal:
            repository.get_pull(1).state  # noqa: B018 - the property asks GitHub
        assert (refusal.value.status, refusal.value.code, refusal.value.why) == (404, "", "")


def test_text_that_a_database_refuses_is_replaced(
    sandbox: Sandbox, repository: Repository, pull: Pull
) -> None:
    """NUL and half surrogates never reach the rest of the program."""

    def edit(body: dict[str, object]) -> object:
        return body | {"title": "a\x00b", "body": "a\ud800b"}

    sandbox.faults.add("GET", PULL, edit=edit)
    found = repository.get_pull(pull.number)
    assert (found.title, found.body) == ("a\ufffdb", "a?b")


@pytest.mark.usefixtures("pull")
def test_renamed_repository_is_reported_when_read_by_name(sandbox: Sandbox, repository: Repository) -> None:
    """No redirect is followed: the error names the id by which to open it."""
    moved = sandbox.rename_repository(LIST, "papers")
    with pytest.raises(RepositoryMoved) as reported:
        repository.get_pull(1).state  # noqa: B018 - the property asks GitHub
    assert (reported.value.repository_id, reported.value.status) == (moved.id, 301)
    assert reported.value.request_id


def test_renamed_repository_is_reported_when_written_by_name(
    sandbox: Sandbox, repository: Repository, pull: Pull
) -> None:
    """A redirect is not taken for success, and nothing is written."""
    moved = sandbox.rename_repository(LIST, "papers")
    with pytest.raises(RepositoryMoved) as reported:
        repository.get_issue(1).create_comment("hello")
    assert (reported.value.repository_id, reported.value.status) == (moved.id, 307)
    assert sandbox.comments(sandbox.pull(pull)) == []


def test_repository_opened_by_id_keeps_its_identity(sandbox: Sandbox, app: App, installation: int) -> None:
    """Neither a rename nor a new repository under the old name changes what is read, also on later pages."""
    pulls = [sandbox.open_pull(LIST, {f"{number}.md": "x"}, author="ann") for number in range(101)]
    number = sandbox.state.repositories[LIST].id
    with app.repository(installation, LIST, number) as repository:
        assert repository.full_name == LIST
        found = repository.get_pull(pulls[0].number)
        sandbox.rename_repository(LIST, "papers")
        sandbox.create_repository(LIST, {"README.md": "another list"})
        found.create_issue_comment("hello")
        assert found.get_issue_comments()[0].body == "hello"
        assert len(list(repository.get_pulls(state="open"))) == 101
    assert [item.body for item in sandbox.bot_comments(sandbox.pull(pulls[0]))] == ["hello"]
    requests = [item for item in sandbox.log.find() if item.path.startswith("/repos/")]
    assert requests
    assert all(item.by_id for item in requests)


def test_link_to_another_server_is_not_followed(repository: Repository) -> None:
    """The token is sent to GitHub only."""
    with pytest.raises(GitHubUnavailable, match="another server"):
        repository.requester.requestJsonAndCheck("GET", "https://example.org/repositories/1/pulls?page=2")
