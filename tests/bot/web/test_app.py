"""The webhook and the health pages, on a real database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.database.engine import open_database
from bot.web.app import create_app
from bot.web.receiver import MAX_BODY
from tests.bot.web import payloads
from tests.bot.web.delivering import counts, deliver, sign
from tests.bot.web.payloads import Payload

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy import Engine

    from bot.settings import Settings


@pytest.mark.parametrize(
    "payload", [payloads.pull_request(), payloads.check_run(), payloads.check_suite(), payloads.comment()]
)
def test_work_is_durable_before_the_answer(app: Flask, database: Engine, payload: Payload) -> None:
    """A used event is answered 202 with its delivery and its job in the database."""
    response = deliver(app, payload)
    assert (response.status_code, response.json) == (202, {"status": "accepted"})
    assert counts(database) == (1, 1)


def test_either_secret_is_valid(app: Flask) -> None:
    """A delivery signed with the secret that is being replaced is accepted."""
    payload = payloads.pull_request()
    response = deliver(app, payload, headers={"X-Hub-Signature-256": sign(payload.body, "an-older-secret")})
    assert response.status_code == 202


@pytest.mark.parametrize("signature", [None, "sha256=" + "0" * 64, "sha1=" + "0" * 40])
def test_unsigned_and_wrongly_signed_deliveries_are_refused(
    app: Flask, database: Engine, signature: str | None
) -> None:
    """401, and nothing is stored."""
    response = deliver(app, payloads.pull_request(), headers={"X-Hub-Signature-256": signature})
    assert response.status_code == 401
    assert counts(database) == (0, 0)


def test_the_greatest_body_is_read_and_a_byte_more_is_not_taken(app: Flask) -> None:
    """The limit is GitHub's own, to the byte."""
    assert deliver(app, payloads.pull_request(), body=bytes(MAX_BODY)).status_code == 400
    assert deliver(app, payloads.pull_request(), body=bytes(MAX_BODY + 1)).status_code == 413


@pytest.mark.parametrize(
    "headers",
    [
        {"X-GitHub-Delivery": None},
        {"X-GitHub-Delivery": "1"},
        {"X-GitHub-Delivery": "x" * 36},
        {"X-GitHub-Event": None},
        {"X-GitHub-Event": "No Event!"},
        {"Content-Type": None},
        {"Content-Type": "application/x-www-form-urlencoded"},
    ],
)
def test_signed_deliveries_without_githubs_headers_are_refused(
    app: Flask, database: Engine, headers: dict[str, str | None]
) -> None:
    """400, and nothing is stored."""
    assert deliver(app, payloads.pull_request(), headers=headers).status_code == 400
    assert counts(database) == (0, 0)


def test_a_form_delivery_is_told_how_to_be_right(app: Flask) -> None:
    """GitHub can send forms; the answer, which its delivery log shows, says what to set."""
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = deliver(app, payloads.pull_request(), headers=form).get_data(as_text=True)
    assert "set the webhook's content type to application/json" in answer


@pytest.mark.parametrize("body", [b"", b"not json", b"[]", b'{"action": "opened"}'])
def test_bodies_of_another_shape_are_refused(app: Flask, database: Engine, body: bytes) -> None:
    """400 for what is not JSON or not a pull request's event, though signed."""
    assert deliver(app, payloads.pull_request(), body=body).status_code == 400
    assert counts(database) == (0, 0)


def test_a_repeated_delivery_does_nothing_more(app: Flask, database: Engine) -> None:
    """GitHub redelivers with the same GUID: 202, one job."""
    guid = str(uuid4())
    assert deliver(app, payloads.pull_request(), guid=guid).json == {"status": "accepted"}
    repeated = deliver(app, payloads.pull_request(), guid=guid.upper())
    assert (repeated.status_code, repeated.json) == (202, {"status": "repeated"})
    assert counts(database) == (1, 1)


