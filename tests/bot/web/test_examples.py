"""Payloads that GitHub really sent, as octokit collected them, at the webhook."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.bot.web.delivering import counts, deliver
from tests.bot.web.payloads import Payload
from tests.sandbox.openapi import example_payloads

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy import Engine


@pytest.mark.parametrize(
    "event", ["ping", "pull_request", "check_run", "check_suite", "issue_comment", "merge_group", "push"]
)
def test_recorded_payloads_are_accepted(app: Flask, event: str) -> None:
    """Whatever their action, and whether an App received them or not, all are answered 202."""
    payloads = [Payload(event, fields) for fields in example_payloads(event)]
    assert payloads
    assert Counter(deliver(app, payload).status_code for payload in payloads) == {202: len(payloads)}


def test_recorded_payloads_to_an_app_become_jobs(app: Flask, database: Engine) -> None:
    """Those of used actions ask for work once they come from an installation."""
    installation = {"installation": {"id": 7}}
    for event, action in (
        ("pull_request", "opened"),
        ("check_run", "rerequested"),
        ("check_suite", "rerequested"),
        ("merge_group", "checks_requested"),
    ):
        for fields in example_payloads(event):
            if fields["action"] == action:
                answer = deliver(app, Payload(event, {**fields, **installation})).json
                assert answer == {"status": "accepted"}
    deliveries, jobs = counts(database)
    assert deliveries == jobs >= 3
