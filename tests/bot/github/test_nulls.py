"""Every field of an answer that GitHub lets be null may be null: the worst that happens is a typed error."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from github.Repository import Repository
from werkzeug.wrappers import Request, Response

from bot.github.app import App
from bot.github.commits import open_pulls, pulls_into, pulls_of_head
from bot.github.conversation import read_comment, reply_once
from bot.github.errors import GitHubError
from bot.github.fetch import pull_request
from bot.github.files import companion_files, list_files, policy_text, similar_path
from bot.github.hook_deliveries import redeliver_failed
from bot.github.merge_queue import merge_group
from bot.github.permissions import role_of
from bot.github.publish import publish_check, publish_comment
from bot.github.suggestions import publish_suggestions
from bot.render.check import not_configured
from bot.render.comment import MARKER, Comment
from bot.render.suggestion import Suggestion
from tests.bot.github.conftest import LIST, README
from tests.sandbox import Pull, Sandbox
from tests.sandbox.contract import Contract, find_operation
from tests.sandbox.nulls import nullable, with_null
from tests.sandbox.openapi import rest_description

Do = Callable[["Case"], object]


class Case:
    """What the functions under test are called with."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox, self.installation = sandbox, sandbox.install(LIST).id
        self.app = App(sandbox.app.id, sandbox.app.private_key, api_url=sandbox.url, timeout=5)
        self.identity = self.app.identity(self.installation)
        self.number = sandbox.state.repositories[LIST].id
        self.pull: Pull = sandbox.open_pull(LIST, {"README.md": README + "- two\n"}, from_fork=False)
        self.comment = sandbox.comment(self.pull, "/recheck", by="curator")
        self.group = sandbox.enqueue(self.pull)

    def on(self, do: Callable[[Repository], object]) -> object:
        """Do something on the repository, with a client of its own."""
        with self.app.repository(self.installation, LIST, self.number) as opened:
            return do(opened)

    def redeliver(self) -> int:
        """Ask for failed deliveries."""
        with self.app.as_app() as requester:
            return redeliver_failed(requester, datetime.now(UTC), timedelta(seconds=1))


CALLS: dict[str, Do] = {
    "pull_request": lambda case: case.on(lambda it: pull_request(it, case.pull.number)),
    "files": lambda case: case.on(
        lambda it: [
            list_files(it, "README.md", span := pull_request(it, case.pull.number)),
            policy_text(it, span),
            companion_files(it, "list.bib", span),
            similar_path(it, "readme.md", span.head_sha),
        ]
    ),
    "commits": lambda case: case.on(
        lambda it: [pulls_of_head(it, case.pull.head_sha), pulls_into(it, "master"), open_pulls(it)]
    ),
    "comments": lambda case: case.on(
        lambda it: [
            read_comment(it, case.pull.number, "comment", case.comment.id),
            reply_once(it, case.pull.number, str(case.comment.id), "Yes.", bot_id=case.identity.bot_id),
            publish_comment(it, case.pull.number, Comment(f"{MARKER}\nhello", speaks=True), case.identity),
        ]
    ),
    "check": lambda case: case.on(
        lambda it: publish_check(it, case.pull.number, case.pull.head_sha, not_configured(), case.identity)
    ),
    "suggestions": lambda case: case.on(
        lambda it: publish_suggestions(
            it,
            case.pull.number,
            pull_request(it, case.pull.number),
            "README.md",
            [Suggestion(4, 4, "```suggestion\n- two.\n```", "0" * 16)],
            case.identity,
        )
    ),
    "role": lambda case: case.on(lambda it: role_of(it, "curator", 5)),
    "merge_group": lambda case: case.on(
        lambda it: merge_group(it, case.group.head_sha, case.group.base_sha, case.group.head_ref)
    ),
    "app": lambda case: [
        case.app.installations(),
        case.app.repositories(case.installation),
        App(case.sandbox.app.id, case.sandbox.app.private_key, api_url=case.sandbox.url).identity(
            case.installation
        ),
        case.redeliver(),
    ],
}


class Recorder(Contract):
    """A contract that remembers the first answer to each request."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: dict[tuple[str, str], tuple[int, Any]] = {}

    def check_answer(self, request: Request, response: Response) -> None:
        """Remember the answer, then check it."""
        super().check_answer(request, response)
        if response.get_data():
            answer = (response.status_code, json.loads(response.get_data()))
            self.answers.setdefault((request.method, request.path), answer)


@pytest.mark.parametrize("name", CALLS)
def test_nullable_fields_of_an_answer_may_be_null(name: str) -> None:
    """One field after the other is null in the answers to each of the requests that the call makes."""
    call, recorder = CALLS[name], Recorder()
    with Sandbox(contract=recorder) as sandbox:
        sandbox.create_repository(LIST, {"README.md": README, "list.bib": "", ".github/papergate.yml": ""})
        case = Case(sandbox)
        _carefully(call, case)
        recorder.answers.clear()  # the second time there is something to read
        _carefully(call, case)
        tried = 0
        for (method, path), place in _places(recorder):
            fault = sandbox.faults.add(method, f"^{path}$", edit=partial(_without, place), times=None)
            _carefully(call, case)
            sandbox.faults.remove(fault)
            tried += 1
        assert recorder.take() == []
    assert tried


def _places(recorder: Recorder) -> list[tuple[tuple[str, str], tuple[str | int, ...]]]:
    """Return the requests with each place of their answers that may be null."""
    components = rest_description()["components"]["schemas"]
    found = []
    for (method, path), (status, body) in recorder.answers.items():
        operation = find_operation(method, path)
        assert operation is not None
        described = operation.described["responses"].get(str(status), {})
        schema = described.get("content", {}).get("application/json", {}).get("schema")
        if schema:
            found += [((method, path), place) for place in nullable(schema, components, body)]
    return found


def _carefully(call: Do, case: Case) -> None:
    """Make a call, which may end with one of the errors it documents."""
    try:
        call(case)
    except GitHubError:
        return


def _without(place: tuple[str | int, ...], body: Any) -> Any:
    """Return the body with null at this place, unchanged if it has no such place."""
    inner = body
    for step in place:
        try:
            inner = inner[step]
        except (KeyError, IndexError, TypeError):
            return body
    return with_null(body, place)
