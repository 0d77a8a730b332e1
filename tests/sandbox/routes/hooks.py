"""What became of the App's webhook deliveries, and sending one again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tests.sandbox.http import Answer, RefusalError, Route, not_found
from tests.sandbox.representations import hooks

if TYPE_CHECKING:
    from tests.sandbox.http import Call
    from tests.sandbox.webhooks import Delivery, Webhooks

# "Redelivering webhooks": deliveries from the past 3 days.
KEPT = timedelta(days=3)
CURSOR = "v1_"


def _webhooks(call: Call) -> Webhooks:
    if call.state.webhooks is None:
        raise not_found()
    return call.state.webhooks


def _kept(call: Call) -> list[Delivery]:
    oldest = call.state.now() - KEPT
    return [item for item in _webhooks(call).deliveries if item.delivered_at >= oldest]


def _delivery(call: Call, number: int) -> Delivery:
    found = next((item for item in _kept(call) if item.id == number), None)
    if found is None:
        raise not_found()
    return found


def list_deliveries(call: Call) -> Answer:
    """GET /app/hook/deliveries, newest first; the Link header leads on by a cursor, not by page numbers."""
    asked = call.request.args
    size, cursor = min(max(asked.get("per_page", 30, int), 1), 100), asked.get("cursor", "")
    if cursor and not cursor.removeprefix(CURSOR).isdigit():
        raise RefusalError(422, "Invalid cursor")
    before = int(cursor.removeprefix(CURSOR)) if cursor else None
    wanted = asked.get("status")
    found = [
        item
        for item in reversed(_kept(call))
        if (before is None or item.id < before) and wanted in {None, item.outcome}
    ]
    shown, url = found[:size], f"{call.state.url}{call.request.path}"
    kept = "".join(f"&{name}={asked[name]}" for name in ("per_page", "status") if name in asked)
    more = {"Link": f'<{url}?cursor={CURSOR}{shown[-1].id}{kept}>; rel="next"'} if found[size:] else {}
    return Answer(200, [hooks.delivery_item(item) for item in shown], more)


def get_delivery(call: Call, number: int) -> Answer:
    """GET /app/hook/deliveries/{delivery_id}."""
    return Answer(200, hooks.delivery(_delivery(call, number)))


def redeliver(call: Call, number: int) -> Answer:
    """POST /app/hook/deliveries/{delivery_id}/attempts: sent again soon, under the same GUID."""
    _webhooks(call).redeliver_later(_delivery(call, number))
    return Answer(202, {})


HOOK = "/app/hook/deliveries"
ROUTES = (
    Route("GET", HOOK, list_deliveries, as_app=True),
    Route("GET", f"{HOOK}/<int:number>", get_delivery, as_app=True),
    Route("POST", f"{HOOK}/<int:number>/attempts", redeliver, as_app=True),
)
