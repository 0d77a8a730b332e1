"""Payloads that GitHub really sent, as octokit collected them, at the webhook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.bot.web.delivering import counts, deliver
from tests.bot.web.payloads import Payload
from tests.sandbox.openapi import example_events, example_payloads

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy import Engine


def test_every_recorded_payload_is_accepted(app: Flask) -> None:
    """All events of GitHub's, used or not, whatever their action, are answered 202."""
    payloads = [Payload(event, fields) for event in example_events() for fields in example_payloads(event)]
    refused = [
        (payload.event, answer.status_code, answer.get_data(as_text=True))
        for payload in payloads
        if (answer := deliver(app, payload)).status_code != 202
    ]
    assert refused == []
    assert len(payloads) >= 329


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
