"""Deliveries of the App's webhook."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from tests.sandbox.representations.accounts import stamp

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.sandbox.model import Json
    from tests.sandbox.webhooks import Delivery

# Nobody answered: what the description's example shows, and the same for a timeout.
UNREACHED = {"ReadTimeout": ("timed out", 504), "ConnectTimeout": ("timed out", 504)}


def delivery_item(item: Delivery) -> Json:
    """Return a delivery as `hook-delivery-item`."""
    status, code = UNREACHED.get(item.error or "", ("failed to connect", 502))
    if item.status is not None:
        status, code = ("OK" if item.succeeded else f"Invalid HTTP Response: {item.status}"), item.status
    return {
        "id": item.id,
        "guid": item.guid,
        "delivered_at": stamp(item.delivered_at),
        "redelivery": item.redelivery,
        "duration": round(item.duration, 2),
        "status": status,
        "status_code": code,
        "event": item.event,
        "action": item.action,
        "installation_id": _id(item.payload, "installation"),
        "repository_id": _id(item.payload, "repository"),
        "throttled_at": None,
    }


def _id(payload: Json, name: str) -> int | None:
    found = payload.get(name)
    return cast("Mapping[str, int]", found)["id"] if isinstance(found, dict) else None


def delivery(item: Delivery) -> Json:
    """Return a delivery as `hook-delivery`, with what was sent and what was answered."""
    answer: Json = {"headers": item.answer_headers, "payload": item.answer}
    sent: Json = {"headers": dict(item.headers), "payload": item.payload}
    return delivery_item(item) | {"url": item.url, "request": sent, "response": answer}
