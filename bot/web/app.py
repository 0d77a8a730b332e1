"""The Flask application: ``/webhook``, ``/healthz``, ``/readyz``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import structlog
from flask import Flask, Response, jsonify, request
from procrastinate.exceptions import ConnectorException
from psycopg.errors import UndefinedColumn, UndefinedFunction, UndefinedObject, UndefinedTable
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import (
    BadRequest,
    HTTPException,
    RequestEntityTooLarge,
    ServiceUnavailable,
    Unauthorized,
)

from bot.database.schema import is_current
from bot.jobs.deliveries import Delivery, accept
from bot.web.events import PayloadError, read
from bot.web.receiver import MAX_BODY
from bot.web.signature import is_signed

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bot.settings import Settings
    from bot.web.events import Read

log = structlog.stdlib.get_logger(__name__)

_MIGRATE = "the database's schema is not this version's: run papergate migrate"
_NOT_MIGRATED = (UndefinedTable, UndefinedColumn, UndefinedFunction, UndefinedObject)

_GUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_EVENT = re.compile(r"[a-z0-9_]{1,64}")


def create_app(settings: Settings, database: Engine) -> Flask:
    """Return the application; it opens no connection before its first request."""
    app = Flask("papergate", static_folder=None)
    # Werkzeug refuses a greater announced length, but cuts a chunked body off at the limit without a word:
    # the byte beyond tells.
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY + 1
    secrets = tuple(secret.get_secret_value() for secret in settings.webhook_secret)

    @app.post("/webhook")
    def webhook() -> tuple[Response, int]:
        body = request.get_data(cache=False)
        if len(body) > MAX_BODY:
            raise RequestEntityTooLarge
        if not is_signed(body, request.headers.get("X-Hub-Signature-256"), secrets):
            raise Unauthorized("the signature is missing or wrong")
        delivery, found = _read_delivery(body)
        with structlog.contextvars.bound_contextvars(delivery=delivery.guid, event_name=delivery.event):
            if found.work is None:
                status = "ignored"
            else:
                new = accept(database, delivery, found.work, found.repository)
                status = "accepted" if new else "repeated"
            log.info("delivery", status=status, action=delivery.action, work=repr(found.work))
        return jsonify(status=status), 202

    @app.get("/healthz")
    def healthz() -> Response:
        return jsonify(status="alive")

    @app.get("/readyz")
    def readyz() -> Response:
        if not is_current(database):
            raise ServiceUnavailable(_MIGRATE)
        return jsonify(status="ready")

    app.register_error_handler(HTTPException, _refuse)
    app.register_error_handler(OperationalError, _without_database)
    app.register_error_handler(PoolTimeoutError, _without_database)
    app.register_error_handler(ConnectorException, _without_database)
    app.register_error_handler(ProgrammingError, _without_schema)
    return app


def _read_delivery(body: bytes) -> tuple[Delivery, Read]:
    guid = request.headers.get("X-GitHub-Delivery", "")
    if not _GUID.fullmatch(guid):
        raise BadRequest("X-GitHub-Delivery must be a GUID")
    event = request.headers.get("X-GitHub-Event", "")
    if not _EVENT.fullmatch(event):
        raise BadRequest("X-GitHub-Event must name an event")
    if request.mimetype != "application/json":
        raise BadRequest("set the webhook's content type to application/json in the App's settings")
    try:
        payload = read(event, body)
    except PayloadError as error:
        raise BadRequest(str(error)) from None
    return Delivery(guid.lower(), event, payload.action), payload


def _refuse(error: HTTPException) -> tuple[Response, int]:
    code = error.code or 500
    log.warning("request refused", path=request.path, status=code, reason=error.description)
    return jsonify(error=error.description), code


def _without_schema(error: ProgrammingError) -> tuple[Response, int]:
    if not isinstance(error.orig, _NOT_MIGRATED):
        raise error
    log.error("database not migrated", path=request.path)
    return jsonify(error=_MIGRATE), 503


def _without_database(error: Exception) -> tuple[Response, int]:
    log.error("database unavailable", path=request.path, reason=type(error).__name__)
    return jsonify(error="the database does not answer"), 503