def test_a_delivery_sent_again_by_hand_is_done_again(app: Flask, database: Engine) -> None:
    """Evaluations read what is true now; commands run once, however often they are delivered."""
    for payload, jobs in ((payloads.pull_request(), 2), (payloads.comment(), 3)):
        guid = str(uuid4())
        assert deliver(app, payload, guid=guid).json == {"status": "accepted"}
        with database.begin() as connection:
            connection.execute(text("UPDATE delivery SET received_at = now() - interval '1 minute'"))
        assert deliver(app, payload, guid=guid).json == {"status": "repeated"}
        assert counts(database)[1] == jobs


def test_deliveries_repeated_at_once_enqueue_one_job(app: Flask, database: Engine) -> None:
    """Of four equal deliveries that race, one is accepted."""
    guid = str(uuid4())
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: deliver(app, payloads.pull_request(), guid=guid).json, range(4)))
    assert sorted(answer["status"] for answer in answers if answer) == ["accepted", *["repeated"] * 3]
    assert counts(database) == (1, 1)


@pytest.mark.parametrize(
    "payload",
    [
        payloads.pull_request("labeled"),
        payloads.comment("thanks"),
        Payload("ping", {"zen": "x"}),
        Payload("star", {}),
    ],
)
def test_what_is_not_used_is_acknowledged(app: Flask, database: Engine, payload: Payload) -> None:
    """202 without a job, so that GitHub's delivery log stays green."""
    response = deliver(app, payload)
    assert (response.status_code, response.json) == (202, {"status": "ignored"})
    assert counts(database) == (0, 0)


def test_a_delivery_whose_job_cannot_be_enqueued_is_not_remembered(app: Flask, database: Engine) -> None:
    """Delivery and job stand or fall together: after a failure the redelivery works."""
    with database.begin() as connection:
        connection.execute(text("ALTER FUNCTION procrastinate_defer_jobs_v1 RENAME TO gone"))
    guid = str(uuid4())
    assert deliver(app, payloads.pull_request(), guid=guid).status_code == 503
    assert counts(database) == (0, 0)
    with database.begin() as connection:
        connection.execute(text("ALTER FUNCTION gone RENAME TO procrastinate_defer_jobs_v1"))
    assert deliver(app, payloads.pull_request(), guid=guid).json == {"status": "accepted"}
    assert counts(database) == (1, 1)


def test_a_current_database_is_ready(app: Flask) -> None:
    """The process lives, and can do its work."""
    client = app.test_client()
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 200


def test_a_database_without_tables_is_not_ready(settings: Settings, empty_database_url: SecretStr) -> None:
    """The process lives, but says that the database must be migrated."""
    engine = open_database(empty_database_url)
    client = create_app(settings, engine).test_client()
    assert client.get("/healthz").status_code == 200
    response = client.get("/readyz")
    engine.dispose()
    assert response.status_code == 503
    assert "migrate" in response.get_data(as_text=True)


def test_without_a_database_the_answer_is_503(settings: Settings) -> None:
    """An unreachable database makes deliveries fail, to be redelivered; the process lives on."""
    app = create_app(settings, open_database(SecretStr("postgresql://postgres@127.0.0.1:1/none")))
    assert app.test_client().get("/healthz").status_code == 200
    assert app.test_client().get("/readyz").status_code == 503
    assert deliver(app, payloads.pull_request()).status_code == 503


def test_a_database_that_is_not_migrated_is_503(settings: Settings, empty_database_url: SecretStr) -> None:
    """GitHub delivers again; the answer and the log say what to do, without a traceback."""
    empty = open_database(empty_database_url)
    response = deliver(create_app(settings, empty), payloads.pull_request())
    empty.dispose()
    assert response.status_code == 503
    assert "papergate migrate" in response.get_data(as_text=True)


def test_errors_of_the_database_hide_what_was_stored(database: Engine) -> None:
    """Titles and reasons of private lists stay out of the log."""
    with database.connect() as connection, pytest.raises(DBAPIError) as caught:
        connection.execute(text("SELECT CAST(:secret AS text) / 0"), {"secret": "a private title"})
    assert "a private title" not in str(caught.value)
