"""The contract notices what GitHub would not say or take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request, Response

from tests.sandbox.contract import Contract, find_operation, load_contract
from tests.sandbox.openapi import example_payloads

if TYPE_CHECKING:
    from collections.abc import Mapping


def request(method: str, path: str, *, json: Mapping[str, Any] | None = None, **more: Any) -> Request:
    return Request(EnvironBuilder(path, method=method, json=json, **more).get_environ())


@pytest.fixture
def contract() -> Contract:
    """A contract nothing has broken yet."""
    return load_contract()


@pytest.mark.parametrize(
    ("path", "template"),
    [
        ("/repos/o/r/contents/docs/a b/c.md", "/repos/{owner}/{repo}/contents/{path}"),
        ("/repos/o/r/contents/", "/repos/{owner}/{repo}/contents/{path}"),
        ("/repos/o/r/git/ref/heads/a/b", "/repos/{owner}/{repo}/git/ref/{ref}"),
        ("/repos/o/r/commits/a/b", "/repos/{owner}/{repo}/commits/{ref}"),
        ("/repos/o/r/commits/a/b/check-runs", "/repos/{owner}/{repo}/commits/{ref}/check-runs"),
        ("/repos/o/r/compare/a/b...o:c/d", "/repos/{owner}/{repo}/compare/{basehead}"),
        ("/repos/o/r/issues/comments/5", "/repos/{owner}/{repo}/issues/comments/{comment_id}"),
    ],
)
def test_a_path_finds_its_operation(path: str, template: str) -> None:
    """Slashes in a parameter and all."""
    found = find_operation("GET", path)
    assert found is not None
    assert found.template == template


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        (request("GET", "/repos/o/r/nonsense"), "no such operation"),
        (request("DELETE", "/repos/o/r/check-runs/1"), "no such operation"),
        (request("GET", "/repos/o/r/pulls?per_page=many"), "per_page"),
        (request("GET", "/repos/o/r/pulls?state=ajar"), "state"),
        (request("GET", "/repos/o/r/pulls?colour=red"), "not described"),
        (request("GET", "/repos/o/r/pulls/one"), "pull_number"),
        (request("POST", "/repos/o/r/issues/1/comments", json={"text": "x"}), "body"),
        (request("POST", "/repos/o/r/issues/1/comments"), "missing"),
        (request("POST", "/repos/o/r/check-runs", json={"name": "n"}), "head_sha"),
        (
            request("POST", "/repos/o/r/issues/1/comments", data=b"{", content_type="application/json"),
            "no JSON",
        ),
        (request("POST", "/repos/o/r/issues/1/comments", data=b'{"body": "x"}'), "content type"),
        (request("GET", "/repos/o/r/pulls", json={"state": "open"}), "a body where none"),
    ],
)
def test_a_wrong_request_is_noticed(contract: Contract, asked: Request, reason: str) -> None:
    """Unknown operations, wrong parameters, wrong bodies."""
    contract.check_request(asked)
    assert any(reason in line for line in contract.violations)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Response('{"content": "aa"}', 200, content_type="application/json"), "sha"),
        (Response("{}", 299, content_type="application/json"), "status not documented"),
        (Response("aa", 200, content_type="text/plain"), "content type"),
        (Response('{"message": 1}', 404, content_type="application/json"), "message"),
        (Response("x", 304), "a body where none"),
    ],
)
def test_a_wrong_answer_is_noticed(contract: Contract, answer: Response, reason: str) -> None:
    """Missing fields, undocumented statuses and types."""
    contract.check_answer(request("GET", "/repos/o/r/git/blobs/" + "a" * 40), answer)
    assert any(reason in line for line in contract.violations)


def test_null_is_taken_only_where_it_may_be(contract: Contract) -> None:
    """`nullable` of the description is heeded."""
    blob = '{"content": "", "encoding": "base64", "url": "u", "sha": "s", "size": %s, "node_id": %s}'
    asked = request("GET", "/repos/o/r/git/blobs/" + "a" * 40)
    contract.check_answer(asked, Response(blob % ("null", '"n"'), 200, content_type="application/json"))
    assert contract.violations == []
    contract.check_answer(asked, Response(blob % ("null", "null"), 200, content_type="application/json"))
    assert len(contract.take()) == 1
    assert contract.violations == []


def test_a_wrong_payload_is_noticed(contract: Contract) -> None:
    """An unknown event, and a known one that lacks its parts."""
    contract.check_payload("pull_request", {"action": "juggled"})
    contract.check_payload("pull_request", {"action": "opened"})
    assert "webhook pull-request-juggled: no such event" in contract.violations
    assert any("repository" in line for line in contract.violations)


@pytest.mark.parametrize(
    "event", ["pull_request", "issue_comment", "check_run", "check_suite", "push", "installation"]
)
def test_recorded_payloads_are_there(event: str) -> None:
    """Octokit's collection has examples of every event the App uses."""
    assert len(example_payloads(event)) >= 5
