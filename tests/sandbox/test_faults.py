"""Faults on demand: down, slow, lost, held."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
import requests

from tests.sandbox.conftest import LIST

if TYPE_CHECKING:
    from github import Github
    from github.Repository import Repository

    from tests.sandbox import Sandbox

BATCH = "/semantic-scholar/graph/v1/paper/batch"


def ask(sandbox: Sandbox, timeout: float = 10) -> requests.Response:
    return requests.post(sandbox.url + BATCH, json={"ids": ["ARXIV:1412.6980"]}, timeout=timeout)


def test_a_fault_strikes_as_often_as_given(sandbox: Sandbox) -> None:
    """Twice 429 with its headers, then the service is back."""
    sandbox.faults.add(
        "POST", BATCH, status=429, headers={"Retry-After": "7"}, body='{"message": "slow"}', times=2
    )
    first, second, third = (ask(sandbox) for _ in range(3))
    assert (first.status_code, second.status_code, third.status_code) == (429, 429, 200)
    assert (first.headers["Retry-After"], first.json()) == ("7", {"message": "slow"})
    assert [item.faulted for item in sandbox.log.find("POST", BATCH)] == [True, True, False]


def test_a_fault_lasts_until_it_is_removed(sandbox: Sandbox) -> None:
    """Other paths and methods are spared."""
    fault = sandbox.faults.add("*", "^/semantic-scholar", status=503, times=None)
    assert {ask(sandbox).status_code for _ in range(3)} == {503}
    assert requests.get(f"{sandbox.url}/rate_limit", timeout=10).status_code == 401
    sandbox.faults.remove(fault)
    assert ask(sandbox).status_code == 200


def test_a_cut_connection_has_no_answer(sandbox: Sandbox) -> None:
    """The client sees an error, and the next request is served."""
    sandbox.faults.add("POST", BATCH, drop=True)
    with pytest.raises(requests.ConnectionError):
        ask(sandbox)
    assert ask(sandbox).status_code == 200
    assert sandbox.log.find("POST", BATCH)[0].status is None


def test_a_hanging_service_is_woken_by_clearing(sandbox: Sandbox) -> None:
    """A client with less patience gives up; clearing lets the waiting one through."""
    sandbox.faults.add("POST", BATCH, delay=60, times=None)
    with pytest.raises(requests.ReadTimeout):
        ask(sandbox, timeout=0.05)
    answers: list[int] = []
    waiting = threading.Thread(target=lambda: answers.append(ask(sandbox).status_code))
    waiting.start()
    sandbox.faults.clear()
    waiting.join(10)
    assert answers == [200]


def test_a_lost_answer_keeps_its_effect(sandbox: Sandbox, repository: Repository) -> None:
    """With `after` the comment exists although its author saw an error."""
    pull = sandbox.open_pull(LIST, {"docs/a.md": "a\n"})
    seen = repository.get_pull(pull.number)
    sandbox.faults.add("POST", "/comments$", drop=True, after=True)
    with pytest.raises(requests.ConnectionError):
        seen.create_issue_comment("Hello")
    assert [item.body for item in sandbox.bot_comments(pull)] == ["Hello"]


def test_a_gate_holds_until_it_is_released(sandbox: Sandbox) -> None:
    """`waiting` is set once a request is held."""
    statuses: list[int] = []
    with sandbox.hold("/batch$", method="POST") as gate:
        asking = threading.Thread(target=lambda: statuses.append(ask(sandbox).status_code))
        asking.start()
        assert gate.waiting.wait(10)
        assert statuses == []
    asking.join(10)
    assert statuses == [200]


def test_the_log_knows_reads_from_writes(sandbox: Sandbox, github: Github, repository: Repository) -> None:
    """A token given is no write, a comment is one; no credential is kept."""
    pull = sandbox.open_pull(LIST, {"docs/a.md": "a\n"})
    repository.get_pull(pull.number).create_issue_comment("Hello")
    assert [item.path for item in sandbox.log.writes()] == [f"/repos/{LIST}/issues/{pull.number}/comments"]
    assert github.get_repo(LIST).id
    assert all("Authorization" not in item.headers for item in sandbox.log.find())
    assert len(sandbox.log.wait_for("POST", "access_tokens$")) == 1
    sandbox.log.clear()
    with pytest.raises(TimeoutError):
        sandbox.log.wait_for("POST", "/comments$", timeout=0.01)


def test_a_conclusion_can_be_waited_for(sandbox: Sandbox, repository: Repository) -> None:
    """The check run is returned once it has one, of those wanted."""
    sha = sandbox.head(LIST)
    run = repository.create_check_run("Papergate", sha, status="in_progress")
    with pytest.raises(TimeoutError):
        sandbox.wait_for_conclusion(LIST, sha, timeout=0.01)
    finishing = threading.Thread(target=lambda: run.edit(status="completed", conclusion="success"))
    finishing.start()
    assert sandbox.wait_for_conclusion(LIST, sha, "success", name="Papergate").id == run.id
    finishing.join(10)


def test_an_answer_can_be_cut_in_the_middle(sandbox: Sandbox) -> None:
    """The client sees that it is not complete."""
    sandbox.faults.add("POST", BATCH, cut=True)
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        ask(sandbox)
    assert ask(sandbox).status_code == 200


def test_a_fault_can_last_for_seconds(sandbox: Sandbox) -> None:
    """They count from the first request it strikes."""
    sandbox.faults.add("POST", BATCH, status=404, seconds=60)
    late = sandbox.faults.add("GET", "/app$", status=422, seconds=0)
    assert [ask(sandbox).status_code for _ in range(3)] == [404] * 3
    assert requests.get(f"{sandbox.url}/app", timeout=10).status_code == 401
    sandbox.faults.remove(late)


def test_a_fault_without_a_body_has_githubs_usual_one(sandbox: Sandbox) -> None:
    """A refusal names its reason and its status."""
    sandbox.faults.add("GET", "/app$", status=404)
    assert requests.get(f"{sandbox.url}/app", timeout=10).json() == {
        "message": "Not Found",
        "documentation_url": "https://docs.github.com/rest",
        "status": "404",
    }


def test_an_answer_can_be_edited(sandbox: Sandbox, repository: Repository) -> None:
    """The real answer goes out with one field changed."""
    pull = sandbox.open_pull(LIST, {"docs/a.md": "a\n"})
    sandbox.faults.add("GET", f"/pulls/{pull.number}$", edit=lambda body: body | {"title": "Edited"})
    assert repository.get_pull(pull.number).title == "Edited"
    assert repository.get_pull(pull.number).title == pull.title
