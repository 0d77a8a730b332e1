"""What the stand-ins of bibliographic services have in common: an answer that says it is one of theirs."""

from __future__ import annotations

import json

from werkzeug.wrappers import Response


def reply(name: str, status: int, body: object) -> Response:
    """Return a JSON answer, labelled as that of a stand-in."""
    return labelled(name, status, json.dumps(body), "application/json")


def labelled(name: str, status: int, body: str, content_type: str) -> Response:
    """Return an answer, labelled as that of a stand-in."""
    response = Response(body, status, content_type=content_type)
    response.headers["X-Sandbox"] = name
    return response
