"""Every field of a payload that GitHub lets be null may be null."""

from __future__ import annotations

import json

import pytest

from bot.web.events import PayloadError, read
from tests.sandbox.nulls import nullable, with_null
from tests.sandbox.openapi import example_events, example_payloads, webhook_description


def _schema(event: str, action: str | None) -> dict[str, object] | None:
    name = event.replace("_", "-") + (f"-{action.replace('_', '-')}" if action else "")
    described = webhook_description()["webhooks"].get(name)
    if described is None:
        return None
    schema: dict[str, object] = described["post"]["requestBody"]["content"]["application/json"]["schema"]
    return schema


@pytest.mark.parametrize("event", example_events())
def test_nullable_fields_of_a_payload_may_be_null(event: str) -> None:
    """No recorded payload is refused because of a null that GitHub's description allows."""
    components = webhook_description()["components"]["schemas"]
    refused = []
    for payload in example_payloads(event):
        schema = _schema(event, payload.get("action"))
        for path in nullable(schema, components, payload) if schema else ():
            try:
                read(event, json.dumps(with_null(payload, path)).encode())
            except PayloadError as error:
                refused.append((payload.get("action"), path, str(error)))
    assert refused == []
