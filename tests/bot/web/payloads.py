"""Webhook payloads, cut down to what matters here."""

from __future__ import annotations

import json
from dataclasses import dataclass

COMMENT_URL = "https://github.com/terryum/awesome-papers/pull/12#issuecomment-99"
HEAD = "6dcb09b5b57875f334f61aebed695e2e4193db5e"
BASE = "c3d0be41ecbe669545ee3e94d31ed9a4bc91ee3c"
QUEUE_BRANCH = f"refs/heads/gh-readonly-queue/main/pr-12-{BASE}"


@dataclass(frozen=True)
class Payload:
    """An event and its body's fields."""

    event: str
    fields: dict[str, object]

    @property
    def body(self) -> bytes:
        return json.dumps(self.fields).encode()


def _payload(event: str, action: str, **fields: object) -> Payload:
    common: dict[str, object] = {
        "action": action,
        "installation": {"id": 7, "node_id": "MDIz"},
        "repository": {"id": 1, "full_name": "terryum/awesome-papers", "private": False},
        "sender": {"id": 21, "login": "octocat", "type": "User"},
    }
    return Payload(event, {**common, **fields})


def pull_request(action: str = "opened", number: int = 12) -> Payload:
    pull = {"number": number, "draft": False, "updated_at": "2026-01-02T03:04:05Z", "head": {"sha": HEAD}}
    return _payload("pull_request", action, number=number, pull_request=pull)


def merge_group(action: str = "checks_requested") -> Payload:
    group = {"head_sha": HEAD, "base_sha": BASE, "base_ref": "refs/heads/main", "head_ref": QUEUE_BRANCH}
    return _payload("merge_group", action, merge_group=group)


def push(
    ref: str = "refs/heads/main", *, before: str = BASE, after: str = HEAD, deleted: bool = False
) -> Payload:
    fields = _payload("push", "", ref=ref, before=before, after=after, deleted=deleted).fields
    return Payload("push", {name: value for name, value in fields.items() if name != "action"})


def check_run(action: str = "rerequested") -> Payload:
    return _payload("check_run", action, check_run={"id": 3, "head_sha": HEAD, "pull_requests": []})


def press(button: str = "fix", *, kind: str = "User") -> Payload:
    return _payload(
        "check_run",
        "requested_action",
        check_run={"id": 3, "head_sha": HEAD, "pull_requests": []},
        requested_action={"identifier": button},
        sender={"login": "meg", "id": 5, "type": kind},
    )


def check_suite(action: str = "rerequested") -> Payload:
    return _payload("check_suite", action, check_suite={"id": 4, "head_sha": HEAD, "pull_requests": []})


IDS = {"octocat": 21, "meg": 5, "ann": 6}


def _user(login: str, kind: str = "User") -> dict[str, object]:
    return {"id": IDS.get(login, 99), "login": login, "type": kind}


def comment(
    body: str = "/recheck",
    *,
    action: str = "created",
    on_pull: bool = True,
    kind: str = "User",
    before: str = "",
    editor: str = "octocat",
    author: str | None = "octocat",
    opener: str | None = "ann",
    association: str = "NONE",
) -> Payload:
    issue: dict[str, object] = {"number": 12, "user": None if opener is None else _user(opener)}
    if on_pull:
        issue["pull_request"] = {"url": "https://api.github.com/repos/terryum/awesome-papers/pulls/12"}
    comment = {
        "id": 99,
        "body": body,
        "user": None if author is None else _user(author, kind),
        "html_url": COMMENT_URL,
        "created_at": "2026-01-02T03:04:05Z",
        "author_association": association,
    }
    more: dict[str, object] = {}
    if action == "edited":
        more = {"changes": {"body": {"from": before}}, "sender": _user(editor)}
    return _payload("issue_comment", action, issue=issue, comment=comment, **more)


def review(
    body: str | None = "/recheck", *, action: str = "submitted", author: str | None = "meg"
) -> Payload:
    fields = {
        "id": 98,
        "body": body,
        "submitted_at": "2026-01-02T03:04:05Z",
        "author_association": "MEMBER",
        "user": None if author is None else _user(author),
    }
    pull = {"number": 12, "user": _user("ann")}
    return _payload("pull_request_review", action, review=fields, pull_request=pull)


def installation(action: str, event: str = "installation", **more: object) -> Payload:
    return Payload(event, {"action": action, "installation": {"id": 7}, **more})
