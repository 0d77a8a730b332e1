"""Delivering payloads to the application as GitHub does, and what became of them."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING
from uuid import uuid4

from sqlalchemy import text

from tests.bot.conftest import WEBHOOK_SECRET

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Flask
    from sqlalchemy import Engine
    from werkzeug.test import TestResponse

    from tests.bot.web.payloads import Payload


def sign(body: bytes, secret: str = WEBHOOK_SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def deliver(
    app: Flask,
    payload: Payload,
    *,
    guid: str | None = None,
    body: bytes | None = None,
    headers: Mapping[str, str | None] | None = None,
) -> TestResponse:
    """Deliver a payload as GitHub does; ``headers`` replaces some of GitHub's, ``None`` leaves one out."""
    body = payload.body if body is None else body
    given: dict[str, str | None] = {
        "Content-Type": "application/json",
        "X-GitHub-Delivery": guid or str(uuid4()),
        "X-GitHub-Event": payload.event,
        "X-Hub-Signature-256": sign(body),
        **(headers or {}),
    }
    return app.test_client().post(
        "/webhook", data=body, headers={name: value for name, value in given.items() if value is not None}
    )


def counts(database: Engine) -> tuple[int, int]:
    """Return the numbers of deliveries stored and of jobs enqueued."""
    with database.connect() as connection:
        deliveries = connection.execute(text("SELECT count(*) FROM delivery")).scalar_one()
        jobs = connection.execute(text("SELECT count(*) FROM procrastinate_jobs")).scalar_one()
    return deliveries, jobs
