"""Webhook deliveries as GitHub makes them: signed, numbered, given ten seconds, kept for redelivery."""

from __future__ import annotations

import hashlib
import hmac
import json
import queue
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

import requests

from tests.sandbox.app import ALWAYS_SENT
from tests.sandbox.state import EPOCH

if TYPE_CHECKING:
    from datetime import datetime

    from tests.sandbox.model import Json
    from tests.sandbox.state import State

# "Handling webhook deliveries": the receiver answers within 10 seconds.
TIMEOUT_SECONDS = 10.0
HOOK_ID = 515_151


@dataclass(frozen=True)
class Delivery:
    """One attempt; `status` is None when nobody answered, and `error` then says why.

    `duration` is in seconds; `headers` are those sent, `answer_headers` and `answer` what came back.
    """

    id: int
    guid: str
    event: str
    action: str | None
    payload: Json
    status: int | None
    error: str | None = None
    redelivery: bool = False
    delivered_at: datetime = EPOCH
    duration: float = 0.0
    url: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    answer_headers: Mapping[str, str] | None = None
    answer: str | None = None

    @property
    def succeeded(self) -> bool:
        """Say whether the receiver took it: by any status from 200 to 399, as REST's filter has it."""
        return self.status is not None and 200 <= self.status < 400

    @property
    def outcome(self) -> str:
        """Return `success` or `failure`."""
        return "success" if self.succeeded else "failure"


def sign(secret: str, body: bytes) -> str:
    """Return the `X-Hub-Signature-256` header of a body."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


class Webhooks:
    """The App's webhook: where it goes, and what was delivered.

    `url` None (the start) sends nothing. `on_payload` sees each payload before it goes out.
    """

    def __init__(self, state: State, on_payload: Callable[[str, Json], None]) -> None:
        self.url: str | None = None
        self._state = state
        state.webhooks = self
        self._on_payload = on_payload
        self._lock = threading.Lock()
        self._deliveries: list[Delivery] = []
        self._queue: queue.Queue[Callable[[], object] | None] = queue.Queue()
        self._worker = threading.Thread(target=self._deliver_queued, name="sandbox-webhooks", daemon=True)
        self._worker.start()

    @property
    def deliveries(self) -> list[Delivery]:
        """Return all attempts so far, the first one first."""
        with self._lock:
            return list(self._deliveries)

    def send(self, event: str, payload: Json) -> Delivery | None:
        """Deliver an event the App is subscribed to and return the attempt; None if it goes nowhere."""
        if self.url is None or not self._subscribed(event):
            return None
        return self.deliver(event, payload)

    def send_later(self, event: str, payload: Json) -> None:
        """Deliver an event from another thread, so that its cause does not wait."""
        if self.url is not None and self._subscribed(event):
            self._queue.put(partial(self.deliver, event, payload))

    def settle(self) -> None:
        """Wait until everything queued has been delivered."""
        self._queue.join()

    def deliver(self, event: str, payload: Json, *, guid: str | None = None) -> Delivery:
        """Post a payload, signed, and return the attempt."""
        self._on_payload(event, payload)
        return self._attempt(event, payload, guid or str(uuid.uuid4()), redelivery=guid is not None)

    def redeliver(self, delivery: Delivery) -> Delivery:
        """Post a delivery again under the same GUID, as the button on GitHub does."""
        return self._attempt(delivery.event, delivery.payload, delivery.guid, redelivery=True)

    def redeliver_later(self, delivery: Delivery) -> None:
        """Post a delivery again under the same GUID from another thread, as the API does."""
        if self.url is not None:
            self._queue.put(partial(self.redeliver, delivery))

    def post(
        self,
        body: bytes,
        *,
        event: str = "ping",
        signature: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """Post raw bytes with GitHub's headers; `signature` None leaves it unsigned, `headers` overrule.

        Raises:
            requests.RequestException: nobody answered.
        """
        signed = {"X-Hub-Signature-256": signature} if signature else {}
        shown = self._headers(event, str(uuid.uuid4())) | signed | dict(headers or {})
        return _post(self._target(), body, shown)

    def close(self) -> None:
        """End the thread that delivers what was queued."""
        self._queue.put(None)
        self._worker.join(TIMEOUT_SECONDS)

    def _subscribed(self, event: str) -> bool:
        return event in ALWAYS_SENT or event in self._state.app.events

    def _deliver_queued(self) -> None:
        while (item := self._queue.get()) is not None:
            item()
            self._queue.task_done()

    def _attempt(self, event: str, payload: Json, guid: str, *, redelivery: bool) -> Delivery:
        body = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
        headers = self._headers(event, guid) | {
            "X-Hub-Signature-256": sign(self._state.app.webhook_secret, body)
        }
        action = payload.get("action")
        made = Delivery(0, guid, event, str(action) if action else None, payload, None, None, redelivery)
        made = replace(made, delivered_at=self._state.now(), url=self._target(), headers=headers)
        started = time.monotonic()
        try:
            answer = _post(made.url, body, headers)
            made = replace(made, status=answer.status_code)
            made = replace(made, answer_headers=dict(answer.headers), answer=answer.text)
        except requests.RequestException as error:
            made = replace(made, error=type(error).__name__)
        made = replace(made, duration=time.monotonic() - started)
        with self._lock:
            made = replace(made, id=len(self._deliveries) + 1)
            self._deliveries.append(made)
        return made

    def _target(self) -> str:
        if self.url is None:
            raise ValueError("set Sandbox.webhooks.url to the address of the App's webhook first")
        return self.url

    def _headers(self, event: str, guid: str) -> dict[str, str]:
        return {
            "Accept": "*/*",
            "Content-Type": "application/json",
            "User-Agent": "GitHub-Hookshot/5a4d3b1",
            "X-GitHub-Delivery": guid,
            "X-GitHub-Event": event,
            "X-GitHub-Hook-ID": str(HOOK_ID),
            "X-GitHub-Hook-Installation-Target-ID": str(self._state.app.id),
            "X-GitHub-Hook-Installation-Target-Type": "integration",
        }


def _post(url: str, body: bytes, headers: Mapping[str, str]) -> requests.Response:
    with requests.Session() as session:
        session.trust_env = False
        return session.post(url, data=body, headers=headers, timeout=TIMEOUT_SECONDS)
